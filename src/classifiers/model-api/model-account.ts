import { sleep } from '../../base/deadline.ts';
import { type BreakerBoard, type CircuitBreaker, createCircuitBreaker, createMemoryBoard } from './circuit-breaker.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { createMemoryLedger, type SpendLedger } from './spend-ledger.ts';

/** What all models that this process asks share: the money of the day and which of them are down. */
export type ModelUse = {
  readonly ledger: SpendLedger;
  readonly breakers: BreakerBoard;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits between two attempts. */
  readonly sleep: typeof sleep;
};

/** The use of models by one process alone. */
export function createModelUse(
  options: {
    dailyBudgetUsd?: number | null;
    spentTodayUsd?: number;
    now?: () => number;
    sleep?: ModelUse['sleep'];
  } = {},
): ModelUse {
  const { dailyBudgetUsd = null, spentTodayUsd = 0, now = Date.now } = options;
  return {
    ledger: createMemoryLedger({ limitUsd: dailyBudgetUsd, now, spentTodayUsd }),
    breakers: createMemoryBoard(),
    now,
    sleep: options.sleep ?? sleep,
  };
}

/** What all calls to one account of a service share. */
export type ModelAccount = {
  readonly limiter: Limiter;
  readonly ledger: SpendLedger;
  readonly sleep: ModelUse['sleep'];
  /** One per model: an overloaded model says nothing about another. */
  breakerFor(model: string): CircuitBreaker;
};

const DEFAULT_CONCURRENCY = 64;

export function createModelAccount(options: {
  use: ModelUse;
  /** Calls at the same time; more wait for a place. 64 when left out. */
  concurrency?: number | undefined;
}): ModelAccount {
  const { use, concurrency = DEFAULT_CONCURRENCY } = options;
  const breakers = new Map<string, CircuitBreaker>();
  return {
    limiter: createLimiter(concurrency),
    ledger: use.ledger,
    sleep: use.sleep,
    breakerFor(model) {
      const known = breakers.get(model);
      if (known !== undefined) return known;
      const breaker = createCircuitBreaker({ name: model, board: use.breakers, now: use.now });
      breakers.set(model, breaker);
      return breaker;
    },
  };
}
