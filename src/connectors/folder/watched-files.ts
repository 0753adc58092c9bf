import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { codeOf } from '../../base/safe-error.ts';
import { extensionsOf, type FolderFormat } from './definition.ts';

/** A file that has not changed for this long is whole: programs that copy or upload write more often. */
export const SETTLE_MS = 10_000;

export type WatchedFile = {
  readonly name: string;
  readonly path: string;
  /** Changes with the file. */
  readonly version: string;
  /** Why it cannot be read at all; null for a plain file. */
  readonly fault: string | null;
  readonly changedAt: Date;
};

export type WatchedFiles = {
  /** The files that are whole, in the order of their names. Rejects when the folder cannot be read. */
  list(): AsyncGenerator<WatchedFile>;
};

/** Finds the files of a folder that nobody writes any more. */
export function createWatchedFiles(options: {
  readonly folder: string;
  readonly format: FolderFormat;
  readonly now: () => Date;
}): WatchedFiles {
  const { folder, format, now } = options;
  /** Files that changed lately, with when they were first seen as they are: the clock of the folder may not be ours. */
  let unsettled = new Map<string, { version: string; since: number }>();
  return {
    async *list() {
      const names = (await readdir(folder)).filter((name) => isRead(name, format)).sort();
      const before = unsettled;
      unsettled = new Map();
      for (const name of names) {
        const file = await lookAt(folder, name);
        if (file === null) continue;
        const at = now().getTime();
        const known = before.get(name);
        const since = known?.version === file.version ? known.since : at;
        const isSettled = at - file.changedAt.getTime() >= SETTLE_MS || at - since >= SETTLE_MS;
        if (isSettled) yield file;
        else unsettled.set(name, { version: file.version, since });
      }
    },
  };
}

/** Programs write under another name and rename at the end: `.name`, `name.part`, `name.tmp`. */
function isRead(name: string, format: FolderFormat): boolean {
  return !name.startsWith('.') && !name.startsWith('~') && extensionsOf[format].includes(extname(name).toLowerCase());
}

/** Null when there is no such file any more, or it is a folder. */
export async function lookAt(folder: string, name: string): Promise<WatchedFile | null> {
  const path = join(folder, name);
  const found = await lstat(path, { bigint: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (found === null || found.isDirectory()) return null;
  const fault = found.isFile()
    ? null
    : found.isSymbolicLink()
      ? 'it is a link, which is not followed'
      : 'it is no file';
  // The time of the last modification can be set, as copying programs do; that of the last change cannot.
  const version = `${found.ino}-${found.size}-${found.mtimeNs}-${found.ctimeNs}`;
  return { name, path, version, fault, changedAt: new Date(Number(found.mtimeMs)) };
}

/** Opens a file to read it; neither follows a link nor waits for a pipe that took its place meanwhile. */
export function openToRead(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
}
