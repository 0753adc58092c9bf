import type { ModelPrice } from './settings.ts';

/** USD per million tokens. */
export type KnownPrice = Required<ModelPrice> & {
  /** A write to a cache entry that lives an hour instead of five minutes. */
  readonly cacheWriteOneHour: number;
};

export type PriceEntry = KnownPrice & {
  /** Replaces the price, output included, for a request whose whole prompt is longer than this. */
  readonly above?: { readonly promptTokens: number; readonly price: KnownPrice };
  /** The page with these figures, and the month of the copy that was read. */
  readonly source: string;
};

/**
 * Prices in USD per million tokens, looked up on 2026-11-22 in copies of platform.claude.com from the month given.
 * Prices change: `claude.prices` in the configuration overrides them. No price is published for `claude-fable-5-2`.
 */
export const knownPrices: Readonly<Record<string, PriceEntry>> = {
  'claude-haiku-5-5': {
    input: 0.1,
    output: 0.5,
    cacheWrite: 0.125,
    cacheWriteOneHour: 0.2,
    cacheRead: 0.01,
    above: {
      promptTokens: 100_000,
      price: { input: 0.5, output: 2.5, cacheWrite: 0.625, cacheWriteOneHour: 1, cacheRead: 0.05 },
    },
    source: 'model page of Claude Haiku 5.5, October 2026',
  },
  'claude-sonnet-5-5': {
    input: 2,
    output: 10,
    cacheWrite: 2.5,
    cacheWriteOneHour: 4,
    cacheRead: 0.1, // cut from 0.20 on 2026-10-07
    source: 'pricing page, October 2026',
  },
  'claude-opus-5-5': {
    input: 4,
    output: 20,
    cacheWrite: 5,
    cacheWriteOneHour: 8,
    cacheRead: 0.2,
    source: 'pricing page, October 2026',
  },
  'claude-fable-5-1': {
    input: 10,
    output: 50,
    cacheWrite: 12.5,
    cacheWriteOneHour: 20,
    cacheRead: 0.25,
    source: 'pricing page, October 2026',
  },
  'claude-sonnet-5': {
    input: 2,
    output: 10,
    cacheWrite: 2.5,
    cacheWriteOneHour: 4,
    cacheRead: 0.2,
    source: 'pricing page, September 2026',
  },
  'claude-sonnet-4-6': {
    input: 3,
    output: 15,
    cacheWrite: 3.75,
    cacheWriteOneHour: 6,
    cacheRead: 0.3,
    source: 'pricing page, September 2026',
  },
  'claude-haiku-4-5': {
    input: 1,
    output: 5,
    cacheWrite: 1.25,
    cacheWriteOneHour: 2,
    cacheRead: 0.1,
    source: 'pricing page, September 2026',
  },
};
