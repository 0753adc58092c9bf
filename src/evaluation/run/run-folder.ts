import { closeSync, existsSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  makePrivateFolder,
  openPrivateFileSync,
  replacePrivateFile,
  tightenFolder,
  writePrivateFile,
} from '../../base/private-files.ts';
import { ConflictError, NotFoundError, SwitchboardError } from '../../errors.ts';
import { type Answer, answerSchema } from './answer.ts';
import { type RunManifest, runManifestSchema } from './run-manifest.ts';

/** A run on disk: `manifest.json`, `answers.jsonl` (only ever appended to), `result.json` once it is complete. */
export type RunFolder = {
  readonly id: string;
  readonly path: string;
  readonly manifest: RunManifest;
  /** Answers that the folder had when it was opened. */
  readonly answers: readonly Answer[];
  append(answer: Answer): void;
  writeResult(result: unknown): Promise<void>;
  close(): void;
};

export const runFiles = {
  manifest: 'manifest.json',
  answers: 'answers.jsonl',
  result: 'result.json',
  lock: 'lock',
} as const;

/** Creates an id that sorts by time, for example `20261122-183015-4f2a`. */
export function newRunId(now: Date, random: () => number = Math.random): string {
  const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `${stamp}-${Math.floor(random() * 65_536)
    .toString(16)
    .padStart(4, '0')}`;
}

/** Creates the folder of a new run. Throws `SwitchboardError` when it cannot be written. */
export async function createRunFolder(options: { runsDir: string; manifest: RunManifest }): Promise<RunFolder> {
  const path = join(options.runsDir, options.manifest.id);
  try {
    await makePrivateFolder(path);
    await writePrivateFile(join(path, runFiles.manifest), `${JSON.stringify(options.manifest, null, 2)}\n`);
  } catch (cause) {
    throw new SwitchboardError({
      code: 'internal',
      message: `The run cannot be kept in ${path} (${cause}). Start in a folder that can be written.`,
      cause,
    });
  }
  return openForAppending({ path, manifest: options.manifest, answers: [] });
}

/** Opens a run to resume it. Throws `NotFoundError`, or `ConflictError` while another process works on it. */
export async function resumeRunFolder(options: { runsDir: string; id: string }): Promise<RunFolder> {
  const run = await readRun(options);
  await tightenFolder(run.path);
  return openForAppending(run);
}

export type StoredRun = {
  readonly path: string;
  readonly manifest: RunManifest;
  readonly answers: readonly Answer[];
};

/** Reads a run. `id` may be the start of an id, or `latest`. Throws `NotFoundError`; `ConflictError` when it is damaged. */
export async function readRun({ runsDir, id }: { runsDir: string; id: string }): Promise<StoredRun> {
  const path = join(runsDir, await findRunId(runsDir, id));
  const manifest = runManifestSchema.safeParse(parseJson(await readFile(join(path, runFiles.manifest), 'utf8'))).data;
  if (manifest === undefined) {
    throw new ConflictError(
      `${join(path, runFiles.manifest)} is not the manifest of a run. Restore it, or remove the folder.`,
    );
  }
  return { path, manifest, answers: await readAnswers(join(path, runFiles.answers)) };
}

/** Ids of all runs, oldest first. */
export async function listRunIds(runsDir: string): Promise<string[]> {
  const names = await readdir(runsDir).catch(() => []);
  return names.filter((name) => existsSync(join(runsDir, name, runFiles.manifest))).sort();
}

async function findRunId(runsDir: string, wanted: string): Promise<string> {
  const ids = await listRunIds(runsDir);
  const matching = wanted === 'latest' ? ids.slice(-1) : ids.filter((id) => id.startsWith(wanted));
  const exact = ids.find((id) => id === wanted);
  if (exact !== undefined) return exact;
  if (matching.length === 1) return matching[0]!;
  throw new NotFoundError(
    matching.length === 0
      ? `There is no run "${wanted}" in ${runsDir}. 'switchboard runs list' shows all runs.`
      : `"${wanted}" could be any of ${matching.join(', ')}. Write more of the id.`,
  );
}

async function readAnswers(file: string): Promise<Answer[]> {
  if (!existsSync(file)) return [];
  // If the process was killed, the last line may be incomplete; that question is asked again.
  return (await readFile(file, 'utf8')).split('\n').flatMap((line) => {
    const value = line === '' ? null : parseJson(line);
    const parsed = value === null ? null : answerSchema.safeParse(value);
    return parsed?.success ? [parsed.data] : [];
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Reads the result; null when the run is not complete, or was written by a version with another format. */
export async function readResult<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const file = join(path, runFiles.result);
  if (!existsSync(file)) return null;
  return schema.safeParse(parseJson(await readFile(file, 'utf8'))).data ?? null;
}

function openForAppending(run: StoredRun): RunFolder {
  const { path, manifest } = run;
  const lock = join(path, runFiles.lock);
  takeLock(lock);
  const file = join(path, runFiles.answers);
  const written = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const descriptor = openPrivateFileSync(file, 'a');
  if (written !== '' && !written.endsWith('\n')) writeSync(descriptor, '\n');
  return {
    id: manifest.id,
    path,
    manifest,
    answers: run.answers,
    append: (answer) => {
      writeSync(descriptor, `${JSON.stringify(answer)}\n`);
    },
    async writeResult(result) {
      await replacePrivateFile(join(path, runFiles.result), `${JSON.stringify(result, null, 2)}\n`);
    },
    close() {
      closeSync(descriptor);
      rmSync(lock, { force: true });
    },
  };
}

/** Locks the run: two processes would ask, and pay, twice. The lock of a process that has ended is taken over. */
export function takeLock(lock: string): void {
  try {
    writeOwner(lock, 'wx');
  } catch {
    const owner = Number(readFileSync(lock, 'utf8'));
    if (owner !== process.pid && isAlive(owner)) {
      throw new ConflictError(`Process ${owner} is working on this run. Wait for it, or stop it first.`);
    }
    writeOwner(lock, 'w');
  }
}

function writeOwner(lock: string, flags: 'w' | 'wx'): void {
  const descriptor = openPrivateFileSync(lock, flags);
  writeSync(descriptor, String(process.pid));
  closeSync(descriptor);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
