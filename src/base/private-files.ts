// Files written here contain tickets or facts from them, so no other account of the machine may read them.
import { closeSync, fchmodSync, fstatSync, openSync, type Stats } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { codeOf } from './safe-error.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;
const MODES = 0o777;

/** Windows has no file modes: files there are as private as their folder. */
const hasModes = process.platform !== 'win32';

/** Creates the folder and its missing parents; only this account can enter the new folders. */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    // One level at a time: Node's recursive mkdir never ends on a file system that refuses with ENOENT, such as /proc.
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder || (await exists(dirname(folder)))) throw error;
    await makePrivateFolder(dirname(folder));
    await makePrivateFolder(folder);
  }
}

/** Opens a file so that only this account can read and write it, even if others could before. */
export async function openPrivateFile(file: string, flags: string): Promise<FileHandle> {
  const handle = await open(file, flags, FILE_MODE);
  const stats = await handle.stat();
  if (isTooOpenFile(stats)) await handle.chmod(FILE_MODE).catch(ignoreForeign);
  return handle;
}

/** The same, synchronously; returns the file descriptor. */
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

/** Writes a file that only this account can read. */
export async function writePrivateFile(file: string, content: string | Uint8Array): Promise<void> {
  await using handle = await openPrivateFile(file, 'w');
  await handle.writeFile(content);
}

/** Appends in one call, so that the lines of two processes do not mix. */
export async function appendPrivateFile(file: string, content: string | Uint8Array): Promise<void> {
  await using handle = await openPrivateFile(file, 'a');
  await handle.appendFile(content);
}

/** Writes a temporary file and renames it, so that a reader never sees a partial file. */
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

/** Makes the folder and everything in it private. Files of other accounts are left as they are. */
export async function tightenFolder(folder: string): Promise<void> {
  for (const { path, isFolder } of await findOpenEntries(folder)) {
    await chmod(path, isFolder ? FOLDER_MODE : FILE_MODE).catch(ignoreForeign);
  }
}

/** Makes a folder private, but changes nothing in it. */
export async function tightenEntry(folder: string): Promise<void> {
  if (hasModes) await chmod(folder, FOLDER_MODE).catch(ignoreForeign);
}

export type OpenEntry = { readonly path: string; readonly isFolder: boolean };

/**
 * Finds what other accounts have access rights to: the folder itself and entries in it. `reachableOnly` leaves out
 * entries of private folders, which others cannot enter.
 */
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
 * Makes all files that this process creates private, until the returned function is called: for code that sets no modes
 * itself, such as PGlite. Does nothing in a worker thread, where Node does not allow it.
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

/** True for plain files that others can access; not for /dev/null and /dev/stdout. */
function isTooOpenFile(stats: Stats): boolean {
  return hasModes && stats.isFile() && (stats.mode & MODES) !== FILE_MODE;
}

/** True when the file belongs to another account, or the file system has no modes. */
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
