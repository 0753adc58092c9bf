import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shopExamples, shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { shuffled } from '../metrics/seeded-random.ts';
import { checkDataset, type Finding } from './check-dataset.ts';
import { crossValidate } from './cross-validate.ts';
import { variantGroup } from './drop-leaks.ts';
import { findNearDuplicates } from './near-duplicates.ts';
import { splitDataset } from './split-dataset.ts';

const taxonomy = smallTaxonomy(shopIntents);
const long =
  'I ordered a blue jacket on the third of May and the parcel with the number has still not arrived at my house';

describe('near-duplicates', () => {
  test('are found although a word differs, and not when only the words are similar', () => {
    const tickets: LabelledTicket[] = [
      { id: 'a', body: long, intent: 'shipping' },
      { id: 'b', body: `${long.replace('blue', 'red')}!`, intent: 'shipping' },
      { id: 'c', body: 'My house has a blue jacket and the parcel is on its way with a number', intent: 'shipping' },
    ];
    const pairs = findNearDuplicates({ tickets });
    expect(pairs.map(({ first, second }) => [first, second])).toEqual([['a', 'b']]);
    // 22 pairs of words each; 'a blue' and 'blue jacket' became 'a red' and 'red jacket': 20 of 24.
    expect(pairs[0]?.similarity).toBeCloseTo(20 / 24, 10);
  });

  test('known variants are not reported, and with two lists only pairs across them', () => {
    const tickets: LabelledTicket[] = [
      { id: 'a', body: long, intent: 'shipping' },
      { id: 'b', body: `${long} today`, intent: 'shipping', variantOf: 'a' },
    ];
    expect(findNearDuplicates({ tickets })).toEqual([]);
    const across: LabelledTicket[] = [{ id: 'x', body: `${long} now`, intent: 'shipping' }];
    expect(findNearDuplicates({ tickets, across }).map(({ second }) => second)).toEqual(['x', 'x']);
  });
});

describe('checking a data set', () => {
  const findings = (tickets: LabelledTicket[], examples: LabelledTicket[] = []) =>
    new Map(checkDataset({ tickets, examples, taxonomy, heldOut: null }).findings.map((found) => [found.id, found]));
  const finding = (found: Map<string, Finding>, id: string) => found.get(id)?.items;

  test('names thin intents beside a large one among the examples', () => {
    const examples = Array.from({ length: 90 }, (_, i) => ({ id: `e-${i}`, body: `text ${i}`, intent: 'billing' }));
    expect(finding(findings([], examples), 'lopsided-examples')).toContainEqual({ intent: 'returns', examples: 0 });
  });

  test('names what is wrong and what is thin', () => {
    const tickets: LabelledTicket[] = [
      { id: 'q-1', body: 'where is my parcel', intent: 'shipping' },
      { id: 'q-2', body: 'Where is my parcel?', intent: 'returns' },
      { id: 'q-3', body: long, intent: 'shipping' },
    ];
    const examples: LabelledTicket[] = [
      { id: 'q-1', body: 'something else', intent: 'billing' },
      { id: 'e-1', body: `${long} please`, intent: 'shipping' },
      { id: 'e-2', body: 'Wo ist mein Paket geblieben, bitte?', language: 'de', intent: 'shipping' },
    ];
    const found = findings(tickets, examples);
    expect(finding(found, 'leakage')).toEqual([{ id: 'q-1' }]);
    expect(finding(found, 'near-duplicates-across')).toMatchObject([{ ticket: 'q-3', example: 'e-1' }]);
    expect(finding(found, 'conflicting-labels')).toEqual([
      {
        tickets: [
          { id: 'q-1', intent: 'shipping' },
          { id: 'q-2', intent: 'returns' },
        ],
      },
    ]);
    expect(finding(found, 'few-cases')).toContainEqual({ intent: 'password-reset', tickets: 0 });
    expect(found.get('languages')?.message).toContain('Examples are in de, and no ticket is.');
    expect(found.has('out-of-scope')).toBe(true);
    expect(found.get('interval-width')?.severity).toBe('thin');
  });

  // Trains ten engines, so it needs TEST_PROCESSES.
  test.skipIf(!process.env.TEST_PROCESSES)(
    'a wrong label is found by an engine that has not seen the ticket',
    async () => {
      const tickets = shopExamples().map((example) =>
        example.id === 'billing-1' ? { ...example, intent: 'shipping' } : example,
      );
      const heldOut = await crossValidate({ tickets, taxonomy, seed: 1, maxTickets: 100 });
      expect(heldOut).toHaveLength(tickets.length);
      const doubted = heldOut.find(({ ticket }) => ticket.id === 'billing-1');
      expect(doubted?.predicted).toBe('billing');
      const sure = heldOut.map((answer) =>
        answer === doubted ? { ...answer, confidence: 0.9 } : { ...answer, confidence: 0.5 },
      );
      const check = checkDataset({ tickets, examples: [], taxonomy, heldOut: sure });
      expect(check.findings.find(({ id }) => id === 'likely-label-errors')?.items).toEqual([
        { id: 'billing-1', label: 'shipping', suggested: 'billing', confidence: 0.9 },
      ]);
    },
  );
});

describe('splitting', () => {
  const ticket = fc.record({
    intent: fc.constantFrom('a', 'b', 'c'),
    body: fc.constantFrom('one', 'two', 'three', long, `${long} today`, 'six words that stand for themselves'),
    variantOf: fc.option(fc.nat({ max: 20 }), { nil: undefined }),
  });
  const tickets = fc.array(ticket, { maxLength: 40 }).map((list): LabelledTicket[] =>
    list.map(({ variantOf, ...one }, i) => ({
      ...one,
      id: `t-${i}`,
      ...(variantOf !== undefined && variantOf < i && { variantOf: `t-${variantOf}` }),
    })),
  );

  test('keeps every ticket once, and variants and copies together', () => {
    fc.assert(
      fc.property(tickets, fc.double({ min: 0.1, max: 0.9, noNaN: true }), fc.nat(), (all, testShare, seed) => {
        const { train, test: held } = splitDataset({ tickets: all, testShare, seed });
        expect([...train, ...held].map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
        const trainGroups = new Set(train.flatMap((one) => [one.id, variantGroup(one)]));
        expect(held.filter((one) => trainGroups.has(variantGroup(one)))).toEqual([]);
        const trainTexts = new Set(train.map(({ body }) => body));
        expect(held.filter(({ body }) => trainTexts.has(body))).toEqual([]);
      }),
    );
  });

  test('does not depend on the order of the file', () => {
    fc.assert(
      fc.property(tickets, fc.nat(), (all, seed) => {
        const ids = (list: readonly LabelledTicket[]) => list.map(({ id }) => id).sort();
        const one = splitDataset({ tickets: all, testShare: 0.3, seed: 7 });
        const other = splitDataset({ tickets: shuffled(all, seed), testShare: 0.3, seed: 7 });
        expect(ids(other.test)).toEqual(ids(one.test));
      }),
    );
  });

  test('takes about the requested share of every intent', () => {
    const all = ['a', 'b'].flatMap((intent) =>
      Array.from({ length: 50 }, (_, i) => ({
        id: `${intent}-${i}`,
        body: `${intent} ${i} words of its own ${i * 7}`,
        intent,
      })),
    );
    const { test: held } = splitDataset({ tickets: all, testShare: 0.2, seed: 1 });
    for (const intent of ['a', 'b']) expect(held.filter((one) => one.intent === intent)).toHaveLength(10);
  });
});
