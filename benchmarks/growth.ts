// Measures whether a store stays fast as it grows: each operation on a small store and on a large one, by turns of the
// same program, in milliseconds of the wall clock at the median.
//   npm run bench:growth -- [--tickets 100000] [--examples 20000]                      the embedded store
//   npm run bench:growth -- --database-url postgres://… --tickets 1000000 --examples 100000
// The database must be empty. Tickets are written by SQL, vectors are random: it says nothing about accuracy.
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Embedder } from '../src/classifiers/retrieval/embedder.ts';
import { seededRandom, seedFromText } from '../src/evaluation/metrics/seeded-random.ts';
import { openQueue } from '../src/queue/open-queue.ts';
import type { Queue } from '../src/queue/queue.ts';
import { openSqlExampleIndex } from '../src/store/example-index/open-sql-example-index.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { fillStore } from '../src/testing/fill-store.ts';

const { values } = parseArgs({
  options: {
    tickets: { type: 'string', default: '100000' },
    examples: { type: 'string', default: '20000' },
    'database-url': { type: 'string' },
    repeat: { type: 'string', default: '40' },
  },
});
const small = { tickets: 5_000, examples: 2_000 };
const large = { tickets: Number(values.tickets), examples: Number(values.examples) };
const repeats = Number(values.repeat);
const databaseUrl = values['database-url'] ?? null;
const note = (text: string) => process.stderr.write(`\r\u001b[2K${text}`);

/** Unit vectors of 512 numbers that depend on the text alone. */
const embedder: Embedder = {
  id: 'random-512',
  dimensions: 512,
  batchSize: 500,
  embedDocuments: async (texts) => texts.map(({ text }) => randomVector(text)),
  embedQuery: async ({ text }) => randomVector(text),
};

function randomVector(text: string): Float32Array {
  const random = seededRandom(seedFromText(text));
  const vector = Float32Array.from({ length: 512 }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

type Operation = (round: number) => Promise<unknown>;

async function operationsOn(options: {
  store: Store;
  queue: Queue;
  count: typeof small;
}): Promise<Record<string, Operation>> {
  const { store, queue, count } = options;
  // The embedded engine scans the examples of an embedded store in its own thread (`npm run bench:retrieval`).
  const index =
    databaseUrl === null ? null : await openSqlExampleIndex({ store, embedder, onProgress: ({ step }) => note(step) });
  const ticketOf = (round: number) => `t-${(round * 7_919) % count.tickets}`;
  let added = 0;
  return {
    'intake: ten tickets in a transaction': (round) =>
      store.transaction(async (transaction) => {
        const tickets = Array.from({ length: 10 }, () => newTicket(`new-${count.tickets}-${round}-${added++}`));
        await transaction.tickets.findByKeys(tickets);
        await transaction.tickets.insertMany(tickets);
        await queue.enqueue(
          'decide',
          tickets.map(({ id }) => ({ ticketId: id, revision: 1 })),
          transaction.executor,
        );
        await transaction.history.append(tickets.map(({ id }) => accepted(id)));
      }),
    'one ticket with its history': (round) => store.tickets.getRecord(ticketOf(round)),
    'list: newest 50': () => store.tickets.list({ limit: 50 }),
    'list: newest 50 of a team': (round) => store.tickets.list({ limit: 50, filter: { team: `team-${round % 12}` } }),
    'list: newest 50 of an intent': (round) => store.tickets.list({ limit: 50, filter: { intent: scopeOf(round) } }),
    'list: newest 50 abstained': () => store.tickets.list({ limit: 50, filter: { abstained: true } }),
    'list: newest 50 urgent of a team': (round) =>
      store.tickets.list({ limit: 50, filter: { priority: 'urgent', team: `team-${(round * 4) % 12}` } }),
    'counts of tickets': () => store.tickets.count(),
    'counts of examples': () => Promise.all([store.examples.countBySource(), store.examples.countByIntent()]),
    'list: 50 examples of an intent': (round) =>
      store.examples.list({ limit: 50, cursor: null, filter: { intent: scopeOf(round) } }),
    'corrections of a text': (round) => store.corrections.ofWords([`unknown-${round}`]),
    'history: what is new': async () => store.history.after(await store.history.lastSeq(), 100),
    ...(index && {
      'search for examples': (round: number) =>
        index.search({ text: textOf(round), k: 5, perIntent: 2, minSimilarity: 0 }),
      'one example taught': (round: number) =>
        index.upsert([{ id: `new-e-${count.tickets}-${round}`, intent: 'intent-1', body: `A new example ${round}` }]),
    }),
  };
}

/** As many frequent and rare words as the texts of the store have. */
function textOf(round: number): string {
  const random = seededRandom(round);
  return Array.from({ length: 40 }, () => `word${Math.floor(20_000 ** random())}`).join(' ');
}

/** An intent, as a filter of lists. */
const scopeOf = (round: number) => [{ within: `intent-${round % 60}`, except: [] }];

const newTicket = (id: string) => ({
  ...{ id, connector: 'api', externalId: id, revision: 1, contentHash: id },
  ticket: { id, subject: 'Parcel', body: 'Where is my parcel? It is late, and I need it.' },
});
const accepted = (ticketId: string) => ({
  ...{ ticketId, event: 'accepted' as const, by: 'benchmark', actor: { kind: 'system' as const, id: 'benchmark' } },
  ...{ detail: 'accepted', facts: {} as never },
});

async function measure(store: Store, count: typeof small): Promise<Map<string, number>> {
  const medians = new Map<string, number>();
  const queue = await openQueue({ connection: store.connection });
  for (const [name, run] of Object.entries(await operationsOn({ store, queue, count }))) {
    note(`${count.tickets} tickets: ${name}`);
    const times: number[] = [];
    for (let round = 0; round < repeats + 5; round++) {
      const startedAt = performance.now();
      await run(round);
      if (round >= 5) times.push(performance.now() - startedAt); // The first ones fill caches.
    }
    medians.set(name, times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0);
  }
  await queue.close();
  return medians;
}

const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-growth-'));
const store = await openStore({ databaseUrl, dataDir });
try {
  const load = loadavg()[0]?.toFixed(1);
  const fill = (from: typeof small, to: typeof small) =>
    fillStore({
      store,
      tickets: { from: from.tickets, to: to.tickets },
      examples: { from: from.examples, to: to.examples },
      onProgress: note,
    });
  await fill({ tickets: 0, examples: 0 }, small);
  const before = await measure(store, small);
  await fill(small, large);
  const after = await measure(store, large);
  note('');
  console.log(
    `${store.kind}, ${small.tickets} and ${large.tickets} tickets, ${small.examples} and ${large.examples} examples`,
  );
  for (const [name, ms] of before) {
    const grown = after.get(name) ?? 0;
    const factor = grown / ms;
    console.log(
      `${name.padEnd(40)} ${ms.toFixed(2).padStart(8)} ms ${grown.toFixed(2).padStart(8)} ms   ${factor.toFixed(2)} times${factor > 1.5 ? '  *' : ''}`,
    );
  }
  console.log(`Node ${process.version}, load ${load} before and ${loadavg()[0]?.toFixed(1)} after`);
} finally {
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
}
