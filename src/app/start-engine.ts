import type { OnProgress } from '../base/progress.ts';
import { returnMemory } from '../base/return-memory.ts';
import { say } from '../base/say.ts';
import type { StartProgress } from '../classifiers/model-api/model-watch.ts';
import { ClassifierError } from '../errors.ts';
import type { BuiltEngine, EngineChoice } from './build-engine.ts';
import type { Teacher } from './teacher.ts';

/** Closing waits this long for a start that is under way; what it has opened is closed whenever it ends. */
const CLOSE_WITHIN_MS = 1_000;

/** An engine that may still be training. Until it is ready, it classifies nothing. */
export type StartingEngine = BuiltEngine & {
  /** Rejects with the error of a start that failed. */
  readonly ready: Promise<void>;
  /** Brings the engine up to date with the stored examples. */
  readonly catchUp: () => Promise<void>;
};

export type Start = (options: {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}) => Promise<{ readonly built: BuiltEngine; readonly teacher: Teacher }>;

/**
 * Starts an engine in the background. `teach`, `forget`, `dropTraces` and `catchUp` wait until it is ready; `classify`
 * rejects with a ClassifierError that says how far it is, so that nobody's request waits for a training.
 */
export function startEngine(options: {
  engine: EngineChoice;
  start: Start;
  onProgress?: OnProgress | undefined;
  now?: () => Date;
}): StartingEngine {
  const { engine, start, onProgress, now = () => new Date() } = options;
  const since = now().toISOString();
  const closing = new AbortController();
  let step = 'it is being loaded';
  let starting: StartProgress = { done: 0, total: null };
  let current: Awaited<ReturnType<Start>> | null = null;
  const started = start({
    signal: closing.signal,
    onProgress(progress) {
      starting = { done: progress.done, total: progress.total };
      step = progress.total === null ? progress.step : `${progress.step}, ${progress.done} of ${progress.total}`;
      onProgress?.(progress);
    },
  }).then((begun) => {
    current = begun;
    // The start made tens of megabytes of garbage, which V8 would keep as long as there is little to do.
    setImmediate(returnMemory);
    return begun;
  });
  const ready = started.then(() => undefined);
  ready.catch(() => undefined); // Reported where it is awaited.
  const why = () => `The engine is still starting (${step}). Tickets are accepted, and decided as soon as it is ready.`;
  const closeBoth = ({ built, teacher }: Awaited<ReturnType<Start>>) => teacher.close().finally(() => built.close());
  return {
    engine,
    ready,
    classifier: {
      id: engine.kind,
      async classify(request) {
        if (current !== null) return current.built.classifier.classify(request);
        throw new ClassifierError({ classifier: engine.kind, retryable: true, unavailable: true, message: why() });
      },
    },
    // A classifier of one's own is known to have none before it is started.
    requests:
      engine.kind === 'http'
        ? null
        : async () => {
            const requests = current?.built.requests ?? null;
            if (requests !== null) return requests();
            throw new ClassifierError({ classifier: engine.kind, retryable: true, unavailable: true, message: why() });
          },
    teach: async (examples) => (await started).built.teach(examples),
    forget: async (ids) => (await started).built.forget(ids),
    dropTraces: async () => (await started).built.dropTraces(),
    catchUp: async () => (await started).teacher.catchUp(),
    degradations: () =>
      current?.built.degradations() ?? [
        { part: 'engine', why: why(), whyFacts: say('health.starting', '').facts, since, starting },
      ],
    async close() {
      closing.abort();
      const closed = started.then(closeBoth, () => undefined);
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, CLOSE_WITHIN_MS);
      await Promise.race([closed, late]).finally(() => clearTimeout(timer));
    },
  };
}
