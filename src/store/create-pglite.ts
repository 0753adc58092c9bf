import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

/**
 * PostgreSQL's own default of 128 MB is cleared at every start, which takes a second and stays resident. The files of a
 * store lie in the page cache of the operating system anyway.
 */
const SHARED_BUFFERS = '16MB';

/**
 * Opens a PGlite with the extensions that the store needs: in `dataDir`, or in memory. `loadDataDir` is a dump that it
 * begins with. Rejects with what PGlite found wrong.
 */
export function createPglite(options: { dataDir?: string; loadDataDir?: Blob } = {}): Promise<PGlite> {
  return PGlite.create({
    ...options,
    extensions: { vector },
    startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${SHARED_BUFFERS}`],
  });
}
