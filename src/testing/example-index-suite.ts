import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Example, ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import { shopExamples } from './small-taxonomy.ts';

const search = { k: 5, perIntent: 5, minSimilarity: 0 };

/**
 * Tests that every index of examples must pass. `create` returns an index with exactly the given examples, which have
 * the intents of the invented shop.
 */
export function describeExampleIndex(
  name: string,
  create: (examples: readonly Example[]) => Promise<ExampleIndex>,
): void {
  const opened = async (examples: readonly Example[] = shopExamples()) => {
    const index = await create(examples);
    return { index, [Symbol.asyncDispose]: async () => index.close?.() };
  };
  const ids = async (index: ExampleIndex, options: Parameters<ExampleIndex['search']>[0]) =>
    (await index.search(options)).found.map(({ example }) => example.id);

  describe(`${name} as an index of examples`, () => {
    // Only searched.
    let shop: ExampleIndex;
    beforeAll(async () => {
      shop = await create(shopExamples());
    });
    afterAll(() => shop.close?.());

    test('finds an example first by its own text, and returns it unchanged', async () => {
      const [example] = shopExamples();
      const { found } = await shop.search({ ...search, text: example?.body ?? '' });
      expect(found[0]?.example).toEqual(example);
    });

    test('gives similarities between 0 and 1 and no more than k', async () => {
      const { found } = await shop.search({ ...search, k: 3, text: 'I forgot my password' });
      expect(found).toHaveLength(3);
      expect(found.every(({ similarity }) => similarity >= 0 && similarity <= 1)).toBe(true);
    });

    test('returns no more than the allowed number of one intent', async () => {
      const { found } = await shop.search({ ...search, k: 8, perIntent: 2, text: 'reset my password please' });
      const counts = Map.groupBy(found, ({ example }) => example.intent);
      expect(Math.max(...[...counts.values()].map((group) => group.length))).toBe(2);
    });

    test('leaves out excluded ids', async () => {
      const [example] = shopExamples();
      const excludeIds = new Set([example?.id ?? '']);
      const found = await ids(shop, { ...search, text: example?.body ?? '', excludeIds });
      expect(found).not.toContain(example?.id);
      expect(found.length).toBeGreaterThan(0);
    });

    test('leaves out examples below the minimum similarity', async () => {
      const { found } = await shop.search({ ...search, k: 24, perIntent: 24, minSimilarity: 0.3, text: 'parcel' });
      expect(found.every(({ similarity }) => similarity >= 0.3)).toBe(true);
      expect(found.length).toBeLessThan(24);
    });

    test('survives texts without words and very long ones', async () => {
      for (const text of ['', '???', '😡', 'parcel '.repeat(20_000)]) {
        expect((await shop.search({ ...search, text })).found.length).toBeLessThanOrEqual(search.k);
      }
    });

    // From here on each test opens an index of its own, which may replace the one above.
    test('does not return the same text twice', async () => {
      const twin: Example = { id: 'twin', intent: 'shipping', body: 'WHERE is my parcel!' };
      await using opening = await opened([...shopExamples(), twin]);
      const found = await ids(opening.index, { ...search, text: 'Where is my parcel?' });
      expect(found.filter((id) => id === 'twin' || id === 'shipping-1')).toHaveLength(1);
    });

    test('finds an added example at once and gets a new version', async () => {
      await using opening = await opened();
      const before = opening.index.version;
      await opening.index.upsert([{ id: 'new', intent: 'billing', body: 'My voucher code is refused at the till' }]);
      expect(await ids(opening.index, { ...search, text: 'voucher code refused' })).toContain('new');
      expect(opening.index.version).not.toBe(before);
    });

    test('replaces an example by its id', async () => {
      await using opening = await opened();
      await opening.index.upsert([{ id: 'shipping-1', intent: 'billing', body: 'My voucher code is refused' }]);
      const { found } = await opening.index.search({ ...search, text: 'voucher code refused' });
      expect(found[0]?.example).toMatchObject({ id: 'shipping-1', intent: 'billing' });
      expect(await ids(opening.index, { ...search, k: 24, perIntent: 24, text: 'voucher parcel' })).toHaveLength(
        new Set(await ids(opening.index, { ...search, k: 24, perIntent: 24, text: 'voucher parcel' })).size,
      );
    });

    test('does not find a removed example', async () => {
      await using opening = await opened();
      const before = opening.index.version;
      await opening.index.remove(['shipping-1', 'unknown']);
      expect(await ids(opening.index, { ...search, k: 24, perIntent: 24, text: 'Where is my parcel?' })).not.toContain(
        'shipping-1',
      );
      expect(opening.index.version).not.toBe(before);
    });

    test('finds nothing when it is empty', async () => {
      await using opening = await opened([]);
      expect((await opening.index.search({ ...search, text: 'Where is my parcel?' })).found).toEqual([]);
    });
  });
}
