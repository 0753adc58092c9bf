import { describe, expect, test } from 'vitest';
import { composeReasoning, type NamedExample, type ReasoningFacts } from './reasoning.ts';

const example = (
  id: string,
  intent: string,
  similarity: number,
  quote: string | null = `text ${id}`,
): NamedExample => ({
  ...{ id, intent, similarity, quote },
});
const reason = (facts: Partial<ReasoningFacts>) =>
  composeReasoning({
    intent: 'billing',
    runnerUp: { intent: 'returns', confidence: 0.31 },
    nearest: [example('b1', 'billing', 0.8), example('b2', 'billing', 0.7), example('r1', 'returns', 0.6)],
    decidingWords: ['charged twice', 'invoice'],
    isSure: true,
    nameOf: (intent) => ({ billing: 'Billing', returns: 'Returns', orders: 'Orders' })[intent] ?? intent,
    ...facts,
  }).text;

describe('the reasoning', () => {
  test('says what speaks for the choice and what for the runner-up', () => {
    expect(reason({})).toBe(
      'For Billing: closest to “text b1” and “text b2”, and the words “charged twice” and “invoice”. For Returns (31 %): “text r1”.',
    );
  });

  test('does not hide that an example of another intent is nearer', () => {
    expect(reason({ nearest: [example('o1', 'orders', 0.9), example('b1', 'billing', 0.8)] })).toContain(
      'For Orders: “text o1”, which is nearer.',
    );
    expect(reason({ nearest: [example('r1', 'returns', 0.9)], decidingWords: ['invoice'] })).toBe(
      'For Billing: the word “invoice”. For Returns (31 %): “text r1”, the nearest example.',
    );
  });

  test('names examples with the words of customers by id and similarity alone', () => {
    expect(reason({ nearest: [example('feedback:7', 'billing', 0.834, null)], decidingWords: [] })).toBe(
      'For Billing: closest to an earlier ticket (similarity 0.83).',
    );
  });

  test('says what would have had to be there where it is not sure', () => {
    expect(reason({ isSure: false })).toMatch(
      /To be sure, it would need a word or an example that Billing has and Returns has not\.$/,
    );
    expect(reason({ isSure: false, nearest: [example('b1', 'billing', 0.22)] })).toMatch(
      /To be sure, it would need an example that is more like this ticket: the nearest has a similarity of 0\.22 of 1\.$/,
    );
    expect(reason({ isSure: false, nearest: [], decidingWords: [] })).toBe(
      'For Billing: only its name and description. To be sure, it would need an example that is like this ticket.',
    );
  });
});
