import { describe, expect, test } from 'vitest';
import { chargedTwice, claudeSettings, example, goodAnswer, shopTaxonomy } from '../../testing/claude-fixtures.ts';
import { classifyReply } from './classify-reply.ts';
import { customIdFor } from './custom-id.ts';
import { createPromptBook } from './prompt-book.ts';
import { parseReplyMessage } from './reply-message.ts';

const book = createPromptBook({ taxonomy: shopTaxonomy, settings: claudeSettings });
const found = [{ example: example('e-1', 'billing/double-charge', 'Two charges'), similarity: 0.8 }];
const usage = {
  input_tokens: 300,
  output_tokens: 80,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 2_000,
  cache_creation: { ephemeral_1h_input_tokens: 2_000 },
  service_tier: 'batch',
};
const classify = (message: object) =>
  classifyReply({
    book,
    ticket: chargedTwice,
    examples: { found, isGuess: false, spread: null },
    redact: null,
    message: parseReplyMessage({ model: 'claude-haiku-5-5', stop_reason: 'end_turn', usage, ...message }),
    examplesVersion: 'examples-1',
    prices: {},
  });

describe('a reply that was fetched elsewhere', () => {
  test('becomes the classification that the engine would have given, at the price of a batch', () => {
    const classification = classify({ content: [{ type: 'text', text: JSON.stringify(goodAnswer) }] });
    expect(classification).toMatchObject({
      intent: 'billing/double-charge',
      stage: 'claude',
      stageReason: 'claude-haiku-5-5 answered in a batch',
      decidingWords: ['charged twice'],
      versions: { prompt: book.version, examples: 'examples-1' },
      nearestExamples: [{ id: 'e-1' }],
    });
    expect(classification.costUsd).toBeCloseTo((300 * 0.1 + 2_000 * 0.2 + 80 * 0.5) / 2e6, 12);
  });

  test('goes to triage with its cost when it has no answer', () => {
    const classification = classify({ content: [], stop_reason: 'refusal', stop_details: { category: 'cyber' } });
    expect(classification).toMatchObject({ stage: 'none', intent: null, abstained: true });
    expect(classification.stageReason).toContain('declined to answer (cyber)');
    expect(classification.costUsd).toBeGreaterThan(0);
  });

  test('is refused when it does not have the form of a reply', () => {
    expect(() => parseReplyMessage({ content: 'hello' })).toThrow(/not a reply of the Messages API/);
  });
});

describe('the id of a batch line', () => {
  test("is the ticket's id where a batch accepts it, otherwise a stable hash of it", () => {
    expect(customIdFor('t-1')).toBe('t-1');
    expect(customIdFor('ticket 1/2')).toMatch(/^h-[0-9a-f]{40}$/);
    expect(customIdFor('ticket 1/2')).toBe(customIdFor('ticket 1/2'));
    expect(customIdFor('x'.repeat(65))).not.toBe(customIdFor('x'.repeat(66)));
  });
});
