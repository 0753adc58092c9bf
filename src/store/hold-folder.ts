// What opens the folder of an embedded store, without the modules that work with it: a server starts PGlite's thread, which
// takes a second, before it loads the rest of the program.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { open, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { holdPrivateUmask, makePrivateFolder, writePrivateFile } from '../base/private-files.ts';
import type { OnProgress } from '../base/progress.ts';
import { codeOf } from '../base/safe-error.ts';
import { StoreUnavailableError } from '../errors.ts';
import type { EmbeddedDatabase } from './database.ts';
import {
  createRoomCheck,
  type FreeBytes,
  freeBytesOf,
  LEAST_FREE_BYTES,
  LEAST_FREE_BYTES_FOR_NEW,
} from './disk-room.ts';
import { acquireFolderLock } from './folder-lock.ts';
import { findNewStore } from './new-store.ts';
import { PgliteClient } from './pglite-thread/pglite-client.ts';

/** A data folder that this process holds, and the open PGlite in it. */
export type HeldFolder = {
  readonly pglite: EmbeddedDatabase;
  /** The folder's real path. */
  readonly dataDir: string;
  /** Other processes that want to open the folder are told this address. */
  announceUrl(url: string): void;
  /** Rejects with StoreUnavailableError when PGlite's thread ends by itself; never resolves. */
  readonly lost: Promise<never>;
  /** Closes PGlite and gives the folder back. Further calls wait for the first one. */
  close(): Promise<void>;
};

/** PostgreSQL's code. */
const DISK_FULL = '53100';

/** Every PostgreSQL has it. */
const VERSION_FILE = 'PG_VERSION';

/** A file that is in the data folder while a new store is made there; it names the store's folder. */
const BEING_MADE = '.store-being-made';

type HoldOptions = {
  readonly dataDir: string;
  readonly onProgress?: OnProgress | undefined;
  readonly freeBytes?: FreeBytes;
  /** File to unpack a new store from; null to create it. Default: the one that comes with the program. */
  readonly newStore?: string | null;
  /** The address that this process will serve, which others are told until it announces one. */
  readonly startingUrl?: string | null;
};

/** Whether the data folder has an embedded store. */
export const hasStore = (dataDir: string): boolean => existsSync(join(dataDir, 'store'));

/**
 * Locks the folder and opens the PGlite in it; both are created when missing. Throws StoreLockedError when another process
 * holds it, StoreUnavailableError for everything else.
 */
export const holdFolder = async (options: HoldOptions): Promise<HeldFolder> => (await startHolding(options)).held;

/** The same, but returns as soon as the folder is locked and PGlite's thread runs. `held` rejects when it cannot be opened. */
export async function startHolding(options: HoldOptions): Promise<{ readonly held: Promise<HeldFolder> }> {
  const { onProgress, freeBytes = freeBytesOf, newStore = findNewStore(), startingUrl = null } = options;
  const dataDir = await prepareFolder(options.dataDir);
  onProgress?.({ step: 'opening the embedded store', done: 0, total: null });
  return hold({ dataDir, freeBytes, newStore, startingUrl });
}

/** Holds a folder that exists. */
export async function holdFolderToRead(options: { dataDir: string }): Promise<HeldFolder> {
  const dataDir = await realpath(options.dataDir);
  return (await hold({ dataDir, freeBytes: freeBytesOf, newStore: null, startingUrl: null })).held;
}

