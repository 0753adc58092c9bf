import { sql } from '../base/drizzle.ts';
import type { OnProgress } from '../base/progress.ts';
import { advisoryLocks } from './advisory-locks.ts';
import { compactEmbedded } from './compact-embedded.ts';
import {
  ARRIVALS_CHANNEL,
  type Backend,
  BREAKERS_CHANNEL,
  CALIBRATIONS_CHANNEL,
  EXAMPLES_CHANNEL,
  HISTORY_CHANNEL,
  type RunSteps,
} from './database.ts';
import { COUNTED_AT_ONCE, createEntities } from './entities.ts';
import type { HeldFolder } from './hold-folder.ts';
import { openEmbedded } from './open-embedded.ts';
import { openPostgresql } from './open-postgresql.ts';
import type { Steps, Store } from './store.ts';

export type OpenStoreOptions = {
  /** PostgreSQL when given, for example `postgres://user:password@host:5432/name`; else PGlite in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Folder of the embedded store; created when missing. */
  readonly dataDir: string;
  readonly onProgress?: OnProgress;
  /** The folder of the embedded store, where it is being opened already. The store closes it. */
  readonly held?: Promise<HeldFolder> | null;
};

/**
 * Opens the database, brings its tables up to date and returns its store.
 * Throws StoreLockedError when another process holds the embedded folder, StoreUnavailableError for everything else.
 */
export async function openStore({ databaseUrl, dataDir, onProgress, held }: OpenStoreOptions): Promise<Store> {
  const backend =
    databaseUrl === null
      ? await openEmbedded({ dataDir, onProgress, held })
      : await openPostgresql({ databaseUrl, onProgress });
  return createStore(backend);
}

/** Creates a store from an open backend. */
export function createStore(backend: Backend): Store {
  const { executor, connection, location, guard } = backend;
  const transaction: Store['transaction'] = (work, options) =>
    guard(async () => {
      if (connection.kind === 'embedded') await connection.assertRoom();
      return backend.transaction(
        ({ executor: inner, together, finish }) =>
          work({
            ...createEntities(inner, (run) => run()),
            executor: inner,
            together: withResultTypes(together),
            finish: withResultTypes(finish),
          }),
        options,
      );
    });
  return {
    ...createEntities(executor, guard, { countedAtOnce: connection.kind === 'embedded' ? COUNTED_AT_ONCE : null }),
    kind: connection.kind,
    location,
    connection,
    transaction,
    flush: () => guard(backend.flush),
    upkeep: (work) =>
      transaction(async (inner) => {
        const turn = await inner.executor.execute(
          sql`select pg_try_advisory_xact_lock(${advisoryLocks.upkeep}) as free`,
        );
        return turn.rows[0]?.free === true ? work(inner) : null;
      }),
    onHistory: (listener) => guard(() => backend.listen(HISTORY_CHANNEL, listener)),
    onExamples: (listener) => guard(() => backend.listen(EXAMPLES_CHANNEL, listener)),
    onBreakers: (listener) => guard(() => backend.listen(BREAKERS_CHANNEL, listener)),
    onCalibrations: (listener) => guard(() => backend.listen(CALIBRATIONS_CHANNEL, listener)),
    onSlowArrivals: (listener) => guard(() => backend.listen(ARRIVALS_CHANNEL, listener)),
    async reportSlowArrivals() {
      await guard(() => executor.execute(sql`select pg_notify(${ARRIVALS_CHANNEL}, '')`));
    },
    ping: () => guard(backend.ping),
    compact: (signal) =>
      guard(async () => (connection.kind === 'embedded' ? compactEmbedded(connection, signal) : undefined)),
    announceUrl: backend.announceUrl,
    close: backend.close,
  };
}

const withResultTypes =
  (run: RunSteps) =>
  async <Results extends readonly unknown[]>(...steps: Steps<Results>): Promise<Results> => {
    const results: unknown = await run(steps);
    return results as Results; // The cast: one result for each step, in their order.
  };
