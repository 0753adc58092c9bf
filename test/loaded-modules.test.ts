// What each program and thread loads when it starts: every module costs time at each start, and memory as long as it runs.
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Imports that are followed when a module is loaded: not those of types alone, nor `import()`. */
const importPattern = /^(?:import|export)\s+(?!type\b)(?:(?:[\w*\s{},]+?)\s+from\s+)?'([^']+)'/gm;
const hasTypesAlone = (statement: string) => /^import\s*\{(?:\s*type\s[^,}]+,?)+\s*\}/.test(statement);

/** The files below src/ and the packages that are loaded with these files. */
function loadedWith(entries: readonly string[]): { readonly files: string[]; readonly packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    if (!file.endsWith('.ts')) return;
    for (const [statement, target = ''] of readFileSync(file, 'utf8').matchAll(importPattern)) {
      if (hasTypesAlone(statement)) continue;
      if (target.startsWith('.')) visit(resolve(dirname(file), target));
      else if (!target.startsWith('node:')) packages.add(target);
    }
  };
  for (const entry of entries) visit(join(root, 'src', entry));
  return { files: [...files].map((file) => relative(join(root, 'src'), file)), packages: [...packages] };
}

const app = ['cli/main.ts', 'app.ts'];
const door = [...app, 'cli/commands/serve.ts', 'store/hold-folder.ts', 'http/create-http-servers.ts'];
const worker = [...app, 'cli/commands/work.ts', 'app/build-engine.ts', 'worker/start-worker.ts'];
const threads = [
  'classifiers/local/engine-worker.ts',
  'classifiers/local/encoder-thread/encoder-worker.ts',
  'store/pglite-thread/pglite-worker.ts',
];

test('a server without an engine loads no engine, no worker and no Claude', () => {
  const { files, packages } = loadedWith(door);
  expect(packages).toContain('fastify');
  const forbidden =
    /^(app\/build-(engine|claude|cascade|index)|worker|classifiers\/(claude\/call|local\/(engine|encoder)))/;
  expect(files.filter((file) => forbidden.test(file))).toEqual([]);
  expect(packages).not.toContain('@anthropic-ai/sdk');
});

test('a worker loads no HTTP server and, until it has a key, no Claude', () => {
  const { files, packages } = loadedWith(worker);
  expect(files).toContain('classifiers/local/engine-client.ts');
  expect(files.filter((file) => /^(http|classifiers\/claude\/call)\//.test(file))).toEqual([]);
  expect(packages.filter((name) => /fastify|anthropic/.test(name))).toEqual([]);
});

test('what reads HTML, encoded words and phone numbers is loaded with the first ticket that needs it, patterns and holidays with the first rule', () => {
  const { packages } = loadedWith([...door, ...worker, ...threads]);
  const readers = [
    'html-to-text',
    'htmlparser2',
    'libmime',
    'libphonenumber-js/max',
    'eld/small',
    're2js',
    'date-holidays',
  ];
  expect(packages.filter((name) => readers.includes(name))).toEqual([]);
});

test.each(threads)('%s loads neither zod nor drizzle', (entry) => {
  const { packages } = loadedWith([entry]);
  expect(packages.filter((name) => /^(zod|drizzle-orm)/.test(name))).toEqual([]);
});

test('the modules that a file is loaded with include those of its imports', () => {
  expect(loadedWith(['ticket/redact-ticket.ts']).packages).toContain('libphonenumber-js/max');
  expect(loadedWith(['app/build-claude.ts']).packages).toContain('@anthropic-ai/sdk');
});
