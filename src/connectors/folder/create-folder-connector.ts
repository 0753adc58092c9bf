import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { count } from '../../base/plural.ts';
import { codeOf } from '../../base/safe-error.ts';
import { ConnectorError } from '../../errors.ts';
import type { ChangedPage, Connector, ConnectorFinding, Signal } from '../connector.ts';
import { createFileConnector } from '../file/create-file-connector.ts';
import type { folderSettingsSchema } from './definition.ts';
import { eraseFromFolder } from './erase-from-folder.ts';
import { type FileProgress, type FolderCursor, parseFolderCursor } from './folder-cursor.ts';
import { FAILED, putAway, REASON } from './put-away.ts';
import { isFull, readPart } from './read-part.ts';
import { createWatchedFiles, lookAt, type WatchedFile } from './watched-files.ts';

/** Limits of a page, which keep its cursor and its transaction small. */
const MAX_SIGNALS = 200;
const MAX_FILES = 100;
const MAX_FAULTS = 50;
const MAX_BYTES = 8 * 1024 * 1024;

/** What to do about codes of the system. */
const cures: Readonly<Record<string, string>> = {
  ENOENT: 'Create the folder, or correct `path`.',
  ENOTDIR: 'Name a folder in `path`.',
  EACCES: 'Let the account that runs Switchboard read and write there.',
  EPERM: 'Let the account that runs Switchboard read and write there.',
  EROFS: 'The disk is mounted for reading only, and handled files are moved: mount it for writing.',
  ENOSPC: 'The disk is full: make room.',
};

/**
 * Builds a connector that takes in the files of a folder and appends decisions to a file. A file is moved only when its
 * tickets are stored, as the next call says; until then it is read again after a crash, and the same ids are the same tickets.
 */
export function createFolderConnector(options: {
  readonly name: string;
  readonly dataDir: string;
  readonly settings: z.infer<typeof folderSettingsSchema>;
  readonly now?: () => Date;
}): Connector {
  const { name, dataDir, settings, now = () => new Date() } = options;
  const { path: folder, format, out } = settings;
  const output = createFileConnector({ name, dataDir, settings: { path: out }, now });
  const watched = createWatchedFiles({ folder, format, now });
  const explain = (doing: string, error: unknown): unknown => {
    const code = error instanceof ConnectorError ? null : codeOf(error);
    if (code === null) return error; // the caller has stopped it, or it is a fault of ours
    const cure = cures[code] ?? 'Check the folder and its disk.';
    return new ConnectorError({
      ...{ connector: name, retryable: true, unavailable: true, cause: error },
      message: `The connector "${name}" could not ${doing} ${folder} (${code}). ${cure}`,
    });
  };
  /** One thing at a time is done to the files: otherwise a file could be moved while it is rewritten. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work).catch((error: unknown) => {
      throw explain(doing, error);
    });
    last = mine.catch(() => {});
    return mine;
  };

  const listPage = async (before: FolderCursor, signal: AbortSignal): Promise<ChangedPage> => {
    for (const file of before.finished) {
      signal.throwIfAborted();
      await putAway(folder, file).catch((error: unknown) => {
        throw explain('move handled files in', error);
      });
    }
    const room = { signals: MAX_SIGNALS, bytes: MAX_BYTES, faults: MAX_FAULTS };
    const signals: Signal[] = [];
    const finished: FileProgress[] = [];
    const pageOf = (open: FolderCursor['open']): ChangedPage => {
      const cursor: FolderCursor = { finished, open };
      const isEnd = open === null && finished.length < MAX_FILES && !isFull(room);
      return { signals, cursor: JSON.stringify(cursor), isEnd };
    };
    const begun = before.open === null ? null : await lookAt(folder, before.open.name);
    const isSame = begun !== null && begun.version === before.open?.version;
    for await (const file of isSame ? afterFirst(begun, watched.list()) : watched.list()) {
      signal.throwIfAborted();
      const from = isSame && file.name === begun.name ? before.open : null;
      const part = await readPart({ file, format, from, room, now: now(), signal });
      signals.push(...part.signals);
      if (part.next !== null) return pageOf({ ...part.progress, ...part.next });
      finished.push(part.progress);
      if (finished.length >= MAX_FILES || isFull(room)) break;
    }
    return pageOf(null);
  };

  return {
    ...output,
    type: 'folder',
    listChanged: ({ cursor, signal }) =>
      inTurn('read', () => {
        signal.throwIfAborted();
        return listPage(parseFolderCursor(cursor), signal);
      }),
    async check() {
      return [await checkFolder(folder), ...(await checkFailed(folder))];
    },
    async erase({ ticketIds }) {
      const prefix = `${name}:`;
      const wanted = ticketIds.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
      const externalIds = new Set(wanted);
      if (externalIds.size > 0) {
        await inTurn('erase tickets from', () => eraseFromFolder({ folder, format, externalIds, now: now() }));
      }
      await output.erase?.({ ticketIds });
    },
    async close() {
      await last;
      await output.close?.();
    },
  };
}

/** A file that was begun is read to its end before others. */
async function* afterFirst(first: WatchedFile, others: AsyncIterable<WatchedFile>): AsyncGenerator<WatchedFile> {
  yield first;
  for await (const file of others) if (file.name !== first.name) yield file;
}

async function checkFolder(folder: string): Promise<ConnectorFinding> {
  try {
    await readdir(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return { status: 'ok', detail: `${folder} can be read and written` };
  } catch (error) {
    const code = codeOf(error) ?? 'unknown error';
    return { status: 'failed', detail: `${folder} cannot be used (${code}). ${cures[code] ?? 'Check the folder.'}` };
  }
}

async function checkFailed(folder: string): Promise<ConnectorFinding[]> {
  const failed = join(folder, FAILED);
  const names = await readdir(failed).catch(() => []);
  const reasons = names.filter((name) => name.endsWith(REASON));
  if (reasons.length === 0) return [];
  const detail = `${count(reasons.length, 'file')} in ${failed} could not be read whole: see ${reasons[0]}`;
  return [{ status: 'note', detail }];
}
