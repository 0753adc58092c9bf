import { access, rename } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { count } from '../../base/plural.ts';
import { makePrivateFolder, writePrivateFile } from '../../base/private-files.ts';
import { codeOf } from '../../base/safe-error.ts';
import type { FileProgress } from './folder-cursor.ts';
import { lookAt } from './watched-files.ts';

export const DONE = 'done';
export const FAILED = 'failed';
/** At the end of the names of files that say why another one is in `failed`. */
export const REASON = '.reason.txt';

/**
 * Moves a file that was read to its end to `done`, or to `failed` with the reasons when some of it could not be read. Does
 * nothing when it is gone, or has changed since: then it is read again.
 */
export async function putAway(folder: string, file: FileProgress): Promise<void> {
  const found = await lookAt(folder, file.name);
  if (found?.version !== file.version) return;
  const target = join(folder, file.faulty === 0 ? DONE : FAILED);
  await makePrivateFolder(target);
  const name = await freeName(target, file.name);
  if (file.faulty > 0) await writePrivateFile(join(target, `${name}${REASON}`), describeFaults(file, folder));
  await rename(found.path, join(target, name));
}

/** Files of the same name are kept: `tickets.csv`, `tickets-2.csv`. */
async function freeName(folder: string, name: string): Promise<string> {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? name : `${stem}-${n}${extension}`;
    if (!(await exists(join(folder, candidate)))) return candidate;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function describeFaults({ name, records, faulty, faults }: FileProgress, folder: string): string {
  const isWhole = faults.some(({ line }) => line === null);
  const taken = records - faulty;
  const head = isWhole
    ? `${name} could not be read.`
    : `${name}: ${faulty} of ${count(records, 'ticket')} could not be read. ${taken === 0 ? 'None was' : taken === 1 ? 'The other one was' : `The other ${taken} were`} taken in.`;
  const lines = faults.map(
    ({ line, message, cure }) => `${line === null ? name : `line ${line}`}: ${message}. ${cure}`,
  );
  const more = faulty > faults.length ? [`and ${faulty - faults.length} more`] : [];
  const next = `Then put the file into ${folder} again. What was taken in already is not taken in twice.`;
  return `${[head, '', ...lines, ...more, '', next].join('\n')}\n`;
}
