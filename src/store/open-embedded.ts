import { existsSync } from 'node:fs';
import { realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { loadPgliteDriver } from '../base/drizzle.ts';
import { holdPrivateUmask, makePrivateFolder, tightenFolder, writePrivateFile } from '../base/private-files.ts';
import type { OnProgress } from '../base/progress.ts';
import { codeOf } from '../base/safe-error.ts';
import { StoreUnavailableError } from '../errors.ts';
import type { Backend, EmbeddedDatabase, Readable } from './database.ts';
import { createGuard } from './database-error.ts';
import {
  type AssertRoom,
  createRoomCheck,
  type FreeBytes,
  freeBytesOf,
  LEAST_FREE_BYTES,
  LEAST_FREE_BYTES_FOR_NEW,
} from './disk-room.ts';
import { acquireFolderLock } from './folder-lock.ts';
import { migrationSettings, runMigrations } from './migrations.ts';
import { findNewStore } from './new-store.ts';
import { PgliteClient } from './pglite-thread/pglite-client.ts';

/**
 * PGlite (PostgreSQL compiled to WebAssembly) in `dataDir/store`, held by this process alone. PGlite asks for 0666 and
 * 0777 whenever it creates a file. A strict umask keeps the files private that it creates while the store is open; the
 * folder with mode 0700 does so where no umask can be set (worker threads). Files of earlier versions are made private
 * once the store is open.
 */
export async function openEmbedded(options: {
  dataDir: string;
  onProgress?: OnProgress;
  freeBytes?: FreeBytes;
  /** File to unpack a new store from; null to create it. Default: the one that comes with the program. */
  newStore?: string | null;
  /** Milliseconds; for the checks of the disk. */
  now?: () => number;
}): Promise<Backend> {
  const { onProgress, freeBytes = freeBytesOf, newStore = findNewStore(), now } = options;
  const dataDir = await prepareFolder(options.dataDir);
  onProgress?.({ step: 'opening the embedded store', done: 0, total: null });
  const { pglite, lock, release } = await holdFolder({ dataDir, freeBytes, newStore });
  try {
    await tightenFolder(join(dataDir, 'store'));
    const assertRoom = createRoomCheck({ folder: dataDir, leastBytes: LEAST_FREE_BYTES, freeBytes, now });
    const backend = await createEmbeddedBackend({ pglite, location: dataDir, assertRoom });
    return {
      ...backend,
      announceUrl: lock.announceUrl,
      close: async () => {
        try {
          await backend.close();
        } finally {
          await release();
        }
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Opens an existing store for reading; its tables stay as they are. */
export async function openEmbeddedToRead(options: { dataDir: string }): Promise<Readable> {
  const dataDir = await realpath(options.dataDir);
  const { pglite, release } = await holdFolder({ dataDir, freeBytes: freeBytesOf, newStore: null });
  const close = async () => {
    try {
      await pglite.close();
    } finally {
      await release();
    }
  };
  try {
    await pglite.query('set default_transaction_read_only = on');
  } catch (error) {
    await close();
    throw error;
  }
  return { executor: openDrizzle(pglite), location: dataDir, close };
}

/** Locks the folder and opens the PGlite in it. `release` gives the folder back once PGlite is closed. */
async function holdFolder(options: { dataDir: string; freeBytes: FreeBytes; newStore: string | null }) {
  const { dataDir, freeBytes, newStore } = options;
  const lock = await acquireFolderLock({ dataDir });
  const releaseUmask = holdPrivateUmask();
  const release = async () => {
    releaseUmask();
    await lock.release();
  };
  try {
    const folder = join(dataDir, 'store');
    const isNew = !existsSync(folder);
    const leastBytes = isNew ? LEAST_FREE_BYTES_FOR_NEW : LEAST_FREE_BYTES;
    await createRoomCheck({ folder: dataDir, leastBytes, freeBytes })();
    return { pglite: await openPglite({ folder, dataDir, isNew, newStore }), lock, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Creates a backend from an open PGlite and brings its tables up to date. */
export async function createEmbeddedBackend(options: {
  pglite: EmbeddedDatabase;
  location: string;
  assertRoom?: AssertRoom;
}): Promise<Backend> {
  const { pglite, location, assertRoom = async () => {} } = options;
  const database = openDrizzle(pglite);
  try {
    await runMigrations({
      executor: database,
      location,
      migrate: () => loadPgliteDriver().migrate(database, migrationSettings),
    });
  } catch (error) {
    await pglite.close();
    throw error;
  }
  return {
    executor: database,
    urgentExecutor: pglite.urgent === undefined ? database : openDrizzle(pglite.urgent),
    connection: { kind: 'embedded', pglite, assertRoom },
    location,
    guard: createGuard(location),
    listen: (channel, listener) => pglite.listen(channel, listener),
    ping: async () => {
      await pglite.query('select 1');
    },
    announceUrl: () => {},
    close: async () => {
      if (!pglite.closed) await pglite.close();
    },
  };
}

/** The cast: drizzle's type asks for a whole PGlite, but its driver calls `query` and `transaction` alone. */
const openDrizzle = (pglite: EmbeddedDatabase) => loadPgliteDriver().drizzle({ client: pglite as PGlite });

/** Creates the folder, checks that it can be written to, and returns its real path. */
async function prepareFolder(dataDir: string): Promise<string> {
  try {
    await makePrivateFolder(dataDir);
    const probe = join(dataDir, `.write-check-${process.pid}`);
    await writePrivateFile(probe, 'switchboard');
    await rm(probe);
    return await realpath(dataDir);
  } catch (error) {
    const code = codeOf(error);
    const cure =
      code === 'ENOSPC'
        ? 'The disk is full: make room.'
        : 'Give this account the right to write there, or choose another folder with --data.';
    throw new StoreUnavailableError({
      message: `The data folder ${dataDir} cannot be written to (${code ?? 'unknown error'}). ${cure}`,
    });
  }
}

/** Unpacks a new store, or creates one where that fails, as with a file of another version of PGlite. */
async function createNew(folder: string, packed: string | null): Promise<PgliteClient> {
  if (packed === null) return PgliteClient.open(folder);
  try {
    return await PgliteClient.open(folder, packed);
  } catch {
    await rm(folder, { recursive: true, force: true });
    await makePrivateFolder(folder);
    return PgliteClient.open(folder);
  }
}

async function openPglite(options: {
  folder: string;
  dataDir: string;
  isNew: boolean;
  newStore: string | null;
}): Promise<EmbeddedDatabase> {
  const { folder, dataDir, isNew, newStore } = options;
  try {
    await makePrivateFolder(folder);
    return isNew ? await createNew(folder, newStore) : await PgliteClient.open(folder);
  } catch (error) {
    // A half-made store could not be opened at the next start either.
    if (isNew) await rm(folder, { recursive: true, force: true });
    const found = codeOf(error) ?? (error instanceof Error ? error.message : 'unknown error');
    throw new StoreUnavailableError({
      message: `The embedded store in ${dataDir} could not be opened (${found}). If the disk is full, make room; if the folder is damaged, move it away and start again, or restore a copy.`,
      cause: error,
    });
  }
}
