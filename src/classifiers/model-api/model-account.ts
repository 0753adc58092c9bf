import { sleep } from '../../base/deadline.ts';
import { type BreakerBoard, type CircuitBreaker, createCircuitBreaker, createMemoryBoard } from './circuit-breaker.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { createModelWatch, type ModelChange, type ModelWatch } from './model-watch.ts';
import { createMemoryLedger, type SpendLedger } from './spend-ledger.ts';

/** How many processes use the same accounts as this one, which counts with them. */
export type LiveProcesses = {
  count(): number;
  /** Calls back when the count has changed. */
  onChange(listener: () => void): void;
};

const thisProcessAlone: LiveProcesses = { count: () => 1, onChange: () => undefined };

/** What all models that this process asks share: the money of the day, and which of them are down. */
export type ModelUse = {
  readonly ledger: SpendLedger;
  readonly breakers: BreakerBoard;
  readonly processes: LiveProcesses;
  readonly watch: ModelWatch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits between two attempts. */
  readonly sleep: typeof sleep;
};

export type ModelUseOptions = {
  /** For the ledger of this process alone; null without a limit. */
  readonly dailyBudgetUsd?: number | null;
  /** One of this process alone when left out. */
  readonly ledger?: SpendLedger;
  /** The same. */
  readonly breakers?: BreakerBoard;
  /** Only this one when left out. */
  readonly processes?: LiveProcesses;
  /** Called once a change: a model is down or back, the budget is used up or back. */
  readonly onChange?: (change: ModelChange) => void;
  readonly now?: () => number;
  readonly sleep?: ModelUse['sleep'];
};

export function createModelUse(options: ModelUseOptions = {}): ModelUse {
  const { dailyBudgetUsd = null, now = Date.now, onChange } = options;
  const ledger = options.ledger ?? createMemoryLedger({ limitUsd: dailyBudgetUsd, now });
  const breakers = options.breakers ?? createMemoryBoard();
  const watch = createModelWatch({ ledger, breakers, now, ...(onChange && { onChange }) });
  const { processes = thisProcessAlone } = options;
  return { ledger, breakers, processes, watch, now, sleep: options.sleep ?? sleep };
}

/** What all calls to one account of a service share. */
export type ModelAccount = Pick<ModelUse, 'ledger' | 'watch' | 'sleep'> & {
  readonly limiter: Limiter;
  /** One per model: an overloaded model says nothing about another. */
  breakerFor(model: string): CircuitBreaker;
};

const DEFAULT_CONCURRENCY = 64;

export function createModelAccount(options: {
  use: ModelUse;
  /** Calls at the same time, of all processes together; more wait for a place. 64 when left out. */
  concurrency?: number | undefined;
}): ModelAccount {
  const { use, concurrency = DEFAULT_CONCURRENCY } = options;
  const { ledger, watch, sleep, processes } = use;
  const share = () => Math.max(1, Math.floor(concurrency / processes.count()));
  const limiter = createLimiter(share());
  processes.onChange(() => limiter.resize(share()));
  const breakers = new Map<string, CircuitBreaker>();
  return {
    limiter,
    ledger,
    watch,
    sleep,
    breakerFor(model) {
      const known = breakers.get(model);
      if (known !== undefined) return known;
      const breaker = createCircuitBreaker({ name: model, board: use.breakers, now: use.now });
      breakers.set(model, breaker);
      return breaker;
    },
  };
}
