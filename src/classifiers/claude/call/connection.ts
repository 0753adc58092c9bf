import Anthropic from '@anthropic-ai/sdk';
import { type CacheWarmUp, createCacheWarmUp } from './cache-warm-up.ts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';
import { createDailyBudget, type DailyBudget } from './daily-budget.ts';
import { createLimiter, type Limiter } from './limiter.ts';

/** What all calls to one account share: client, places, money, and the memory of failures. */
export type ClaudeConnection = {
  readonly client: Anthropic;
  readonly limiter: Limiter;
  readonly budget: DailyBudget;
  readonly warmUp: CacheWarmUp;
  /** One per model: an overloaded model says nothing about another. */
  breakerFor(model: string): CircuitBreaker;
  readonly now: () => number;
};

export type ConnectionOptions = {
  readonly apiKey: string;
  /** Null for Anthropic's own. */
  readonly baseUrl: string | null;
  /** Calls at the same time; more wait for a place. 64 when left out. */
  readonly concurrency?: number;
  readonly dailyBudgetUsd?: number | null;
  /** Spent earlier on this UTC day, for a process that was restarted. */
  readonly spentTodayUsd?: number;
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

const DEFAULT_CONCURRENCY = 64;

/** Opens no socket: the first call does. One connection serves several classifiers, so that they share budget and limits. */
export function createClaudeConnection(options: ConnectionOptions): ClaudeConnection {
  const now = options.now ?? Date.now;
  const breakers = new Map<string, CircuitBreaker>();
  return {
    client: new Anthropic({
      apiKey: options.apiKey,
      ...(options.baseUrl === null ? {} : { baseURL: options.baseUrl }),
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
      maxRetries: 0, // ask-claude.ts retries: it knows the deadline, the money and the bound on retry-after
      logLevel: 'off', // at `debug` the SDK would log request bodies, that is ticket text
    }),
    limiter: createLimiter(options.concurrency ?? DEFAULT_CONCURRENCY),
    budget: createDailyBudget({
      limitUsd: options.dailyBudgetUsd ?? null,
      now,
      ...(options.spentTodayUsd === undefined ? {} : { spentTodayUsd: options.spentTodayUsd }),
    }),
    warmUp: createCacheWarmUp({ now }),
    breakerFor(model) {
      const known = breakers.get(model);
      if (known !== undefined) return known;
      const breaker = createCircuitBreaker({ now });
      breakers.set(model, breaker);
      return breaker;
    },
    now,
  };
}
