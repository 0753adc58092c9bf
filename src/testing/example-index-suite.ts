import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultRetrieval } from '../classifiers/claude/retrieve-examples.ts';
import { isReadable } from '../classifiers/local/training-data.ts';
import type { Example, ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import { hashEmbedder } from './hash-embedder.ts';
import { germanShopExamples, shopExamples } from './small-taxonomy.ts';

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

    test('returns only examples of the given intents', async () => {
      const { found } = await shop.search({ ...search, intents: new Set(['returns']), text: 'the link to my parcel' });
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found.map(({ example }) => example.intent))).toEqual(new Set(['returns']));
    });

    test('tells the labels of the nearest examples, also of those that it does not return', async () => {
      const { found, neighbours } = await shop.search({ ...search, k: 1, text: 'reset the password of my account' });
      expect(found).toHaveLength(1);
      expect(neighbours.length).toBeGreaterThan(5);
      expect(neighbours[0]).toEqual({ intent: 'password-reset' });
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

    test('returns five with at most two an intent where the nearest agree, and more where they do not', async () => {
      const auto = { ...search, k: 'auto', perIntent: 'auto', minCommonWords: 0 } as const;
      const words = 'blue green white black brown grey pink gold'.split(' ');
      const agreed = words.map((word): Example => colour(word, 'returns'));
      const mixed = words.map((word, at): Example => colour(word, at % 2 === 0 ? 'returns' : 'billing'));
      const counts = async (examples: readonly Example[]) => {
        await using opening = await opened([...examples, colour('red', 'shipping'), colour('teal', 'shipping')]);
        const { found } = await opening.index.search({ ...auto, text: `gizmo colour ${words.join(' ')}` });
        return [...Map.groupBy(found, ({ example }) => example.intent).values()].map((group) => group.length);
      };
      expect(await counts(agreed)).toEqual([2, 2]);
      expect((await counts(mixed)).sort()).toEqual([2, 4, 4]);
    });
  });
}

/** Long enough to share no more than half of its words with another colour. */
const colour = (word: string, intent: string): Example => ({
  id: `colour-${word}`,
  intent,
  language: 'en',
  body: `gizmo colour ${word} ${word}ish ${word}er ${word}est ${word}ly`,
});

/** An embedder that reads English, like that of the embedded engine. */
export const englishEmbedder = () => hashEmbedder({ id: 'english', reads: isReadable });

/**
 * Tests that every index must pass whose embedder reads English only. `create` returns an index with exactly the given
 * examples, which have the intents of the invented shop.
 */
export function describeForeignTickets(
  name: string,
  create: (examples: readonly Example[]) => Promise<ExampleIndex>,
): void {
  describe(`${name} with tickets in a language that the embedder does not read`, () => {
    let both: ExampleIndex;
    beforeAll(async () => {
      both = await create([...shopExamples(), ...germanShopExamples()]);
    });
    afterAll(() => both.close?.());
    const find = (text: string, language: string | null) => both.search({ ...defaultRetrieval, text, language });

    test('finds examples in that language by their words, under the bound for meaning', async () => {
      const { found, byMeaning } = await find('Seit Tagen warte ich, und mein Paket ist noch nicht angekommen', 'de');
      expect(byMeaning).toBe(false);
      expect(found[0]?.example).toMatchObject({ intent: 'shipping', language: 'de' });
      expect(found[0]?.similarity).toBeLessThan(1);
      expect(found.every(({ example }) => example.language === 'de')).toBe(true);
    });

    test('takes the language that it is told, and not that of quoted words', async () => {
      const quoted =
        'Paket nicht da\n\nOn Monday the shop wrote: your parcel was delivered to the address that you gave us.';
      expect((await find(quoted, 'de')).found.every(({ example }) => example.language === 'de')).toBe(true);
      expect((await find(quoted, 'de')).byMeaning).toBe(false);
      expect((await find(quoted, 'en')).byMeaning).toBe(true);
    });

    test('finds nothing in a language that no example has, whatever words are shared', async () => {
      expect(await find('Ik wil mijn password reset, account en link', 'nl')).toEqual({
        found: [],
        neighbours: [],
        byMeaning: false,
      });
    });

    test('does not show examples in that language with an English ticket', async () => {
      const { found, byMeaning } = await find('Where is my parcel? Paket, Rechnung, Konto', 'en');
      expect(byMeaning).toBe(true);
      expect(found.length).toBeGreaterThan(0);
      expect(found.every(({ example }) => example.language === 'en')).toBe(true);
    });

    test('compares a ticket whose language is not clear with all examples', async () => {
      const { found } = await find('Paket parcel', null);
      expect(new Set(found.map(({ example }) => example.language))).toEqual(new Set(['de', 'en']));
    });
  });
}
