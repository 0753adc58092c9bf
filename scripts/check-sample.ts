// Checks the sample company's tickets: format, counts by intent, slice and language, duplicates, near-copies between
// test and examples, and that nothing looks like data of a real person.
//   npm run check:sample
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { count } from '../src/base/plural.ts';
import type { SparseVector } from '../src/classifiers/local/sparse-vector.ts';
import { extractFeatures, tokenise } from '../src/classifiers/local/text-features.ts';
import { fitVectoriser, vectorise } from '../src/classifiers/local/vectoriser.ts';
import { parseLabelledTickets } from '../src/config/labelled-tickets.ts';
import { loadTaxonomy } from '../src/taxonomy/parse-taxonomy.ts';
import { normaliseText } from '../src/ticket/normalise-text.ts';
import { type LabelledTicket, type Ticket, ticketSchema } from '../src/ticket/ticket.ts';
import { findPersonalData } from './find-personal-data.ts';

/** Test tickets must be less similar to every example: cosine of TF-IDF over word 1–2-grams and character 3–5-grams. */
export const MAX_TEST_SIMILARITY = 0.4;
export const MIN_EXAMPLES_PER_LEAF = 8;
export const MIN_TESTS_PER_LEAF = 4;
export const MIN_TICKETS_PER_EDGE_SLICE = 15;

const sampleFolder = join(import.meta.dirname, '..', 'sample');

export type SampleFile = { readonly name: string; readonly tickets: readonly LabelledTicket[] };
export type SampleReport = { readonly problems: readonly string[]; readonly lines: readonly string[] };

export async function checkSample(folder = sampleFolder): Promise<SampleReport> {
  const taxonomy = await loadTaxonomy(join(folder, 'taxonomy.yaml'));
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  const files = names.sort().map((name): SampleFile => {
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    // The intents of adaptation/ are not in the tree yet: that set measures how they are learned.
    return name === 'inbox.jsonl'
      ? { name, tickets: parseUnlabelled(text) }
      : {
          name,
          tickets: parseLabelledTickets({
            text,
            file: relative(process.cwd(), file),
            taxonomy: name.startsWith('adaptation') ? null : taxonomy,
          }),
        };
  });

  const tickets = (name: string) => files.find((file) => file.name === name)?.tickets ?? [];
  const leaves = taxonomy.leaves.map((leaf) => leaf.id);
  const problems = [
    ...findThinLeaves('examples.jsonl', tickets('examples.jsonl'), leaves, MIN_EXAMPLES_PER_LEAF),
    ...findThinLeaves('test.jsonl', tickets('test.jsonl'), leaves, MIN_TESTS_PER_LEAF),
    ...findThinSlices(tickets('edge.jsonl')),
    ...findDuplicates(files),
    ...findBrokenVariants(files),
    ...files.flatMap(({ name, tickets: all }) =>
      all.flatMap((ticket) => findPersonalData(allText(ticket)).map((found) => `${name} ${ticket.id}: ${found}`)),
    ),
  ];

  const findNearest = createNearestFinder(tickets('examples.jsonl'));
  const nearest = tickets('test.jsonl').map(findNearest);
  // The demo would show what the engine has by heart.
  for (const { id, example, similarity } of [...nearest, ...tickets('inbox.jsonl').map(findNearest)]) {
    if (similarity > MAX_TEST_SIMILARITY)
      problems.push(`${id} is a near-copy of ${example} (similarity ${similarity.toFixed(2)})`);
  }
  return { problems, lines: describe({ files, leaves, nearest }) };
}

function parseUnlabelled(text: string): LabelledTicket[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => ({ ...ticketSchema.parse(JSON.parse(line)), intent: null, outOfScope: true }));
}

const plainText = (ticket: Ticket) => `${ticket.subject ?? ''}\n${ticket.body ?? ''}`;
const allText = (ticket: LabelledTicket) =>
  [plainText(ticket), ticket.requester?.email ?? '', ticket.rationale ?? ''].join('\n');

