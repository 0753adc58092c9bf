// Measures whether a store stays fast as it grows: each operation in turn on a small store and on a large one, round by
// round, so that whatever else the machine does takes the same from both. Times of the wall clock, at the median.
//   npm run bench:growth -- [--tickets 100000] [--examples 20000]                      the embedded store
//   npm run bench:growth -- --database-url postgres://… --tickets 1000000 --examples 100000
// On PostgreSQL it creates the databases switchboard_growth_small and switchboard_growth_large on that server, and drops
// them at the end; with --keep they stay, and are used as they are the next time. Tickets are written by SQL, vectors are
// random: it says nothing about accuracy. --save writes results/growth.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { openQueue } from '../src/queue/open-queue.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { fillStore } from '../src/testing/fill-store.ts';
import { type Operation, operationsOn } from './growth/operations.ts';

const { values } = parseArgs({
  options: {
    tickets: { type: 'string', default: '100000' },
    examples: { type: 'string', default: '20000' },
    'database-url': { type: 'string' },
    repeat: { type: 'string', default: '40' },
    keep: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const sizes = {
  small: { tickets: 5_000, examples: 2_000 },
  large: { tickets: Number(values.tickets), examples: Number(values.examples) },
};
type Size = keyof typeof sizes;
const repeats = Number(values.repeat);
const serverUrl = values['database-url'] ?? null;
/** Above this, a large store counts as slower than a small one. */
const LIMIT = 1.5;
const note = (text: string) => process.stderr.write(`\r\u001b[2K${text}`);

const databaseOf = (size: Size) => `switchboard_growth_${size}`;

async function onServer(statement: string): Promise<{ rowCount: number | null }> {
  const client = new Client({ connectionString: serverUrl ?? '' });
  await client.connect();
  return client.query(statement).finally(() => client.end());
}

/** Opens the store of a size, creates and fills it where it is new. `close` removes it unless it is to be kept. */
async function openFilled(size: Size) {
  let place: { databaseUrl: string | null; dataDir: string };
  let remove: () => Promise<unknown>;
  if (serverUrl === null) {
    const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-growth-'));
    place = { databaseUrl: null, dataDir };
    remove = () => rm(dataDir, { recursive: true, force: true });
  } else {
    const name = databaseOf(size);
    const { rowCount } = await onServer(`select from pg_database where datname = '${name}'`);
    if (rowCount === 0) await onServer(`create database ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    place = { databaseUrl: url.href, dataDir: '' };
    remove = values.keep ? async () => {} : () => onServer(`drop database ${name} with (force)`);
  }
  const store = await openStore(place);
  const queue = await openQueue({ connection: store.connection });
  const startedAt = performance.now();
  const isNew = (await store.history.lastSeq()) === 0;
  if (isNew) await fillStore({ store, ...sizes[size], onProgress: (step) => note(`${size}: ${step}`) });
  note('');
  if (isNew) console.log(`${size} store filled in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  return {
    store,
    operations: await operationsOn({ store, queue, onProgress: (step) => note(`${size}: ${step}`) }),
    async close() {
      await queue.close();
      await store.close();
      await remove();
    },
  };
}

const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

async function measure(name: string, operations: Readonly<Record<Size, Operation>>) {
  note(name);
  const times: Record<Size, number[]> = { small: [], large: [] };
  // The first time, each round fills the caches of the database with what it reads.
  for (let i = 0; i < 2 * repeats; i++) {
    for (const size of ['small', 'large'] as const) {
      const startedAt = performance.now();
      await operations[size](i % repeats);
      if (i >= repeats) times[size].push(performance.now() - startedAt);
    }
  }
  const [smallMs, largeMs] = [median(times.small), median(times.large)];
  note('');
  const factor = largeMs / smallMs;
  console.log(
    `${name.padEnd(48)} ${smallMs.toFixed(2).padStart(8)} ms ${largeMs.toFixed(2).padStart(8)} ms   ${factor.toFixed(2)} times${factor > LIMIT ? '  *' : ''}`,
  );
  const round = (value: number) => Math.round(value * 100) / 100;
  return { smallMs: round(smallMs), largeMs: round(largeMs), factor: round(factor) };
}

function save(kind: Store['kind'], figures: Readonly<Record<string, object>>, load: string): void {
  const file = join(import.meta.dirname, 'results/growth.json');
  let before: Record<string, unknown> = {};
  try {
    before = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>; // Written below.
  } catch {
    // There is none yet.
  }
  const machine = `Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${load}`;
  const entry = { measuredAt: new Date().toISOString(), machine, ...sizes, operations: figures };
  writeFileSync(file, `${JSON.stringify({ command: 'npm run bench:growth', ...before, [kind]: entry }, null, 2)}\n`);
}

const small = await openFilled('small');
const large = await openFilled('large');
try {
  const loadBefore = loadavg()[0]?.toFixed(1);
  const { kind } = small.store;
  const sum = ({ tickets, examples }: (typeof sizes)[Size]) => `${tickets} tickets and ${examples} examples`;
  console.log(`${kind}: ${sum(sizes.small)}, then ${sum(sizes.large)}`);
  const figures: Record<string, Awaited<ReturnType<typeof measure>>> = {};
  for (const [name, operation] of small.operations) {
    const same = large.operations.get(name);
    if (same !== undefined) figures[name] = await measure(name, { small: operation, large: same });
  }
  const load = `${loadBefore} before and ${loadavg()[0]?.toFixed(1)} after`;
  console.log(`Node ${process.version}, load ${load}`);
  if (values.save) save(kind, figures, load);
} finally {
  await small.close();
  await large.close();
}
process.exit();
