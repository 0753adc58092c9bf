import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type PlannedFile = {
  /** Within the folder. */
  readonly name: string;
  readonly text: string;
  /** Only this account may read it. */
  readonly isPrivate?: boolean;
};

/** The names of those files that are there already. */
export const findExisting = (dir: string, files: readonly { readonly name: string }[]): string[] =>
  files.map(({ name }) => name).filter((name) => existsSync(join(dir, name)));

/**
 * Writes all files or none: drafts first, which are then renamed in one go that no Ctrl-C interrupts. Whoever calls this
 * has asked about files that exist.
 */
export function writeFiles(dir: string, files: readonly PlannedFile[]): void {
  const drafts = files.map((file) => ({
    ...file,
    to: join(dir, file.name),
    draft: join(dir, `${file.name}.${process.pid}.tmp`),
  }));
  // With a listener the signal waits until this function is done.
  const wait = () => {};
  process.on('SIGINT', wait);
  try {
    for (const { draft, text, isPrivate = false } of drafts) {
      mkdirSync(dirname(draft), { recursive: true });
      writeFileSync(draft, text, { mode: isPrivate ? 0o600 : 0o666, flag: 'wx' });
      if (isPrivate) chmodSync(draft, 0o600);
    }
    for (const { draft, to } of drafts) renameSync(draft, to);
  } finally {
    for (const { draft } of drafts) rmSync(draft, { force: true });
    process.off('SIGINT', wait);
  }
}

/** The text of a file; null when there is none. */
export function readIfThere(dir: string, name: string): string | null {
  const file = join(dir, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** The content of a `.gitignore` with these entries; null when it has them. */
export function withIgnored(before: string | null, entries: readonly string[]): string | null {
  const text = before ?? '';
  const known = new Set(text.split('\n').map((line) => line.trim()));
  const missing = entries.filter((entry) => !known.has(entry));
  if (missing.length === 0) return null;
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`;
}
