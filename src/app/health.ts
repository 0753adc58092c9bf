import type { Degradation } from '../classifiers/model-api/model-watch.ts';
import type { Queue } from '../queue/queue.ts';
import type { ExampleSource, Store } from '../store/store.ts';
import type { Engine } from './build-engine.ts';

export type Health = {
  /** Store and queue answer. */
  readonly ready: boolean;
  readonly store: {
    readonly kind: Store['kind'];
    readonly location: string;
    readonly ok: boolean;
    readonly error: string | null;
  };
  /** `waiting`: tickets that are not decided yet; `active`: jobs in hand. */
  readonly queue: { readonly ok: boolean; readonly waiting: number; readonly active: number };
  readonly worker: { readonly running: boolean };
  readonly engine: Engine;
  readonly examples: number;
  /** The company's own files, what was imported, and corrections; null while the store does not answer. */
  readonly examplesBySource: Readonly<Record<ExampleSource, number>> | null;
  /** Parts that do not work as they should while tickets are taken and kept all the same. */
  readonly degraded: readonly Degradation[];
};

/** Longer than a busy database needs, short enough for a probe. */
const ANSWER_WITHIN_MS = 2_000;

export function createHealthCheck(options: {
  store: Pick<Store, 'kind' | 'location' | 'ping'> & {
    readonly tickets: Pick<Store['tickets'], 'countWaiting'>;
    readonly examples: Pick<Store['examples'], 'countBySource'>;
  };
  queue: Pick<Queue, 'countActive'>;
  engine: Engine;
  isWorking: () => boolean;
  degradations: () => readonly Degradation[];
}): () => Promise<Health> {
  const { store, queue, engine, isWorking, degradations } = options;
  return async () => {
    const { kind, location } = store;
    const worker = { running: isWorking() };
    const degraded = degradations();
    try {
      const [, waiting, active, examplesBySource] = await within(
        Promise.all([store.ping(), store.tickets.countWaiting(), queue.countActive(), store.examples.countBySource()]),
      );
      return {
        ready: true,
        store: { kind, location, ok: true, error: null },
        queue: { ok: true, waiting, active },
        worker,
        engine,
        examples: Object.values(examplesBySource).reduce((sum, n) => sum + n, 0),
        examplesBySource,
        degraded,
      };
    } catch (error) {
      return {
        ready: false,
        store: { kind, location, ok: false, error: error instanceof Error ? error.message : 'unknown error' },
        queue: { ok: false, waiting: 0, active: 0 },
        worker,
        engine,
        examples: 0,
        examplesBySource: null,
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
