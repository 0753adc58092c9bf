import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRetrieval, retrieveExamples } from '../../src/classifiers/claude/retrieve-examples.ts';
import type { RetrievalSettings } from '../../src/classifiers/claude/settings.ts';
import { createEncoder } from '../../src/classifiers/local/encoder/encoder.ts';
import { createRandom } from '../../src/classifiers/local/random.ts';
import { encodeAll } from '../../src/classifiers/local/read-texts.ts';
import { toUnitVector } from '../../src/classifiers/retrieval/embedder.ts';
import type { Example, FoundExample } from '../../src/classifiers/retrieval/example-index.ts';
import { readLabelledTickets } from '../../src/config/labelled-tickets.ts';
import { bareTicket } from '../../src/evaluation/dataset/bare-ticket.ts';
import { shuffled } from '../../src/evaluation/metrics/seeded-random.ts';
import { loadTaxonomy } from '../../src/taxonomy/parse-taxonomy.ts';
import type { Taxonomy } from '../../src/taxonomy/taxonomy.ts';
import { ticketText } from '../../src/ticket/ticket-text.ts';
import { scanInProcess } from './scan-in-process.ts';

/** Share of the labels that are swapped for that of the nearest other intent. */
const SWAPPED = 0.25;
const TICKETS = 1_000;
const SEED = 11;

const amounts: readonly (RetrievalSettings & { readonly name: string })[] = [
  { ...defaultRetrieval, name: 'before: 5, 2 an intent', k: 5, perIntent: 2 },
  { ...defaultRetrieval, name: 'always 10, 4 an intent', k: 10, perIntent: 4 },
  { ...defaultRetrieval, name: 'now: auto' },
];

/** Measures whether the right label is among the examples shown, with clean labels and with a quarter of them swapped. */
export async function measureNoise(dataFolder: string): Promise<void> {
  console.log(
    `Right label among the examples shown, and the most frequent one there (of equals a share), in % of ${TICKETS} test tickets.`,
  );
  console.log('The labels of "noisy" are swapped for that of the nearest other intent in a quarter of the examples.');
  console.log(
    'examples                 labels  shown                   right  most frequent  examples  told of the spread',
  );
  for (const { folder, shots } of [
    { folder: 'banking77', shots: 10 },
    { folder: 'banking77', shots: 50 },
    { folder: 'clinc150', shots: 30 },
  ]) {
    if (!existsSync(join(dataFolder, folder))) {
      console.log(`${folder}: skipped, because ${join(dataFolder, folder)} does not exist`);
      continue;
    }
    const taxonomy = await loadTaxonomy(join(dataFolder, folder, 'taxonomy.yaml'));
    const read = async (name: string) =>
      (await readLabelledTickets({ file: join(dataFolder, folder, name), taxonomy })).flatMap((ticket): Example[] =>
        ticket.intent === null ? [] : [{ ...ticket, intent: ticket.intent, language: 'en' }],
      );
    const train = shuffled(await read('train.jsonl'), SEED);
    const examples = [...Map.groupBy(train, ({ intent }) => intent).values()].flatMap((all) => all.slice(0, shots));
    const tickets = shuffled(await read('test.jsonl'), SEED).slice(0, TICKETS);
    const name = `${folder}, ${shots} an intent`;
    await measure({ name, labels: 'clean', examples, tickets, taxonomy });
    await measure({ name, labels: 'noisy', examples: swapLabels(examples), tickets, taxonomy });
  }
}

async function measure(options: {
  name: string;
  labels: string;
  examples: readonly Example[];
  tickets: readonly Example[];
  taxonomy: Taxonomy;
}): Promise<void> {
  const { name, labels, examples, tickets, taxonomy } = options;
  const index = scanInProcess(examples);
  for (const retrieval of amounts) {
    const sums = { right: 0, mostFrequent: 0, shown: 0, told: 0 };
    for (const labelled of tickets) {
      const { found, spread } = await retrieveExamples({
        index,
        retrieval,
        ticket: bareTicket(labelled),
        taxonomy,
        guess: null,
      });
      if (found.some(({ example }) => example.intent === labelled.intent)) sums.right++;
      sums.mostFrequent += shareOfMostFrequent(found, labelled.intent);
      sums.shown += found.length;
      if (spread !== null) sums.told++;
    }
    const percent = (sum: number) => `${((100 * sum) / tickets.length).toFixed(1).padStart(5)}`;
    console.log(
      `${name.padEnd(25)}${labels.padEnd(8)}${retrieval.name.padEnd(24)}${percent(sums.right)}${percent(sums.mostFrequent).padStart(15)}` +
        `${(sums.shown / tickets.length).toFixed(1).padStart(10)}${percent(sums.told).padStart(20)}`,
    );
  }
}

function shareOfMostFrequent(found: readonly FoundExample[], intent: string): number {
  const groups = Map.groupBy(found, ({ example }) => example.intent);
  const most = Math.max(0, ...[...groups.values()].map((group) => group.length));
  const best = [...groups].filter(([, group]) => group.length === most).map(([id]) => id);
  return best.includes(intent) ? 1 / best.length : 0;
}

function swapLabels(examples: readonly Example[]): Example[] {
  const random = createRandom(SEED);
  const encoder = createEncoder();
  const byIntent = Map.groupBy(examples, ({ intent }) => intent);
  const centres = new Map(
    [...byIntent].map(([intent, group]) => {
      const vectors = encodeAll(
        encoder,
        group.map((example) => ticketText(example).text),
      );
      const sum = new Float32Array(encoder.dimensions);
      for (const { sentence } of vectors) for (const [at, value] of sentence.entries()) sum[at]! += value;
      return [intent, toUnitVector(sum) ?? sum] as const;
    }),
  );
  const cosine = (a: Float32Array, b: Float32Array) => a.reduce((total, value, at) => total + value * b[at]!, 0);
  const nearest = new Map(
    [...centres].map(([intent, centre]) => {
      const others = [...centres].filter(([other]) => other !== intent);
      const [best] = others.toSorted(([, a], [, b]) => cosine(b, centre) - cosine(a, centre));
      return [intent, best?.[0] ?? intent] as const;
    }),
  );
  return examples.map((example) =>
    random() < SWAPPED ? { ...example, intent: nearest.get(example.intent) ?? example.intent } : example,
  );
}
