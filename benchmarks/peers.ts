// Compares the embedded engine with other classifiers for Node, in one run on the same splits.
//   npm run bench:peers -- [--only insurance,banking77] [--json]
// Installs the peers in benchmarks/peers first. Writes benchmarks/results/peers.json when every set was measured.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { wilsonInterval } from '../src/evaluation/metrics/wilson-interval.ts';
import { findSet, type SetName, type Split, setNames, splitsOf } from './accuracy/data-sets.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false } } });
const folder = join(import.meta.dirname, 'peers');
const SWITCHBOARD = 'switchboard (embedded)';
/** Long, because node-nlp takes minutes on the larger sets. */
const TIME_LIMIT_MS = 30 * 60_000;

const outcomeSchema = z.object({
  correct: z.number(),
  count: z.number(),
  trainSeconds: z.number(),
  medianMs: z.number(),
  memoryMegabytes: z.number(),
});
type Row = z.infer<typeof outcomeSchema> & { readonly peer: string; readonly split: string };

if (!existsSync(join(folder, 'node_modules'))) {
  console.error('Installing the peers in benchmarks/peers …');
  execFileSync('npm', ['ci', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
const peerNames = Object.keys(dependencies()).filter((name) => name !== 'wink-nlp-utils');
const isSetName = (name: string): name is SetName => setNames.some((known) => known === name);
const wanted = values.only === undefined ? [...setNames] : values.only.split(',').filter(isSetName);
for (const set of wanted)
  if (findSet(set) === null) console.error(`${set}: skipped, not found (benchmarks/data/README.md).`);
// One draw of ten tickets per intent is enough for a ranking; bench:accuracy has the mean of three draws.
const splits = wanted.flatMap(splitsOf).filter(({ name }) => !/seed [23]/.test(name));

const temporary = mkdtempSync(join(tmpdir(), 'switchboard-peers-'));
const rows: Row[] = [];
try {
  for (const split of splits) {
    const file = join(temporary, 'split.json');
    writeFileSync(file, JSON.stringify({ train: toPairs(split.train), test: toPairs(split.test) }));
    for (const peer of [SWITCHBOARD, ...peerNames]) measure(peer, split, file);
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
const sizes = Object.fromEntries(peerNames.map((name) => [name, installedMegabytes(name)]));
const machine = `Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`;
const report = {
  command: 'npm run bench:peers',
  measuredAt: new Date().toISOString(),
  machine,
  rows,
  installMegabytes: sizes,
};
if (values.json) console.log(JSON.stringify(report, null, 2));
else {
  console.log(
    `\nInstalled size with dependencies, MB: ${Object.entries(sizes)
      .map(([name, size]) => `${name} ${size.toFixed(0)}`)
      .join(', ')}`,
  );
  console.log(machine);
}
if (wanted.length === setNames.length && wanted.every((set) => findSet(set) !== null)) {
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
  writeFileSync(join(import.meta.dirname, 'results', 'peers.json'), `${JSON.stringify(report, null, 2)}\n`);
}

function measure(peer: string, split: Split, file: string): void {
  const script =
    peer === SWITCHBOARD
      ? [join(folder, 'run-switchboard.ts'), split.set, file]
      : [join(folder, 'run-peer.mjs'), peer, file];
  const run = spawnSync(process.execPath, script, { encoding: 'utf8', timeout: TIME_LIMIT_MS, maxBuffer: 1e8 });
  const last = run.stdout.trim().split('\n').at(-1) ?? '';
  if (run.status !== 0 || last === '') {
    console.error(`${peer} on ${split.name}: ${run.error?.message ?? run.stderr.trim().split('\n').at(-1)}`);
    return;
  }
  const row = { peer, split: split.name, ...outcomeSchema.parse(JSON.parse(last)) };
  rows.push(row);
  if (values.json) return;
  const interval = wilsonInterval({ successes: row.correct, count: row.count });
  const share = (value: number | undefined) => `${(100 * (value ?? 0)).toFixed(1)} %`;
  console.log(
    [
      split.name.padEnd(32),
      peer.padEnd(34),
      `${share(interval?.value)} (${share(interval?.low)}–${share(interval?.high)})`,
      `trained in ${row.trainSeconds.toFixed(1)} s`,
      `${row.medianMs.toFixed(2)} ms a ticket`,
      `${row.memoryMegabytes.toFixed(0)} MB`,
    ].join('  '),
  );
}

function toPairs(tickets: Split['train']): [string, string][] {
  return tickets.map(({ subject, body, intent }) => [[subject, body].filter(Boolean).join('\n'), intent ?? '']);
}

function dependencies(): Record<string, string> {
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
  return z.object({ dependencies: z.record(z.string(), z.string()) }).parse(JSON.parse(manifest)).dependencies;
}

/** Installed size of a package and everything that it depends on. */
function installedMegabytes(name: string, seen = new Set<string>()): number {
  const modules = join(folder, 'node_modules');
  if (seen.has(name) || !existsSync(join(modules, name))) return 0;
  seen.add(name);
  const manifest = z
    .object({ dependencies: z.record(z.string(), z.string()).default({}) })
    .parse(JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')));
  const own = readdirSync(join(modules, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  return Object.keys(manifest.dependencies).reduce((sum, next) => sum + installedMegabytes(next, seen), own / 1e6);
}
