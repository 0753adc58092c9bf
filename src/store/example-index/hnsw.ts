import { sql } from '../../base/drizzle.ts';
import { advisoryLocks } from '../advisory-locks.ts';
import type { Store } from '../store.ts';

/** pgvector cannot index a `vector` that is wider than this; such vectors are compared one by one. */
const MAX_INDEXED_DIMENSIONS = 2_000;

/**
 * Runs `work` in one process at a time; the embedded store has only one process. `onWait` is called when another
 * process is already doing it.
 */
export async function withEmbeddingLock(options: {
  store: Pick<Store, 'connection'>;
  onWait: () => void;
  work: () => Promise<void>;
}): Promise<void> {
  const { connection } = options.store;
  if (connection.kind === 'embedded') return options.work();
  const client = await connection.pool.connect();
  let isBroken = true;
  try {
    const { rows } = await client.query<{ free: boolean }>(
      `select pg_try_advisory_lock(${advisoryLocks.embedding}) as free`,
    );
    if (rows[0]?.free !== true) {
      options.onWait();
      await client.query(`select pg_advisory_lock(${advisoryLocks.embedding})`);
    }
    await options.work();
    await client.query(`select pg_advisory_unlock(${advisoryLocks.embedding})`);
    isBroken = false;
  } finally {
    // Ends a connection that may still hold the lock, which frees the lock.
    client.release(isBroken);
  }
}

/**
 * Builds an HNSW index on the vectors of one embedder after they are stored, which is quicker than row by row. Does
 * nothing on PGlite, where building the index would block the process for seconds.
 */
export async function ensureHnswIndex(options: {
  store: Pick<Store, 'connection' | 'transaction'>;
  embedderId: number;
  dimensions: number;
}): Promise<void> {
  const { store, embedderId, dimensions } = options;
  if (store.connection.kind === 'embedded' || dimensions > MAX_INDEXED_DIMENSIONS) return;
  // Both numbers come from our own table. They are part of the SQL text because an index condition takes no parameters.
  await store.transaction(({ executor }) =>
    executor.execute(
      sql.raw(`create index if not exists example_vectors_hnsw_${embedderId} on switchboard.example_vectors
        using hnsw ((vector::vector(${dimensions})) vector_cosine_ops) where embedder_id = ${embedderId}`),
    ),
  );
}
