import { sleep } from '../../base/deadline.ts';
import { type BreakerBoard, type CircuitBreaker, createCircuitBreaker, createMemoryBoard } from './circuit-breaker.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { createModelWatch, type ModelChange, type ModelWatch } from './model-watch.ts';
import { createMemoryLedger, type SpendLedger } from './spend-ledger.ts';

/** The processes that use the same accounts, this one included. */
export type LiveProcesses = {
  count(): number;
  /** The listener is called when the count has changed. */
  onChange(listener: () => void): void;
};

const thisProcessAlone: LiveProcesses = { count: () => 1, onChange: () => undefined };

/** Shared by all models that this process calls: the daily budget, and which models are down. */
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
  /** In USD, for a ledger in memory; null is no limit. Unused when `ledger` is given. */
  readonly dailyBudgetUsd?: number | null;
  /** In memory, for this process alone, when left out. */
  readonly ledger?: SpendLedger;
  /** In memory, for this process alone, when left out. */
  readonly breakers?: BreakerBoard;
  /** This process alone when left out. */
  readonly processes?: LiveProcesses;
  /** Called once for each change: a model is down or back, the budget is used up or back. */
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

/** Shared by all calls to one account of a service. */
export type ModelAccount = Pick<ModelUse, 'ledger' | 'watch' | 'sleep'> & {
  readonly limiter: Limiter;
  /** Returns the breaker of a model. Each model has its own, since one may be overloaded while another works. */
  breakerFor(model: string): CircuitBreaker;
};

const DEFAULT_CONCURRENCY = 64;

export function createModelAccount(options: {
  use: ModelUse;
  /** Calls that may run at the same time, in all processes together; further ones wait. 64 when left out. */
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