async function hold(options: {
  dataDir: string;
  freeBytes: FreeBytes;
  newStore: string | null;
  startingUrl: string | null;
}): Promise<{ readonly held: Promise<HeldFolder> }> {
  const { dataDir, freeBytes, newStore, startingUrl } = options;
  const lock = await acquireFolderLock({ dataDir, startingUrl });
  const releaseUmask = holdPrivateUmask();
  const release = async () => {
    releaseUmask();
    await lock.release();
  };
  const releaseAndThrow = async (error: unknown): Promise<never> => {
    await release();
    throw error;
  };
  try {
    const folder = join(dataDir, 'store');
    const mark = join(dataDir, BEING_MADE);
    // A process that was killed while it made the store leaves half a store, without a ticket, that nothing can open.
    if (await isMarked({ folder, mark })) await rm(folder, { recursive: true, force: true });
    await rm(mark, { force: true });
    const isNew = !existsSync(folder) || readdirSync(folder).length === 0;
    // PGlite would take the folder for an empty one, and create a new store over what is left of the old one.
    if (!isNew && !existsSync(join(folder, VERSION_FILE))) throw describeOpenFailure(dataDir, 'incomplete');
    const leastBytes = isNew ? LEAST_FREE_BYTES_FOR_NEW : LEAST_FREE_BYTES;
    await createRoomCheck({ folder: dataDir, leastBytes, freeBytes })();
    await makeStoreFolder({ folder, dataDir });
    if (isNew) await writePrivateFile(mark, identityOf(folder));
    const opening = openPglite({ folder, dataDir, isNew, newStore }).then(async (pglite) => {
      if (isNew) await removeDurably({ file: mark, folder: dataDir });
      return pglite;
    });
    const held = opening.then(
      (pglite) => createHeld({ pglite, dataDir, announceUrl: lock.announceUrl, release }),
      releaseAndThrow,
    );
    held.catch(() => undefined); // Reported where it is awaited.
    return { held };
  } catch (error) {
    return releaseAndThrow(error);
  }
}

/** Removes the file so that it does not come back after a power cut, when the store has tickets. */
async function removeDurably({ file, folder }: { file: string; folder: string }): Promise<void> {
  await rm(file);
  try {
    await using handle = await open(folder);
    await handle.sync();
  } catch {
    // Windows opens no folders, and keeps the order of such changes by itself.
  }
}

/** Names this folder and no other: one that was restored from a copy meanwhile has tickets, and must stay. */
function identityOf(folder: string): string {
  const { ino, birthtimeNs } = statSync(folder, { bigint: true });
  return `${ino} ${birthtimeNs}`;
}

async function isMarked({ folder, mark }: { folder: string; mark: string }): Promise<boolean> {
  return existsSync(mark) && existsSync(folder) && (await readFile(mark, 'utf8')) === identityOf(folder);
}

function createHeld(options: {
  pglite: EmbeddedDatabase;
  dataDir: string;
  announceUrl: (url: string) => void;
  release: () => Promise<void>;
}): HeldFolder {
  const { pglite, dataDir, announceUrl, release } = options;
  let closing: Promise<void> | null = null;
  const close = async () => {
    try {
      if (!pglite.closed) await pglite.close();
    } finally {
      await release();
    }
  };
  return {
    pglite,
    dataDir,
    announceUrl,
    lost: rejectWhenLost(pglite, dataDir),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function rejectWhenLost(pglite: EmbeddedDatabase, dataDir: string): Promise<never> {
  const lost = new Promise<never>((_, reject) => {
    void pglite.lost?.then((cause) => {
      const code = codeOf(cause);
      const found = code === null ? '' : ` (${code})`;
      const again =
        code === DISK_FULL ? 'The disk is full: make room, then start Switchboard again.' : 'Start Switchboard again.';
      reject(
        new StoreUnavailableError({
          message: `The thread of the embedded store in ${dataDir} has ended by itself${found}. ${again} Every accepted ticket is stored.`,
          cause,
        }),
      );
    });
  });
  lost.catch(() => undefined); // Reported where it is awaited.
  return lost;
}

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
    // The folder itself stays: its mark names it.
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
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
    return isNew ? await createNew(folder, newStore) : await PgliteClient.open(folder);
  } catch (error) {
    // A half-made store could not be opened at the next start either.
    if (isNew) await rm(folder, { recursive: true, force: true });
    throw describeOpenFailure(dataDir, error);
  }
}

async function makeStoreFolder({ folder, dataDir }: { folder: string; dataDir: string }): Promise<void> {
  try {
    await makePrivateFolder(folder);
  } catch (error) {
    throw describeOpenFailure(dataDir, error);
  }
}

function describeOpenFailure(dataDir: string, error: unknown): StoreUnavailableError {
  const found =
    error === 'incomplete'
      ? `the file store/${VERSION_FILE} is missing`
      : (codeOf(error) ?? 'PostgreSQL stopped while it read the files');
  return new StoreUnavailableError({
    message: `The embedded store in ${dataDir} could not be opened (${found}). If the disk is full, make room; if the folder is damaged, move it away and start again, or restore a copy.`,
    cause: error,
  });
}
