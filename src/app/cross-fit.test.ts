import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { indexOf } from '../testing/claude-fixtures.ts';
import { shopExamples, shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
import { crossFit } from './cross-fit.ts';

const taxonomy = smallTaxonomy(shopIntents);
const examples = shopExamples();
const [first] = examples;
if (first === undefined) throw new RangeError('examples expected');
const twin = { ...first, id: 'twin', body: `${first.body}!!` };
const variant = { ...first, id: 'variant', body: 'Quite other words', variantOf: first.id };
const workspace = {
  taxonomy,
  examples: [...examples, twin, variant],
  ownExampleIds: new Set<string>(),
  outOfScope: [{ id: 'odd', body: 'Buy our lists of addresses', intent: null, outOfScope: true }],
  urgencyPhrases: {},
  calendars: new Map(),
};
const folds = async (changes: Partial<typeof workspace> = {}) => {
  const config = await loadConfig({ cwd: '/', env: {}, value: {} });
  return crossFit({ config, workspace: { ...workspace, ...changes }, folder: 'none' });
};

test('every example and every out-of-scope ticket is in one fold, twins and variants in the same', async () => {
  const all = await folds();
  const ids = all.map(({ tickets }) => tickets.map(({ id }) => id));
  expect(ids.flat().toSorted()).toEqual([...workspace.examples.map(({ id }) => id), 'odd'].toSorted());
  expect(ids.find((fold) => fold.includes(first.id))).toEqual(expect.arrayContaining(['twin', 'variant']));
  expect(ids).toHaveLength(5);
});

test('a search for a ticket of a fold finds none of that fold', async () => {
  const [fold] = await folds();
  if (fold === undefined) throw new RangeError('a fold expected');
  const excluded: string[] = [];
  const index = fold.withoutThem({
    ...indexOf([]),
    search: async ({ excludeIds = new Set() }) => {
      excluded.push(...excludeIds);
      return { found: [], neighbours: [], byMeaning: true };
    },
  });
  await index.search({ text: 'x', k: 5, perIntent: 2, minSimilarity: 0, excludeIds: new Set(['own']) });
  const own = fold.tickets.filter(({ intent }) => intent !== null).map(({ id }) => id);
  expect(excluded).toEqual(expect.arrayContaining(['own', ...own]));
  expect(excluded.length).toBeLessThan(workspace.examples.length);
});

test('examples of the taxonomy are not used: a model reads them with every ticket', async () => {
  const leaves = taxonomy.leaves.map((leaf) =>
    leaf.id === first.intent ? { ...leaf, examples: [first.body ?? ''] } : leaf,
  );
  const all = await folds({ taxonomy: { ...taxonomy, leaves } });
  const ids = all.flatMap(({ tickets }) => tickets.map(({ id }) => id));
  expect(ids).not.toContain(first.id);
  expect(ids).not.toContain('twin');
});
