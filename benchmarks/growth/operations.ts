import { seededRandom } from '../../src/evaluation/metrics/seeded-random.ts';
import { storeDueWords } from '../../src/pipeline/store-words.ts';
import type { Queue } from '../../src/queue/queue.ts';
import { openSqlExampleIndex } from '../../src/store/example-index/open-sql-example-index.ts';
import type { Store, StoreTransaction } from '../../src/store/store.ts';
import { hotQueries } from '../../src/testing/hot-queries.ts';
import { randomEmbedder } from './random-embedder.ts';

export type Operation = (round: number) => Promise<unknown>;

/** What the benchmark measures on a filled store, by name: the hot queries, and the transactions that they are part of. */
export async function operationsOn(options: {
  store: Store;
  queue: Queue;
  onProgress: (step: string) => void;
}): Promise<ReadonlyMap<string, Operation>> {
  const { store, queue, onProgress } = options;
  const run = Date.now();
  let taken = 0;
  const intake = () =>
    store.transaction((transaction) =>
      takeIn(
        { transaction, queue },
        Array.from({ length: 10 }, () => `new-${run}-${taken++}`),
      ),
    );
  const queries = hotQueries.map(({ name, run: read }): [string, Operation] => [name, (round) => read(store, round)]);
  return new Map([
    ['intake: ten tickets in a transaction', intake],
    [
      'intake: ten tickets, and their words',
      async () => {
        await intake();
        await storeDueWords(store);
      },
    ],
    ...queries,
    // These read a row for each ticket of their time, so they grow with it.
    ['figures of all tickets: by team', () => store.figures.counts({ by: 'team', ...allTime() })],
    ['figures of all tickets: days', () => store.figures.series({ step: 'day', ...allTime() })],
    ['jobs in progress', () => queue.countActive()],
    ['upkeep: lost work', () => store.transaction(({ executor }) => queue.findLost(executor))],
    // The embedded engine scans the examples of an embedded store in its own thread (`npm run bench:retrieval`).
    ...(store.kind === 'embedded' ? [] : await searchesOn({ store, run, onProgress })),
  ]);
}

/** A series has at most so many days; a million tickets of the filled store are of 694. */
const DAYS = 1_000;
const allTime = () => ({ since: new Date(Date.now() - DAYS * 86_400_000), until: new Date() });

async function takeIn(
  { transaction, queue }: { transaction: StoreTransaction; queue: Queue },
  ids: readonly string[],
): Promise<void> {
  const ticket = { subject: 'Parcel', body: 'Where is my parcel? It is late, and I need it.' };
  await transaction.tickets.insertMany(
    ids.map((id) => ({
      ...{ id, connector: 'api', externalId: id, revision: 1, contentHash: id },
      ticket: { ...ticket, id },
    })),
  );
  await queue.enqueue(
    'decide',
    ids.map((ticketId) => ({ ticketId, revision: 1 })),
    transaction.executor,
  );
  await transaction.history.append(
    ids.map((ticketId) => ({
      ...{ ticketId, event: 'accepted', by: 'benchmark', actor: { kind: 'system', id: 'benchmark' }, detail: '' },
      facts: { revision: 1 },
    })),
  );
}

async function searchesOn(options: {
  store: Store;
  run: number;
  onProgress: (step: string) => void;
}): Promise<[string, Operation][]> {
  const { store, run, onProgress } = options;
  const index = await openSqlExampleIndex({
    store,
    embedder: randomEmbedder,
    onProgress: ({ step, done }) => onProgress(`${step}: ${done}`),
  });
  let taught = 0;
  const search = (text: string) => index.search({ text, k: 5, perIntent: 2, minSimilarity: 0 });
  return [
    ['search for examples', (round) => search(textOf(round))],
    ['search for examples by common words alone', (round) => search(`word1 word2 word3 ${round % 7}`)],
    [
      'one example taught',
      () => {
        taught += 1;
        return index.upsert([{ id: `new-e-${run}-${taught}`, intent: 'intent-1', body: `A new example ${taught}` }]);
      },
    ],
  ];
}

/** As many frequent and rare words as the texts of the store have. */
function textOf(round: number): string {
  const random = seededRandom(round);
  return Array.from({ length: 40 }, () => `word${Math.floor(20_000 ** random())}`).join(' ');
}
