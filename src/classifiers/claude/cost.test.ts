import { describe, expect, test } from 'vitest';
import { costOf } from './cost.ts';

const usage = { inputTokens: 300, cacheReadTokens: 2_000, cacheWriteTokens: 0, outputTokens: 150, thinkingTokens: 0 };

describe('cost', () => {
  test('of the worked example in the documentation of Haiku 5.5', () => {
    // 300 x 0.10 + 2,000 x 0.01 + 150 x 0.50 USD per million
    expect(costOf({ model: 'claude-haiku-5-5', usage })).toBeCloseTo(0.000125, 9);
  });

  test('of a token that Sonnet 5.5 reads from the cache is a twentieth of the input price', () => {
    expect(costOf({ model: 'claude-sonnet-5-5', usage })).toBeCloseTo((300 * 2 + 2_000 * 0.1 + 150 * 10) / 1e6, 9);
  });

  test('follows the higher price for the whole request when the prompt is above 100,000 tokens', () => {
    const long = { ...usage, inputTokens: 100_001, cacheReadTokens: 0 };
    expect(costOf({ model: 'claude-haiku-5-5', usage: long })).toBeCloseTo((100_001 * 0.5 + 150 * 2.5) / 1e6, 9);
    const short = { ...usage, inputTokens: 98_000 };
    expect(costOf({ model: 'claude-haiku-5-5', usage: short })).toBeCloseTo(
      (98_000 * 0.1 + 2_000 * 0.01 + 150 * 0.5) / 1e6,
      9,
    );
  });

  test('is half in a batch, and higher for cache entries that live an hour', () => {
    const writing = { ...usage, cacheWriteTokens: 1_000 };
    const one = costOf({ model: 'claude-haiku-5-5', usage: writing, cacheWriteOneHourTokens: 1_000, batch: true });
    expect(one).toBeCloseTo((300 * 0.1 + 2_000 * 0.01 + 1_000 * 0.2 + 150 * 0.5) / 2e6, 9);
  });

  test('follows the prices of the configuration rather than the built-in table', () => {
    const prices = { 'claude-haiku-5-5': { input: 1, output: 2 } };
    expect(costOf({ model: 'claude-haiku-5-5', usage, prices })).toBeCloseTo((300 + 2_000 * 0.1 + 150 * 2) / 1e6, 9);
  });

  test('is found for an id with a cloud prefix or a date, and null for an unknown model', () => {
    expect(costOf({ model: 'global.anthropic.claude-haiku-5-5', usage })).toBeCloseTo(0.000125, 9);
    expect(costOf({ model: 'claude-haiku-4-5-20251001', usage })).toBeGreaterThan(0);
    expect(costOf({ model: 'some-model', usage })).toBeNull();
  });
});
