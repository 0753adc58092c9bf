// What the built page weighs, as it is sent.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { root } from './cli-harness.ts';

const CHARTS = 'pages/overview/charts.tsx';
/** In bytes. */
const MOST = 400_000;
const AT_ONCE = 320_000;

const chunkSchema = z.object({
  file: z.string(),
  imports: z.array(z.string()).default([]),
  dynamicImports: z.array(z.string()).default([]),
  css: z.array(z.string()).default([]),
});
type Chunks = Readonly<Record<string, z.output<typeof chunkSchema>>>;

const dist = join(root, 'web', 'dist');

function readChunks(): Chunks {
  const require = createRequire(import.meta.url);
  const { ensurePage } = require(join(root, 'scripts', 'ensure-page.cjs')) as { ensurePage(): boolean };
  if (!ensurePage()) throw new Error('the page could not be built');
  const manifest: unknown = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));
  return z.record(z.string(), chunkSchema).parse(manifest);
}

/** All files that are loaded from some chunks on; with `isLazy`, those too that are loaded only when they are needed. */
function filesFrom(chunks: Chunks, names: readonly string[], { isLazy }: { isLazy: boolean }): ReadonlySet<string> {
  const files = new Set<string>();
  const seen = new Set<string>([CHARTS]);
  const visit = (name: string) => {
    const chunk = chunks[name];
    if (chunk === undefined || seen.has(name)) return;
    seen.add(name);
    for (const file of [chunk.file, ...chunk.css]) files.add(file);
    for (const next of [...chunk.imports, ...(isLazy ? chunk.dynamicImports : [])]) visit(next);
  };
  for (const name of names) visit(name);
  return files;
}

const weigh = (files: ReadonlySet<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length, 0);

test('all pages together, without the charts, are less than 400 kB, and the inbox loads less than 320 kB', () => {
  const chunks = readChunks();
  expect(chunks).toHaveProperty([CHARTS]);
  const all = filesFrom(chunks, ['index.html'], { isLazy: true });
  expect([...all].filter((file) => file.includes('charts'))).toEqual([]);
  expect(all.size).toBeGreaterThan(20);
  expect(weigh(all)).toBeLessThan(MOST);
  const inbox = ['index.html', 'pages/tickets/tickets-page.tsx'];
  expect(weigh(filesFrom(chunks, inbox, { isLazy: false }))).toBeLessThan(AT_ONCE);
});
