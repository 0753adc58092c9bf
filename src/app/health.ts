import type { Degradation } from '../classifiers/model-api/model-watch.ts';
import type { RefusedCount } from '../pipeline/receive/count-refused.ts';
import type { Queue } from '../queue/queue.ts';
import type { ExampleSource, Store } from '../store/store.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { EngineChoice } from './build-engine.ts';
import type { HelpdeskHealth, readHelpdeskHealth } from './helpdesk-health.ts';
import { splitCounts, type UnknownIntents } from './stored-examples.ts';

/** What `/readyz` says. */
export type Health = {
  /** The store and the queue respond. */
  readonly ready: boolean;
  readonly store: {
    readonly kind: Store['kind'];
    readonly location: string;
    readonly ok: boolean;
    readonly error: string | null;
  };
  readonly queue: {
    readonly ok: boolean;
    /** Tickets that are not decided yet. */
    readonly waiting: number;
    /** For how long the first of them has waited; null when none waits. */
    readonly oldestSeconds: number | null;
    /** Jobs that workers are doing now. */
    readonly active: number;
  };
  readonly worker: { readonly running: boolean };
  readonly engine: EngineChoice;
  /** Number of stored examples that the engine learns from. */
  readonly examples: number;
  /** Number of all stored examples: own files, imports and corrections; null while the store does not respond. */
  readonly examplesBySource: Readonly<Record<ExampleSource, number>> | null;
  /** Numbers of those that the engine cannot learn, by intent: the taxonomy has no such leaf. */
  readonly unknownIntents: UnknownIntents;
  /** The helpdesks that are asked for changes. */
  readonly helpdesks: readonly HelpdeskHealth[];
  /** Webhooks that this process has not accepted. */
  readonly refusedWebhooks: ReturnType<RefusedCount['all']>;
  /** Parts that do not work as they should; tickets are accepted and stored all the same. */
  readonly degraded: readonly Degradation[];
};

/** More than a busy database needs, and short enough for the probe of a container. */
const ANSWER_WITHIN_MS = 2_000;

/** Returns a function that never throws: a store that fails or is slow makes `ready` false. */
export function createHealthCheck(options: {
  store: Pick<Store, 'kind' | 'location' | 'ping'> & {
    readonly tickets: Pick<Store['tickets'], 'countWaiting' | 'oldestWaitingSeconds'>;
    readonly examples: Pick<Store['examples'], 'countBySource' | 'countByIntent'>;
  };
  queue: Pick<Queue, 'countActive'>;
  engine: EngineChoice;
  taxonomy: Taxonomy;
  isWorking: () => boolean;
  degradations: () => readonly Degradation[];
  readHelpdesks: () => ReturnType<typeof readHelpdeskHealth>;
  refused: Pick<RefusedCount, 'all'>;
}): () => Promise<Health> {
  const { store, queue, engine, taxonomy, isWorking, degradations, readHelpdesks, refused } = options;
  return async () => {
    const { kind, location } = store;
    const worker = { running: isWorking() };
    const degraded = degradations();
    const refusedWebhooks = refused.all();
    try {
      const [, waiting, oldestSeconds, active, examplesBySource, counts, desks] = await within(
        Promise.all([
          store.ping(),
          store.tickets.countWaiting(),
          store.tickets.oldestWaitingSeconds(),
          queue.countActive(),
          store.examples.countBySource(),
          store.examples.countByIntent(),
          readHelpdesks(),
        ]),
      );
      const { learned, unknownIntents } = splitCounts(counts, taxonomy);
      return {
        ready: true,
        store: { kind, location, ok: true, error: null },
        queue: { ok: true, waiting, oldestSeconds, active },
        worker,
        engine,
        examples: learned,
        examplesBySource,
        unknownIntents,
        helpdesks: desks.helpdesks,
        refusedWebhooks,
        degraded: [...degraded, ...desks.degraded],
      };
    } catch (error) {
      return {
        ready: false,
        store: { kind, location, ok: false, error: error instanceof Error ? error.message : 'unknown error' },
        queue: { ok: false, waiting: 0, oldestSeconds: null, active: 0 },
        worker,
        engine,
        examples: 0,
        examplesBySource: null,
        unknownIntents: {},
        helpdesks: [],
        refusedWebhooks,
        degraded,
      };
    }
  };
}

async function within<T>(work: Promise<T>): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => timeout.reject(new Error(`The database did not answer within ${ANSWER_WITHIN_MS / 1_000} s.`)),
    ANSWER_WITHIN_MS,
  );
  try {
    return await Promise.race([work, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
