import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replacePrivateFile } from '../../base/private-files.ts';
import { parseLabelledTickets } from '../../config/labelled-tickets.ts';
import { ConflictError } from '../../errors.ts';
import { listRunIds, runFiles, takeLock } from './run-folder.ts';
import { runManifestSchema } from './run-manifest.ts';

export type RunsErased = {
  /** Runs that contained something of these tickets. */
  readonly runs: readonly string[];
  /** Runs that another process works on; they were not changed. */
  readonly busy: readonly string[];
  /**
   * Data sets of runs that still contain such tickets; they are never changed, because they are the user's own files.
   */
  readonly datasetFiles: readonly string[];
};

/** Files of a run with one line per ticket. */
const lineFiles = [runFiles.answers, 'ratings.jsonl', 'judgements.jsonl'];
const reports = ['report.html', 'report.json'];

/**
 * Removes tickets from the folders of runs: those with these ids, and those of this requester according to the data
 * sets of the runs. Answers, ratings and failures are removed; figures stay. A report in the folder of such a run is
 * removed as a whole.
 */
export async function eraseFromRuns(options: {
  runsDir: string;
  ticketIds: readonly string[];
  requester: string | null;
}): Promise<RunsErased> {
  const { runsDir, ticketIds, requester } = options;
  const erased = { runs: [] as string[], busy: [] as string[], datasetFiles: new Set<string>() };
  const read = createDatasetReader({ ticketIds, requester });
  for (const run of await listRunIds(runsDir)) {
    const path = join(runsDir, run);
    const ids = new Set(ticketIds);
    for (const file of await datasetFilesOf(path)) {
      const found = await read(file);
      for (const id of found) ids.add(id);
      if (found.length > 0) erased.datasetFiles.add(file);
    }
    if (ids.size === 0) continue;
    const lock = join(path, runFiles.lock);
    try {
      takeLock(lock);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      erased.busy.push(run);
      continue;
    }
    try {
      if (await eraseFromRun(path, ids)) erased.runs.push(run);
    } finally {
      await rm(lock, { force: true });
    }
  }
  return { ...erased, datasetFiles: [...erased.datasetFiles] };
}

/** Ids of wanted tickets in a data set; none in a file that is gone or cannot be read. */
function createDatasetReader({ ticketIds, requester }: { ticketIds: readonly string[]; requester: string | null }) {
  const wanted = new Set(ticketIds);
  const address = requester?.toLowerCase();
  const known = new Map<string, readonly string[]>();
  return async (file: string): Promise<readonly string[]> => {
    const before = known.get(file);
    if (before !== undefined) return before;
    let found: readonly string[] = [];
    try {
      const tickets = parseLabelledTickets({ text: await readFile(file, 'utf8'), file, taxonomy: null });
      found = tickets
        .filter(
          ({ id, requester: by }) => wanted.has(id) || (address !== undefined && by?.email?.toLowerCase() === address),
        )
        .map(({ id }) => id);
    } catch {
      found = [];
    }
    known.set(file, found);
    return found;
  };
}

async function datasetFilesOf(path: string): Promise<readonly string[]> {
  const manifest = runManifestSchema.safeParse(parseJson(await readFile(join(path, runFiles.manifest), 'utf8')));
  return manifest.data?.dataset.map((file) => file.path) ?? [];
}

/** Returns true when the folder contained anything of these tickets. */
async function eraseFromRun(path: string, ids: ReadonlySet<string>): Promise<boolean> {
  let changed = false;
  const rewrite = async (name: string, change: (text: string) => string) => {
    const file = join(path, name);
    if (!existsSync(file)) return;
    const before = await readFile(file, 'utf8');
    const after = change(before);
    if (after === before) return;
    changed = true;
    await replacePrivateFile(file, after);
  };
  for (const name of lineFiles) {
    await rewrite(name, (text) =>
      text
        .split('\n')
        .filter((line) => !isAbout(line, ids))
        .join('\n'),
    );
  }
  await rewrite(runFiles.result, (text) => {
    const result = parseJson(text);
    const left = withoutTickets(result, ids);
    return JSON.stringify(left) === JSON.stringify(result) ? text : `${JSON.stringify(left, null, 2)}\n`;
  });
  for (const name of reports) {
    const file = join(path, name);
    if (!existsSync(file)) continue;
    const text = await readFile(file, 'utf8');
    if (!changed && ![...ids].some((id) => text.includes(id))) continue;
    changed = true;
    await rm(file, { force: true });
  }
  return changed;
}

function isAbout(line: string, ids: ReadonlySet<string>): boolean {
  const value = parseJson(line);
  if (typeof value === 'object' && value !== null && 'ticketId' in value) return ids.has(String(value.ticketId));
  // An incomplete line, as after a process was killed.
  const torn = /"ticketId":("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  return torn !== undefined && ids.has(String(parseJson(torn)));
}

/** Returns the value without list entries that are one of these tickets or its id. */
function withoutTickets(value: unknown, ids: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isOne(item, ids)).map((item) => withoutTickets(item, ids));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutTickets(inner, ids)]));
}

function isOne(item: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof item === 'string') return ids.has(item);
  if (typeof item !== 'object' || item === null) return false;
  return ['id', 'ticketId'].some((key) => key in item && ids.has(String(Reflect.get(item, key))));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
