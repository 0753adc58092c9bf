import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { loadPgliteDriver } from '../base/drizzle.ts';
import { tightenFolder } from '../base/private-files.ts';
import type { OnProgress } from '../base/progress.ts';
import type { Backend, EmbeddedDatabase, Readable, RunSteps } from './database.ts';
import { createGuard } from './database-error.ts';
import { type AssertRoom, createRoomCheck, type FreeBytes, freeBytesOf, LEAST_FREE_BYTES } from './disk-room.ts';
import { startKeepingUp } from './embedded-upkeep.ts';
import { type HeldFolder, holdFolder, holdFolderToRead } from './hold-folder.ts';
import { migrationSettings, runMigrations } from './migrations.ts';

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
  /** The folder, where it is being opened already. The backend closes it. */
  held?: Promise<HeldFolder> | null;
  /** Milliseconds; for the checks of the disk. */
  now?: () => number;
}): Promise<Backend> {
  const { freeBytes = freeBytesOf, held, now } = options;
  const folder = await (held ?? holdFolder(options));
  const { pglite, dataDir, announceUrl, close } = folder;
  try {
    await tightenFolder(join(dataDir, 'store'));
    const assertRoom = createRoomCheck({ folder: dataDir, leastBytes: LEAST_FREE_BYTES, freeBytes, now });
    const backend = await createEmbeddedBackend({
      ...{ pglite, location: dataDir, assertRoom },
      onProgress: options.onProgress,
    });
    const stopKeepingUp = startKeepingUp({ pglite, assertRoom });
    const closeAll = () => {
      stopKeepingUp();
      return close();
    };
    return { ...backend, announceUrl, close: closeAll };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens an existing store for reading; its tables stay as they are. */
export async function openEmbeddedToRead(options: { dataDir: string }): Promise<Readable> {
  const { pglite, dataDir, close } = await holdFolderToRead(options);
  try {
    await pglite.query('set default_transaction_read_only = on');
  } catch (error) {
    await close();
    throw error;
  }
  return { executor: openDrizzle(pglite), location: dataDir, close };
}

/** Creates a backend from an open PGlite and brings its tables up to date. */
export async function createEmbeddedBackend(options: {
  pglite: EmbeddedDatabase;
  location: string;
  assertRoom?: AssertRoom;
  onProgress?: OnProgress | undefined;
}): Promise<Backend> {
  const { pglite, location, assertRoom = async () => {}, onProgress } = options;
  const database = openDrizzle(pglite);
  try {
    await runMigrations({
      executor: database,
      location,
      migrate: (onStatement) => loadPgliteDriver().migrate(openDrizzle(pglite, onStatement), migrationSettings),
      onProgress,
    });
  } catch (error) {
    await pglite.close();
    throw error;
  }
  const urgentDatabase = pglite.urgent === undefined ? database : openDrizzle(pglite.urgent);
  const finish: RunSteps = pglite.finish?.bind(pglite) ?? runInOrder;
  return {
    executor: database,
    transaction: (work, { urgent = false } = {}) =>
      (urgent ? urgentDatabase : database).transaction((executor) => work({ executor, together: runAtOnce, finish })),
    flush: async () => {}, // Nothing is seen before it is written.
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
const openDrizzle = (pglite: EmbeddedDatabase, logQuery?: (text: string) => void) =>
  loadPgliteDriver().drizzle({ client: pglite as PGlite, ...(logQuery && { logger: { logQuery } }) });

const runAtOnce: RunSteps = (steps) => Promise.all(steps.map((step) => step()));

const runInOrder: RunSteps = async (steps) => {
  const results: unknown[] = [];
  for (const step of steps) results.push(await step());
  return results;
};
