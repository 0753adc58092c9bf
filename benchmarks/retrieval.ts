// Measures how often one of the five examples found has the right intent, and how long a search takes. Compares the
// exact scan with SQL (pgvector and full text), by words, by vectors and by both. The time excludes encoding the query.
// Run: TEST_DATABASE_URL=postgres://… npm run bench:retrieval -- [folder of data sets]
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { createEncoder } from '../src/classifiers/local/encoder/encoder.ts';
import { prepareExample } from '../src/classifiers/local/example-set.ts';
import { encodeAll } from '../src/classifiers/local/read-texts.ts';
import { type Embedder, toUnitVector } from '../src/classifiers/retrieval/embedder.ts';
import { ExactScan } from '../src/classifiers/retrieval/exact-scan.ts';
import type { Example } from '../src/classifiers/retrieval/example-index.ts';
import { readLabelledTickets } from '../src/config/labelled-tickets.ts';
import { openSqlExampleIndex } from '../src/store/example-index/open-sql-example-index.ts';
import { loadTaxonomy } from '../src/taxonomy/parse-taxonomy.ts';
import { openTestPostgresql, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { ticketText } from '../src/ticket/ticket-text.ts';

const dataFolder = process.argv[2] ?? join(import.meta.dirname, '../../shared/data');
const K = 5;
const PER_INTENT = 2;
const WARM_UP_SEARCHES = 50;
/** A text without words, so that only the vector counts. */
const NO_WORDS = '.';

type Mode = 'words' | 'vectors' | 'both';
const modes: readonly Mode[] = ['words', 'vectors', 'both'];
type Read = { readonly example: Example; readonly text: string; readonly vector: Float32Array | null };
type Search = (query: Read, mode: Mode) => Promise<readonly string[]>;

const encoder = createEncoder();
const encoded = new Map<string, Float32Array | null>();

console.log(`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${load()}`);
console.log(
  `recall@${K}: share of test tickets with the right intent among ${K} examples, at most ${PER_INTENT} of one intent`,
);
if (testDatabaseUrl === null) console.log('SQL is skipped: TEST_DATABASE_URL is not set');
console.log('\ndata                     index  examples  queries  by       recall@5  ms p50   p95');
for (const { folder, shots } of [
  { folder: 'insurance', shots: null },
  { folder: 'banking77', shots: 10 },
  { folder: 'banking77', shots: null },
]) {
  if (!existsSync(join(dataFolder, folder))) {
    console.log(`${folder}: skipped, because ${join(dataFolder, folder)} does not exist`);
    continue;
  }
  const taxonomy = await loadTaxonomy(join(dataFolder, folder, 'taxonomy.yaml'));
  const labelled = async (name: string) =>
    (await readLabelledTickets({ file: join(dataFolder, folder, name), taxonomy })).flatMap((ticket) =>
      ticket.intent === null ? [] : [{ ...ticket, intent: ticket.intent }],
    );
  const examples = firstOfEach(await labelled('train.jsonl'), shots).map(read);
  const queries = (await labelled('test.jsonl')).map(read);
  const name = `${folder}${shots === null ? '' : `, ${shots} an intent`}`;
  await measure({ name, index: 'scan', search: openScan(examples), count: examples.length, queries });
  if (testDatabaseUrl !== null) {
    await using sql = await openSql(examples);
    await measure({ name, index: 'SQL', search: sql.search, count: examples.length, queries });
  }
}
console.log(`\nload now ${load()}`);

async function measure(options: {
  name: string;
  index: string;
  search: Search;
  count: number;
  queries: readonly Read[];
}): Promise<void> {
  const { name, index, search, count, queries } = options;
  for (const mode of modes) {
    for (const query of queries.slice(0, WARM_UP_SEARCHES)) await search(query, mode);
    const times: number[] = [];
    let found = 0;
    for (const query of queries) {
      const startedAt = performance.now();
      const intents = await search(query, mode);
      times.push(performance.now() - startedAt);
      if (intents.includes(query.example.intent)) found++;
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2).padStart(6);
    console.log(
      `${name.padEnd(25)}${index.padEnd(5)}${String(count).padStart(10)}${String(queries.length).padStart(9)}  ${mode.padEnd(8)}` +
        `${((100 * found) / queries.length).toFixed(1).padStart(7)} %  ${at(0.5)} ${at(0.95)}`,
    );
  }
}

function openScan(examples: readonly Read[]): Search {
  const scan = new ExactScan();
  const wordless = new ExactScan();
  for (const { example, vector } of examples) {
    const prepared = prepareExample(example);
    scan.put(prepared);
    wordless.put({ ...prepared, text: '' });
    if (vector === null) continue;
    scan.setEmbedding(example.id, vector);
    wordless.setEmbedding(example.id, vector);
  }
  return async ({ text, vector, example }, mode) => {
    const { found } = (mode === 'vectors' ? wordless : scan).search({
      text,
      language: 'en',
      embedding: mode === 'words' ? null : vector,
      k: K,
      perIntent: PER_INTENT,
      minSimilarity: 0,
      excludeIds: new Set([example.id]),
    });
    return found.map(({ intent }) => intent);
  };
}

async function openSql(examples: readonly Read[]): Promise<{ search: Search } & AsyncDisposable> {
  const opened = await openTestPostgresql();
  const { store } = opened;
  await store.transaction((transaction) =>
    transaction.examples.upsert(examples.map(({ example }) => ({ example, source: 'file' as const }))),
  );
  let asked: Float32Array | null = null;
  const embedder: Embedder = {
    id: `benchmark:${encoder.id}`,
    dimensions: encoder.dimensions,
    batchSize: 128,
    embedDocuments: async (texts) => texts.map(({ text }) => vectorOf(text)),
    embedQuery: async () => asked,
  };
  const index = await openSqlExampleIndex({ store, embedder });
  await store.transaction(({ executor }) =>
    executor.execute('analyze switchboard.examples, switchboard.example_texts, switchboard.example_vectors'),
  );
  return {
    async search({ text, vector, example }, mode) {
      asked = mode === 'words' ? null : vector;
      const { found } = await index.search({
        text: mode === 'vectors' ? NO_WORDS : text,
        language: 'en',
        k: K,
        perIntent: PER_INTENT,
        minSimilarity: 0,
        excludeIds: new Set([example.id]),
      });
      return found.map(({ example: { intent } }) => intent);
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

function read(example: Example): Read {
  const { text } = ticketText(example);
  return { example, text, vector: vectorOf(text) };
}

function vectorOf(text: string): Float32Array | null {
  let vector = encoded.get(text);
  if (vector === undefined) {
    vector = toUnitVector(encodeAll(encoder, [text])[0]?.sentence ?? []);
    encoded.set(text, vector);
  }
  return vector;
}

function firstOfEach(examples: readonly Example[], shots: number | null): readonly Example[] {
  if (shots === null) return examples;
  return [...Map.groupBy(examples, ({ intent }) => intent).values()].flatMap((group) => group.slice(0, shots));
}

function load(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
}