function countBy(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function findThinLeaves(
  name: string,
  tickets: readonly LabelledTicket[],
  leaves: readonly string[],
  minimum: number,
): string[] {
  const counts = countBy(tickets.map((ticket) => ticket.intent ?? ''));
  return leaves
    .filter((leaf) => (counts.get(leaf) ?? 0) < minimum)
    .map((leaf) => `${name} has ${counts.get(leaf) ?? 0} tickets of ${leaf}; at least ${minimum} are required`);
}

function findThinSlices(tickets: readonly LabelledTicket[]): string[] {
  return [...countBy(tickets.flatMap((ticket) => ticket.slices ?? []))]
    .filter(([slice, count]) => slice.startsWith('edge:') && count < MIN_TICKETS_PER_EDGE_SLICE)
    .map(
      ([slice, count]) =>
        `edge.jsonl has ${count} tickets of ${slice}; at least ${MIN_TICKETS_PER_EDGE_SLICE} are required`,
    );
}

function findDuplicates(files: readonly SampleFile[]): string[] {
  const seenText = new Map<string, string>();
  const seenId = new Map<string, string>();
  const problems: string[] = [];
  for (const { name, tickets } of files) {
    for (const ticket of tickets) {
      const here = `${name} ${ticket.id}`;
      const text = normaliseText(plainText(ticket));
      const [sameId, sameText] = [seenId.get(ticket.id), seenText.get(text)];
      if (sameId !== undefined) problems.push(`${here}: the id is used in ${sameId} too`);
      if (sameText !== undefined) problems.push(`${here}: the text is the same as that of ${sameText}`);
      seenId.set(ticket.id, name);
      seenText.set(text, here);
    }
  }
  return problems;
}

function findBrokenVariants(files: readonly SampleFile[]): string[] {
  const intents = new Map(files.flatMap(({ tickets }) => tickets.map((ticket) => [ticket.id, ticket.intent] as const)));
  return files.flatMap(({ name, tickets }) =>
    tickets.flatMap((ticket) => {
      if (ticket.variantOf === undefined) return [];
      const original = intents.get(ticket.variantOf);
      if (original === undefined)
        return [`${name} ${ticket.id}: variantOf names ${ticket.variantOf}, which does not exist`];
      return original === ticket.intent
        ? []
        : [`${name} ${ticket.id}: its intent differs from that of its original ${ticket.variantOf}`];
    }),
  );
}

type Nearest = { readonly id: string; readonly example: string; readonly similarity: number };

/** Returns the function that finds the most similar example of a ticket, by an index from features to examples. */
function createNearestFinder(examples: readonly LabelledTicket[]): (ticket: LabelledTicket) => Nearest {
  const features = (ticket: Ticket) => extractFeatures(tokenise(plainText(ticket)));
  const exampleFeatures = examples.map(features);
  const vectoriser = fitVectoriser(exampleFeatures);
  const holders = new Map<number, { readonly example: number; readonly value: number }[]>();
  for (const [example, one] of exampleFeatures.entries()) {
    for (const [feature, value] of entries(vectorise(vectoriser, one))) {
      const known = holders.get(feature);
      if (known === undefined) holders.set(feature, [{ example, value }]);
      else known.push({ example, value });
    }
  }
  return (ticket) => {
    const products = new Float64Array(examples.length);
    for (const [feature, value] of entries(vectorise(vectoriser, features(ticket)))) {
      for (const holder of holders.get(feature) ?? []) products[holder.example]! += value * holder.value;
    }
    const best = products.reduce((a, product, index) => (product > products[a]! ? index : a), 0);
    // Both blocks of a vector have length 1, so the product of two vectors is at most 2.
    return { id: ticket.id, example: examples[best]?.id ?? 'none', similarity: (products[best] ?? 0) / 2 };
  };
}

function* entries(vector: SparseVector): Generator<[number, number]> {
  for (let i = 0; i < vector.indices.length; i++) yield [vector.indices[i]!, vector.values[i]!];
}

function describe(input: {
  files: readonly SampleFile[];
  leaves: readonly string[];
  nearest: readonly Nearest[];
}): string[] {
  const { files, leaves, nearest } = input;
  const table = (counts: Map<string, number>) =>
    [...counts]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, count]) => `${key} ${count}`)
      .join(', ');
  const lines = files.flatMap(({ name, tickets }) => {
    const slices = countBy(
      tickets.flatMap((ticket) => ticket.slices ?? []).filter((slice) => !slice.startsWith('language:')),
    );
    return [
      `${name}: ${tickets.length} tickets; languages: ${table(countBy(tickets.map((ticket) => ticket.language ?? 'unknown')))}`,
      ...(slices.size > 0 ? [`  slices: ${table(slices)}`] : []),
    ];
  });
  const columns = files.filter(({ name }) => name !== 'inbox.jsonl' && !name.startsWith('adaptation'));
  lines.push('', `intent: ${columns.map(({ name }) => name.replace('.jsonl', '')).join(' / ')}`);
  for (const leaf of leaves) {
    const counts = columns.map(({ tickets }) => tickets.filter((ticket) => ticket.intent === leaf).length);
    lines.push(`  ${leaf}: ${counts.join(' / ')}`);
  }
  const top = [...nearest].sort((a, b) => b.similarity - a.similarity);
  const median = top[Math.floor(top.length / 2)]?.similarity ?? 0;
  lines.push(
    '',
    `nearest example of each test ticket: median similarity ${median.toFixed(2)}, bound ${MAX_TEST_SIMILARITY}; the most alike:`,
  );
  for (const { id, example, similarity } of top.slice(0, 5))
    lines.push(`  ${id} and ${example}: ${similarity.toFixed(2)}`);
  return lines;
}

if (import.meta.main) {
  const { problems, lines } = await checkSample();
  for (const line of lines) console.log(line);
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? '\nNo problem found.' : `\n${count(problems.length, 'problem')} found.`);
  if (problems.length > 0) process.exitCode = 1;
}
