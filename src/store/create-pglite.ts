import { isMainThread } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { returnMemory } from '../base/return-memory.ts';

/**
 * PostgreSQL's own default of 128 MB is cleared at every start, which takes a second and stays resident. The operating
 * system keeps the files of a store in its page cache anyway.
 */
const SHARED_BUFFERS = '16MB';

/** How much of the write-ahead log stays after a checkpoint, to be written again: two to four files of 16 MB. */
const KEPT_WAL = '64MB';

/**
 * Opens a PGlite with the extensions that the store needs: in `dataDir`, or in memory. `loadDataDir` is a dump to start
 * with. Rejects with PGlite's own error.
 */
export async function createPglite(options: { dataDir?: string; loadDataDir?: Blob } = {}): Promise<PGlite> {
  const pglite = await PGlite.create({
    ...options,
    extensions: { vector },
    startParams: [
      ...PGlite.defaultStartParams,
      ...['-c', `shared_buffers=${SHARED_BUFFERS}`],
      // A new file of the log would be filled with zeros first, which holds each commit up for 0.1 s.
      ...['-c', 'wal_init_zero=off'],
      ...['-c', `min_wal_size=${KEPT_WAL}`, '-c', `max_wal_size=${KEPT_WAL}`],
    ],
  });
  // A thread of its own has little to do afterwards, so V8 would keep the packed files that it has read.
  if (!isMainThread) returnMemory();
  return pglite;
}
