import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../base/hash.ts';
import type { OnProgress } from '../base/progress.ts';
import { createLocalClassifier, type LocalClassifier } from '../classifiers/local/create-local-classifier.ts';
import type { ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Workspace } from '../config/load-workspace.ts';
import { comparableText, dropLeaks, variantGroup } from '../evaluation/dataset/drop-leaks.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';

const FOLDS = 5;
/** More examples than this say little more about how often an answer is right, and each costs a call of every model. */
const MOST = 1_000;

/** Tickets to classify, and the engines that have not learned them. */
export type Round = {
  readonly tickets: readonly LabelledTicket[];
  readonly open: (onProgress?: OnProgress) => Promise<LocalClassifier>;
  /** The index without these tickets and their twins. */
  readonly withoutThem: (index: ExampleIndex) => ExampleIndex;
};

/** All tickets, which the examples must not contain, in one round with engines of all examples. */
export function wholeRound(options: {
  config: LoadedConfig;
  workspace: Workspace;
  tickets: readonly LabelledTicket[];
}): Round {
  const { config, workspace, tickets } = options;
  const { examples } = workspace;
  const cacheDir = join(config.settings.dataDir, 'models');
  return { tickets, withoutThem: (index) => index, open: opener({ config, workspace, examples, cacheDir }) };
}

function opener(options: {
  config: LoadedConfig;
  workspace: Workspace;
  examples: Workspace['examples'];
  cacheDir: string;
}): Round['open'] {
  const { config, workspace, examples, cacheDir } = options;
  const { confidence, retrieval } = config.settings;
  return (onProgress) =>
    createLocalClassifier({
      taxonomy: workspace.taxonomy,
      examples,
      cacheDir,
      confidence,
      embedder: retrieval.embedder === 'none' ? 'none' : 'embedded',
      onProgress,
    });
}

/**
 * Splits the company's own examples so that each is classified by engines that have not seen it. Examples of the taxonomy
 * are left out: a model reads them with every ticket. `folder` is a cache of the trainings; remove it afterwards.
 */
export function crossFit(options: { config: LoadedConfig; workspace: Workspace; folder: string }): Round[] {
  const { config, workspace, folder } = options;
  const { taxonomy, examples, outOfScope } = workspace;
  const inPrompt = new Set(
    taxonomy.leaves.flatMap((leaf) => leaf.examples.map((body) => comparableText({ id: '', body, intent: leaf.id }))),
  );
  const own = [...examples, ...outOfScope].filter((ticket) => !inPrompt.has(comparableText(ticket)));
  return splitTickets(own)
    .filter((tickets) => tickets.length > 0)
    .map((tickets) => {
      const training = dropLeaks({ examples, dataset: tickets }).examples;
      const kept = new Set(training.map(({ id }) => id));
      const left = examples.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
      return {
        tickets,
        open: opener({ config, workspace, examples: training, cacheDir: folder }),
        withoutThem: (index) => ({
          ...index,
          get version() {
            return index.version;
          },
          search: (search) => index.search({ ...search, excludeIds: new Set([...(search.excludeIds ?? []), ...left]) }),
        }),
      };
    });
}

/** The folder for the trainings of `crossFit`. */
export const crossFitFolder = (config: LoadedConfig): string => join(config.settings.dataDir, 'models', 'cross-fit');

export async function removeCrossFitFolder(config: LoadedConfig): Promise<void> {
  await rm(crossFitFolder(config), { recursive: true, force: true });
}

/**
 * Deals the tickets of each intent out to the folds in turn, twins to the same fold. The order comes from hashes, so that
 * the same examples give the same folds.
 */
function splitTickets(tickets: readonly LabelledTicket[]): LabelledTicket[][] {
  const keyed = tickets.map((ticket) => ({ ticket, intent: ticket.intent ?? '', hash: sha256(ticket.id) }));
  const order = keyed
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, MOST)
    .sort((a, b) => (a.intent < b.intent ? -1 : a.intent > b.intent ? 1 : 0));
  const folds = Array.from({ length: FOLDS }, (): LabelledTicket[] => []);
  for (const [at, family] of familiesOf(order.map(({ ticket }) => ticket)).entries()) {
    folds[at % FOLDS]?.push(...family);
  }
  return folds;
}

/** Tickets that are variants of each other or have the same words, in the order of the first of each family. */
function familiesOf(tickets: readonly LabelledTicket[]): LabelledTicket[][] {
  const familyOf = new Map<string, LabelledTicket[]>();
  const families = new Set<LabelledTicket[]>();
  for (const ticket of tickets) {
    const keys = [`group ${variantGroup(ticket)}`, `text ${comparableText(ticket)}`];
    const [family = [], other] = new Set(keys.flatMap((key) => [familyOf.get(key)].filter((own) => own !== undefined)));
    family.push(ticket, ...(other ?? []));
    families.add(family);
    // The ticket joins two families: the keys of both lead to the first from now on.
    if (other !== undefined) {
      families.delete(other);
      for (const [key, own] of familyOf) if (own === other) familyOf.set(key, family);
    }
    for (const key of keys) familyOf.set(key, family);
  }
  return [...families];
}
