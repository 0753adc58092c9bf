import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { openPrivateFile } from '../../base/private-files.ts';
import { codeOf } from '../../base/safe-error.ts';
import { extensionsOf, type FolderFormat } from './definition.ts';
import { parseRecords } from './parse-records.ts';
import { DONE, FAILED, REASON } from './put-away.ts';
import { lookAt, openToRead, SETTLE_MS, type WatchedFile } from './watched-files.ts';

const COPY_SIZE = 1024 * 1024;
/** At the end of the hidden names of files that are being written. */
const DRAFT = '.erasing';

type Erasing = {
  readonly folder: string;
  readonly format: FolderFormat;
  /** The ids of the erased tickets in this folder. */
  readonly externalIds: ReadonlySet<string>;
  readonly now: Date;
};

/**
 * Removes the lines, rows and mails of these tickets from the files that were handled, and from those that still wait. Each
 * file is replaced as a whole, so that after a crash it simply runs again.
 */
export async function eraseFromFolder(options: Erasing): Promise<void> {
  const { folder, format, now } = options;
  // A file moves only in this direction meanwhile, so none is missed.
  for (const place of [folder, join(folder, DONE), join(folder, FAILED)]) {
    for (const name of await namesIn(place)) {
      if (name.startsWith('.') && name.endsWith(DRAFT)) await rm(join(place, name), { force: true });
      if (!extensionsOf[format].includes(extname(name).toLowerCase())) continue;
      const file = await lookAt(place, name);
      if (file === null || file.fault !== null) continue;
      // Somebody still writes it, so it was not read yet.
      if (place === folder && now.getTime() - file.changedAt.getTime() < SETTLE_MS) continue;
      await eraseFromFile({ ...options, place, file });
    }
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
}

type Range = { readonly start: number; readonly end: number };

async function eraseFromFile(options: Erasing & { place: string; file: WatchedFile }): Promise<void> {
  const { place, file, format, externalIds, now } = options;
  const { path } = file;
  await using opened = await openToRead(path);
  const erased: Range[] = [];
  let others = 0;
  for await (const { start, end, parsed } of parseRecords(opened, { format, from: null, now })) {
    if ('signal' in parsed && externalIds.has(parsed.signal.externalId)) erased.push({ start, end });
    else others += 1;
  }
  if (erased.length === 0) return;
  if (others === 0) {
    await rm(path, { force: true });
    await rm(`${path}${REASON}`, { force: true });
    return;
  }
  const draft = join(place, `.${file.name}${DRAFT}`);
  await copyWithout({ from: opened, to: draft, erased });
  // The time says that nobody writes it.
  await utimes(draft, file.changedAt, file.changedAt);
  await rename(draft, path);
  await syncFolder(place);
}

async function copyWithout(options: { from: FileHandle; to: string; erased: readonly Range[] }): Promise<void> {
  const { from, to, erased } = options;
  const { size } = await from.stat();
  await using written = await openPrivateFile(to, 'w');
  let position = 0;
  for (const { start, end } of [...erased, { start: size, end: size }]) {
    while (position < start) {
      const buffer = Buffer.allocUnsafe(Math.min(COPY_SIZE, start - position));
      const { bytesRead } = await from.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) break;
      await written.writeFile(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
    position = end;
  }
  await written.sync();
}

/** Without it, the old file may be back after a power cut. Some systems cannot open a folder. */
async function syncFolder(folder: string): Promise<void> {
  try {
    await using opened = await open(folder, constants.O_RDONLY);
    await opened.sync();
  } catch (error) {
    if (codeOf(error) === null) throw error;
  }
}
