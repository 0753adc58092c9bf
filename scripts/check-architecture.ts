// Checks what the compiler does not: which room may import which, that paths cited in docs exist, and that commands in
// docs work on a machine with npm and an older Node.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');

/** Rooms from the outside inwards. A room may import from rooms in the lists below its own, never from those above. */
export const roomLevels: readonly (readonly string[])[] = [
  ['cli', 'index'],
  ['http'],
  ['doctor'],
  ['app'],
  ['worker'],
  ['pipeline', 'operations', 'evaluation', 'people'],
  ['config'],
  ['store', 'connectors', 'queue'],
  ['routing'],
  ['classifiers'],
  ['taxonomy'],
  ['ticket'],
  ['sentences'],
  ['base'],
  ['errors'],
];

const levelOf = new Map(roomLevels.flatMap((rooms, level) => rooms.map((room) => [room, level] as const)));

/** An import of more than types from another folder. */
const takesCode = /^(?:import|export)\s+(?!type\b)[^;]*?\bfrom\s+'\.\.\//m;

export type Violation = { readonly file: string; readonly message: string };

/** Returns the room of a file: `classifiers` for src/classifiers/local/x.ts, `app` for src/app.ts. */
function roomOf(path: string): string {
  const [first = ''] = path.split('/');
  return first.replace(/\.ts$/, '');
}

const importPattern =
  /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+|new URL\(\s*(?='[^']+',\s*import\.meta\.url))'(\.{1,2}\/[^']+)'/g;

/** Finds every import in `files` (path below src, text) that breaks the rule. Tests may import src/testing. */
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
    if (from === 'sentences' && !path.endsWith('.test.ts') && takesCode.test(text)) {
      violations.push({
        file: path,
        message: 'takes more than types from another room; the page bundles src/sentences',
      });
    }
    if (from !== 'config' && !path.endsWith('.test.ts') && /\bprocess\.env\b/.test(stripComments(text))) {
      violations.push({ file: path, message: 'reads process.env; only src/config may' });
    }
  }
  return violations;
}

const pageImport = /\b(import|export)\s+(type\s+)?[^'";]*?\bfrom\s+'((?:\.\.\/)+[^']+)'/g;

/**
 * Finds what the page (path below web, text) imports from outside: it may take types of the API's contract, and src/sentences,
 * which takes only types from other rooms.
 */
export function findPageViolations(files: readonly { path: string; text: string }[]): Violation[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(pageImport)].flatMap(([, , type, specifier = '']) => {
      const target = relative('/page/web', resolve('/page/web', dirname(path), specifier));
      const isOutside = target.startsWith('..');
      const isShared = target.startsWith('../src/sentences/');
      if (!isOutside || isShared || (type !== undefined && target === '../src/http/contract.ts')) return [];
      const message = `imports ${specifier}; the page takes only types of src/http/contract.ts, and src/sentences`;
      return [{ file: `web/${path}`, message }];
    }),
  );
}

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}

const citedPath = /`((?:src|test|docs|scripts|benchmarks|sample|web|bin|examples)\/[\w./-]+)`/g;

/** Finds paths in backticks that do not exist. */
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

/** The first matches `npm run bench:http`, the second commands that start a .ts file without npm. */
const npmScript = /\bnpm (?:run (?:--?[a-z-]+ )*)([a-z][\w:-]*)/g;
const bareNode = /\bnode (?:--?[\w=-]+ )*[\w./-]+\.ts\b/g;

/** Finds commands that do not work as written: a .ts file run by any Node on the PATH, or a script that does not exist. */
export function findBrokenCommands(
  docs: readonly { path: string; text: string }[],
  scripts: ReadonlySet<string>,
): Violation[] {
  return docs.flatMap(({ path, text }) => [
    ...[...text.matchAll(bareNode)].map(([command]) => ({
      file: path,
      message: `names "${command}", which fails on a Node without TypeScript; make it an npm script (scripts/run.cjs)`,
    })),
    ...[...text.matchAll(npmScript)]
      .filter(([, name = '']) => !scripts.has(name))
      .map(([command]) => ({ file: path, message: `names "${command}", which package.json does not have` })),
  ]);
}

/** Finds npm scripts of package.json that start a .ts file with any Node on the PATH. */
export function findBareScripts(scripts: Readonly<Record<string, string>>): string[] {
  return Object.entries(scripts)
    .filter(([name, command]) => !(`pre${name}` in scripts) && command.match(bareNode) !== null)
    .map(([name]) => name);
}

function readFiles(folder: string, keep: (name: string) => boolean): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && keep(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file), text: readFileSync(file, 'utf8') }));
}

const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()) });

export function checkArchitecture(): Violation[] {
  const read = (folder: string, end: string) =>
    readFiles(join(root, folder), (name) => name.endsWith(end)).map(({ path, text }) => ({
      path: join(folder, path),
      text,
    }));
  const sources = readFiles(join(root, 'src'), (name) => name.endsWith('.ts'));
  const docs = [
    ...read('docs', '.md'),
    ...['README.md', 'CONTRIBUTING.md'].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  ];
  const { scripts } = manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  // `examples/` is left out: it describes the installed package, which runs on the reader's own Node.
  const moreDocs = ['src', 'sample', 'benchmarks'].flatMap((folder) => read(folder, '.md'));
  const programs = ['scripts', 'benchmarks'].flatMap((folder) => read(folder, '.ts'));
  const page = readFiles(join(root, 'web'), (name) => /\.tsx?$/.test(name)).filter(
    ({ path }) => !/^dist|\.test\./.test(path),
  );
  return [
    ...findImportViolations(sources),
    ...findPageViolations(page),
    ...findDeadPaths(docs, (path) => existsSync(join(root, path))),
    ...findBrokenCommands([...docs, ...moreDocs, ...programs], new Set(Object.keys(scripts))),
    ...findBareScripts(scripts).map((name) => ({
      file: 'package.json',
      message: `script "${name}" needs scripts/run.cjs: the Node on the PATH may not read TypeScript`,
    })),
  ];
}

if (import.meta.main) {
  const violations = checkArchitecture();
  for (const { file, message } of violations) console.error(`${file}: ${message}`);
  if (violations.length > 0) process.exitCode = 1;
}
