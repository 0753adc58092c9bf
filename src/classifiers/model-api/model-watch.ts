import { type Saying, say } from '../../base/say.ts';
import type { BreakerBoard } from './circuit-breaker.ts';
import type { FailureKind } from './model-failure.ts';
import type { SpendLedger } from './spend-ledger.ts';

/** A part that does not work as it should while the rest goes on. */
export type Degradation = {
  /** The id of a model, or `budget`. */
  readonly part: string;
  /** Without a word of a ticket. */
  readonly why: string;
  readonly whyFacts?: Saying['facts'];
  /** ISO 8601. */
  readonly since: string;
  /** How far it is, while it only starts: nothing is wrong then. */
  readonly starting?: StartProgress;
};

export type StartProgress = { readonly done: number; readonly total: number | null };

/** A change that affects all tickets, reported once. A single failed call is not such a change. */
export type ModelChange =
  | { readonly change: 'model-down'; readonly model: string; readonly why: string }
  | { readonly change: 'model-back'; readonly model: string }
  | { readonly change: 'budget-used-up' | 'budget-back'; readonly budgetUsd: number | null };

export type AttemptOutcome = 'answered' | FailureKind;

/** The state of the models that this process calls, for metrics. */
export type ModelStatus = {
  readonly models: readonly { readonly model: string; readonly available: boolean }[];
  /** Attempts since the start of this process. */
  readonly calls: readonly { readonly model: string; readonly outcome: AttemptOutcome; readonly count: number }[];
  /** Spent on this UTC day, for all purposes; null where the ledger could not be read. */
  readonly spentTodayUsd: number | null;
  readonly budgetUsd: number | null;
};

/** Counts how calls to models end, and notes which models are down: for the log, health checks and metrics. */
export type ModelWatch = {
  /** Registers a model before its first call. */
  expect(model: string): void;
  count(attempt: { readonly model: string; readonly outcome: AttemptOutcome }): void;
  degradations(): readonly Degradation[];
  status(): Promise<ModelStatus>;
};

const BUDGET = 'budget';
const DAY_MS = 86_400_000;

export function createModelWatch(options: {
  breakers: BreakerBoard;
  ledger: SpendLedger;
  /** Milliseconds since 1970. */
  now: () => number;
  onChange?: (change: ModelChange) => void;
}): ModelWatch {
  const { breakers, ledger, now, onChange } = options;
  const models = new Set<string>();
  const calls = new Map<string, Map<AttemptOutcome, number>>();
  const down = new Map<string, { readonly why: string; readonly since: number }>();
  let budgetUsedUpAt: number | null = null;

  const noteModel = (model: string) => {
    const state = breakers.get(model);
    if (state === null) {
      if (down.delete(model)) onChange?.({ change: 'model-back', model });
      return;
    }
    const before = down.get(model);
    down.set(model, { why: state.why, since: before?.since ?? now() });
    if (before === undefined) onChange?.({ change: 'model-down', model, why: state.why });
  };
  // The budget counts as used up from the first call that it refuses until the end of the day (UTC). A reservation that
  // is released may make room for a small call in between; reporting that too would change the state back and forth.
  const noteDay = () => {
    if (budgetUsedUpAt === null || utcDay(now()) === utcDay(budgetUsedUpAt)) return;
    budgetUsedUpAt = null;
    onChange?.({ change: 'budget-back', budgetUsd: ledger.limitUsd });
  };

  breakers.onChange(noteModel);
  return {
    expect(model) {
      models.add(model);
      noteModel(model);
    },
    count({ model, outcome }) {
      models.add(model);
      const byOutcome = calls.get(model) ?? new Map<AttemptOutcome, number>();
      calls.set(model, byOutcome);
      byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0) + 1);
      noteDay();
      if (outcome !== 'budget' || budgetUsedUpAt !== null) return;
      budgetUsedUpAt = now();
      onChange?.({ change: 'budget-used-up', budgetUsd: ledger.limitUsd });
    },
    degradations() {
      noteDay();
      const parts = [...down].map(([part, { why, since }]) => ({ part, why, since: new Date(since).toISOString() }));
      if (budgetUsedUpAt === null) return parts;
      const usd = ledger.limitUsd ?? 0;
      const { text, facts } = say('health.budget', `the daily budget of ${usd} USD is used up until midnight UTC`, {
        usd,
      });
      const since = new Date(budgetUsedUpAt).toISOString();
      return [...parts, { part: BUDGET, why: text, whyFacts: facts, since }];
    },
    async status() {
      return {
        models: [...models].map((model) => ({ model, available: !down.has(model) })),
        calls: [...calls].flatMap(([model, byOutcome]) =>
          [...byOutcome].map(([outcome, count]) => ({ model, outcome, count })),
        ),
        spentTodayUsd: await ledger.spentTodayUsd().catch(() => null),
        budgetUsd: ledger.limitUsd,
      };
    },
  };
}

const utcDay = (at: number) => Math.floor(at / DAY_MS);
