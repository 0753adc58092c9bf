// Holds two lines that a compiler does not: which room may import which, and that paths cited in docs exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Rooms from the doors inwards. A room may import from rooms of the lists below its own, never from those above. */
export const roomLevels: readonly (readonly string[])[] = [
  ['cli', 'index'],
  ['http'],
  ['app'],
  ['worker'],
  ['pipeline', 'operations', 'evaluation'],
  ['config'],
  ['store', 'connectors', 'queue'],
  ['routing'],
  ['classifiers'],
  ['taxonomy'],
  ['ticket'],
  ['base'],
  ['errors'],
];

const levelOf = new Map(roomLevels.flatMap((rooms, level) => rooms.map((room) => [room, level] as const)));

export type Violation = { readonly file: string; readonly message: string };

/** `classifiers` for src/classifiers/local/x.ts, `app` for src/app.ts. */
function roomOf(path: string): string {
  const [first = ''] = path.split('/');
  return first.replace(/\.ts$/, '');
}

const importPattern = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+|new URL\(\s*)'(\.{1,2}\/[^']+)'/g;

/** Every import of `files` (path below src, text) that goes the wrong way. Tests may import src/testing. */
export function findImportViolations(files: readonly { path: string; text: string }[]): Violation[] {
  const violations: Violation[] = [];
  for (const { path, text } of files) {
    const from = roomOf(path);
    if (from === 'testing') continue;
    const fromLevel = levelOf.get(from);
    if (fromLevel === undefined) {
      violations.push({
        file: path,
        message: `"${from}" is not a room. Add it to scripts/check-architecture.ts and docs/architecture.md`,
      });
      continue;
    }
    for (const [, specifier = ''] of text.matchAll(importPattern)) {
      const target = relative('/src', resolve('/src', dirname(path), specifier));
      if (target.startsWith('..')) continue;
      const to = roomOf(target);
      if (to === from) continue;
      if (to === 'testing') {
        if (!path.endsWith('.test.ts'))
          violations.push({ file: path, message: `imports src/testing, which only tests may` });
        continue;
      }
      const toLevel = levelOf.get(to);
      const isTest = path.endsWith('.test.ts');
      if (toLevel === undefined || (toLevel <= fromLevel && !isTest)) {
        violations.push({ file: path, message: `room "${from}" may not import room "${to}" (${specifier})` });
      }
    }
    if (from !== 'config' && !path.endsWith('.test.ts') && /\bprocess\.env\b/.test(stripComments(text))) {
      violations.push({ file: path, message: 'reads process.env; only src/config may' });
    }
  }
  return violations;
}

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}

const citedPath = /`((?:src|test|docs|scripts|benchmarks|sample|web|bin|examples)\/[\w./-]+)`/g;

/** Paths in backticks that do not exist. */
export function findDeadPaths(
  docs: readonly { path: string; text: string }[],
  exists: (path: string) => boolean,
): Violation[] {
  return docs.flatMap(({ path, text }) =>
    [...text.matchAll(citedPath)]
      .map(([, cited = '']) => cited)
      .filter((cited) => !exists(cited))
      .map((cited) => ({ file: path, message: `cites ${cited}, which does not exist` })),
  );
}

function readFiles(folder: string, keep: (name: string) => boolean): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && keep(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file), text: readFileSync(file, 'utf8') }));
}

export function checkArchitecture(): Violation[] {
  const sources = readFiles(join(root, 'src'), (name) => name.endsWith('.ts'));
  const docs = readFiles(join(root, 'docs'), (name) => name.endsWith('.md'));
  for (const name of ['README.md', 'CONTRIBUTING.md'].filter((file) => existsSync(join(root, file)))) {
    docs.push({ path: name, text: readFileSync(join(root, name), 'utf8') });
  }
  return [...findImportViolations(sources), ...findDeadPaths(docs, (path) => existsSync(join(root, path)))];
}

if (import.meta.main) {
  const violations = checkArchitecture();
  for (const { file, message } of violations) console.error(`${file}: ${message}`);
  if (violations.length > 0) process.exitCode = 1;
}
