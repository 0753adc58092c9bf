import { sql } from 'drizzle-orm';
import { advisoryLocks } from '../advisory-locks.ts';
import type { Store } from '../store.ts';

/** pgvector indexes no wider `vector`; wider ones are compared one by one. */
const MAX_INDEXED_DIMENSIONS = 2_000;

/**
 * Runs `work` while no other process does the same; on the embedded store there is none. `onWait` is called when
 * another one is at it.
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
    // A connection that may still hold the lock is ended, which frees it.
    client.release(isBroken);
  }
}

/**
 * An HNSW index over the vectors of one embedder, built once they are there: quicker than row by row. On PGlite none:
 * building one would stop the process for seconds.
 */
export async function ensureHnswIndex(options: {
  store: Pick<Store, 'connection' | 'transaction'>;
  embedderId: number;
  dimensions: number;
}): Promise<void> {
  const { store, embedderId, dimensions } = options;
  if (store.connection.kind === 'embedded' || dimensions > MAX_INDEXED_DIMENSIONS) return;
  // Both numbers come from our own table and are written out, because an index's condition takes no parameter.
  await store.transaction(({ executor }) =>
    executor.execute(
      sql.raw(`create index if not exists example_vectors_hnsw_${embedderId} on switchboard.example_vectors
        using hnsw ((vector::vector(${dimensions})) vector_cosine_ops) where embedder_id = ${embedderId}`),
    ),
  );
}
