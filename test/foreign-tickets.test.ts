// Held to the sample's tickets in languages that its embedder does not read. The bound for common words was chosen on the
// Spanish ones, which are left out here.

import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultRetrieval, retrieveExamples } from '../src/classifiers/claude/retrieve-examples.ts';
import { prepareExample } from '../src/classifiers/local/example-set.ts';
import { ExactScan } from '../src/classifiers/retrieval/exact-scan.ts';
import type { Example, ExampleIndex } from '../src/classifiers/retrieval/example-index.ts';
import { readLabelledTickets } from '../src/config/labelled-tickets.ts';
import { SAMPLE_DIR } from '../src/config/load-config.ts';
import { openSqlExampleIndex } from '../src/store/example-index/open-sql-example-index.ts';
import { loadTaxonomy } from '../src/taxonomy/parse-taxonomy.ts';
import { openTestPglite } from '../src/testing/test-stores.ts';
import { primaryLanguage } from '../src/ticket/ticket-language.ts';

const taxonomy = await loadTaxonomy(join(SAMPLE_DIR, 'taxonomy.yaml'));
const read = async (name: string) =>
  (await readLabelledTickets({ file: join(SAMPLE_DIR, name), taxonomy })).flatMap((ticket): Example[] =>
    ticket.intent === null ? [] : [{ ...ticket, intent: ticket.intent }],
  );
const examples = await read('examples.jsonl');
const tickets = Map.groupBy(await read('languages.jsonl'), ({ language = null }) => primaryLanguage(language));

const scan = new ExactScan();
const byId = new Map(examples.map((example) => [example.id, example]));
for (const example of examples) scan.put(prepareExample(example));
const scanIndex: ExampleIndex = {
  version: 'sample',
  async search({ language = null, excludeIds = new Set(), ...search }) {
    const { found, neighbours } = scan.search({ ...search, language, excludeIds, embedding: null });
    const shown = found.flatMap(({ id, similarity }) => {
      const example = byId.get(id);
      return example === undefined ? [] : [{ example, similarity }];
    });
    return { found: shown, neighbours, byMeaning: false };
  },
  upsert: async () => undefined,
  remove: async () => undefined,
};

const opened = await openTestPglite();
afterAll(() => opened[Symbol.asyncDispose]());
await opened.store.transaction((transaction) =>
  transaction.examples.upsert(examples.map((example) => ({ example, source: 'file' as const }))),
);

describe.each([
  { name: 'the scan', index: scanIndex },
  { name: 'the index in SQL', index: await openSqlExampleIndex({ store: opened.store, embedder: null }) },
])('by the words of $name', ({ index }) => {
  const examplesFor = (language: string) =>
    Promise.all(
      (tickets.get(language) ?? []).map(async ({ intent: _, ...ticket }) => {
        const { found } = await retrieveExamples({ index, retrieval: defaultRetrieval, ticket, taxonomy, guess: null });
        return found.map(({ example }) => example);
      }),
    );

  test.each(['de', 'fr'])(
    'at most one in fifty of the tickets in %s goes without an example, and none gets one in another language',
    async (language) => {
      const shown = await examplesFor(language);
      expect(shown.length).toBeGreaterThanOrEqual(40);
      expect(shown.filter((found) => found.length === 0).length).toBeLessThanOrEqual(0.02 * shown.length);
      expect(new Set(shown.flat().map((example) => example.language))).toEqual(new Set([language]));
    },
  );

  test.each(['ja', 'ar', 'pt'])(
    'no ticket in %s gets an example, for the sample has none in that language',
    async (language) => {
      expect((await examplesFor(language)).flat()).toEqual([]);
    },
  );
});
