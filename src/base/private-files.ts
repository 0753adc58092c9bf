// What is written here holds tickets, or says what was in them: no other account of the machine may read it.
import { closeSync, fchmodSync, fstatSync, openSync, type Stats } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { codeOf } from './safe-error.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;
const MODES = 0o777;

/** Windows has no modes: what Node shows there says nothing, and files are as private as the folder they are in. */
const hasModes = process.platform !== 'win32';

/** Makes the folder and what is missing above it; only this account can enter what it makes. */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    // One level at a time: Node's recursive mkdir never ends where a file system refuses with ENOENT, as /proc does.
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder || (await exists(dirname(folder)))) throw error;
    await makePrivateFolder(dirname(folder));
    await makePrivateFolder(folder);
  }
}

/** Opens a file that only this account can read and write, whoever could before. */
export async function openPrivateFile(file: string, flags: string): Promise<FileHandle> {
  const handle = await open(file, flags, FILE_MODE);
  const stats = await handle.stat();
  if (isTooOpenFile(stats)) await handle.chmod(FILE_MODE).catch(ignoreForeign);
  return handle;
}

/** The same, for those who cannot wait; returns the descriptor. */
export function openPrivateFileSync(file: string, flags: string): number {
  const descriptor = openSync(file, flags, FILE_MODE);
  try {
    if (isTooOpenFile(fstatSync(descriptor))) fchmodSync(descriptor, FILE_MODE);
  } catch (error) {
    if (!isForeign(error)) {
      closeSync(descriptor);
      throw error;
    }
  }
  return descriptor;
}

/** Writes a whole file that only this account can read. */
export async function writePrivateFile(file: string, content: string | Uint8Array): Promise<void> {
  await using handle = await openPrivateFile(file, 'w');
  await handle.writeFile(content);
}

/** Adds to such a file in one call, so that two processes do not write into each other's lines. */
export async function appendPrivateFile(file: string, content: string | Uint8Array): Promise<void> {
  await using handle = await openPrivateFile(file, 'a');
  await handle.appendFile(content);
}

/** Writes beside the file and renames, so that a reader never sees half of it. */
export async function replacePrivateFile(file: string, content: string | Uint8Array): Promise<void> {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    await writePrivateFile(draft, content);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Closes the folder and all in it to others. What belongs to somebody else is left as it is. */
export async function tightenFolder(folder: string): Promise<void> {
  for (const { path, isFolder } of await findOpenEntries(folder)) {
    await chmod(path, isFolder ? FOLDER_MODE : FILE_MODE).catch(ignoreForeign);
  }
}

/** Closes a folder itself, and leaves what is in it alone. */
export async function tightenEntry(folder: string): Promise<void> {
  if (hasModes) await chmod(folder, FOLDER_MODE).catch(ignoreForeign);
}

export type OpenEntry = { readonly path: string; readonly isFolder: boolean };

/** The folder itself and what is in it, where others have a right to it. `reachableOnly` leaves out what they cannot get to. */
export async function findOpenEntries(
  folder: string,
  options: { reachableOnly?: boolean } = {},
): Promise<readonly OpenEntry[]> {
  if (!hasModes) return [];
  const stats = await statOf(folder);
  if (!stats?.isDirectory()) return [];
  const isOpen = (stats.mode & OTHERS) !== 0;
  const own: OpenEntry[] = isOpen ? [{ path: folder, isFolder: true }] : [];
  if (options.reachableOnly === true && !isOpen) return own;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inside = await Promise.all(
    entries.map(async (entry): Promise<readonly OpenEntry[]> => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return findOpenEntries(path, options);
      const file = entry.isFile() ? await statOf(path) : null;
      return file !== null && (file.mode & OTHERS) !== 0 ? [{ path, isFolder: false }] : [];
    }),
  );
  return [...own, ...inside.flat()];
}

let umaskHolders = 0;
let umaskBefore = 0;

/**
 * Until the returned function is called, whatever this process creates is closed to others: for code that asks for no modes of its
 * own, such as PGlite. It counts for the whole process, and in a worker thread Node refuses it: then nothing changes.
 */
export function holdPrivateUmask(): () => void {
  if (!isMainThread || !hasModes) return () => {};
  if (umaskHolders === 0) umaskBefore = process.umask(OTHERS);
  umaskHolders++;
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    umaskHolders--;
    if (umaskHolders === 0) process.umask(umaskBefore);
  };
}

/** Only plain files: /dev/null and /dev/stdout are everybody's. */
function isTooOpenFile(stats: Stats): boolean {
  return hasModes && stats.isFile() && (stats.mode & MODES) !== FILE_MODE;
}

/** It belongs to another account, or the file system keeps no modes. */
function isForeign(error: unknown): boolean {
  return ['EPERM', 'EACCES', 'EROFS', 'ENOTSUP', 'ENOSYS', 'ENOENT'].includes(codeOf(error) ?? '');
}

function ignoreForeign(error: unknown): void {
  if (!isForeign(error)) throw error;
}

async function statOf(path: string): Promise<Stats | null> {
  return lstat(path).catch(() => null);
}

async function exists(path: string): Promise<boolean> {
  return (await statOf(path)) !== null;
}
