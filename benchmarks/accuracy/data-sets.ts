// The public data sets in our ticket format, and the splits that are measured.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shuffled } from '../../src/evaluation/metrics/seeded-random.ts';
import { parseTaxonomy } from '../../src/taxonomy/parse-taxonomy.ts';
import type { Taxonomy } from '../../src/taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../../src/ticket/ticket.ts';

export type Split = {
  readonly name: string;
  readonly set: SetName;
  readonly taxonomy: Taxonomy;
  readonly train: readonly LabelledTicket[];
  /** Test tickets in scope. */
  readonly test: readonly LabelledTicket[];
  /** Tickets in scope for the threshold of 95 % acceptance; empty when the set has none. */
  readonly validation: readonly LabelledTicket[];
  readonly outOfScope: readonly LabelledTicket[];
};

export const setNames = ['insurance', 'banking77', 'clinc150', 'hwu64'] as const;
export type SetName = (typeof setNames)[number];
const EXAMPLES_PER_INTENT = 10;
const SEEDS = [1, 2, 3];

const root = join(import.meta.dirname, '../..');
const folders = ['benchmarks/data', '../shared/data'].map((folder) => join(root, folder));

/** Returns the folder of the set; null when it does not exist. */
export function findSet(set: SetName): string | null {
  return folders.map((folder) => join(folder, set)).find((folder) => existsSync(join(folder, 'test.jsonl'))) ?? null;
}

/** Returns the splits of one set: all training tickets and, for banking77, ten per intent drawn with three seeds. */
export function splitsOf(set: SetName): Split[] {
  const folder = findSet(set);
  if (folder === null) return [];
  const file = join(folder, 'taxonomy.yaml');
  const read = (name: string) => readTickets(join(folder, name));
  const inScope = (tickets: readonly LabelledTicket[]) => tickets.filter(({ intent }) => intent !== null);
  const test = read('test.jsonl');
  const train = inScope(read('train.jsonl'));
  const whole: Split = {
    name: `${set}, all train`,
    set,
    taxonomy: parseTaxonomy({ text: readFileSync(file, 'utf8'), file }),
    train,
    test: inScope(test),
    validation: existsSync(join(folder, 'val.jsonl')) ? inScope(read('val.jsonl')) : [],
    outOfScope: test.filter(({ intent }) => intent === null),
  };
  if (set !== 'banking77') return [whole];
  const few = SEEDS.map((seed) => ({ ...whole, name: `${set}, 10 an intent, seed ${seed}`, train: draw(train, seed) }));
  return [...few, whole];
}

/** Draws ten tickets of each intent at random; the seed makes it repeatable. */
function draw(tickets: readonly LabelledTicket[], seed: number): LabelledTicket[] {
  const groups = Map.groupBy(shuffled([...tickets], seed), ({ intent }) => intent);
  return [...groups.values()].flatMap((group) => group.slice(0, EXAMPLES_PER_INTENT));
}

/** The cast is safe: our own converter wrote the files, and the program's loader has checked its output. */
function readTickets(file: string): LabelledTicket[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as LabelledTicket);
}
