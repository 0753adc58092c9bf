import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startDeadline } from '../../base/deadline.ts';
import { noUsage } from '../classifier.ts';
import { callModel, type ModelCall, type Reading } from './call-model.ts';
import { createModelAccount, createModelUse, type ModelUse } from './model-account.ts';
import { type FailureKind, modelFailure } from './model-failure.ts';
import type { Reservation, SpendLedger, SpendRequest } from './spend-ledger.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What the service does in one attempt: it replies, fails in some way, or never answers. */
type Step =
  | string
  | { readonly fails: FailureKind; readonly retryAfterMs?: number; readonly retryable?: boolean }
  | 'hang';
class ServiceError extends Error {
  readonly step: Exclude<Step, string>;
  constructor(step: Exclude<Step, string>) {
    super('the service failed');
    this.step = step;
  }
}

/** A ledger that records its reservations. */
function recordingLedger(overrides: Partial<SpendLedger> = {}) {
  const booked: (SpendRequest & { settled: number | null })[] = [];
  const ledger: SpendLedger = {
    limitUsd: null,
    async reserve(request): Promise<Reservation> {
      const entry = { ...request, settled: null as number | null };
      booked.push(entry);
      return {
        settle: async (usd) => {
          entry.settled = usd;
        },
      };
    },
    spentTodayUsd: async () => 0,
    ...overrides,
  };
  return { ledger, booked };
}

function setUp(steps: readonly Step[], options: { ledger?: SpendLedger; timeoutMs?: number } = {}) {
  const pausesMs: number[] = [];
  const { ledger, booked } = recordingLedger();
  const use: ModelUse = {
    ...createModelUse({ sleep: async ({ ms }) => void pausesMs.push(ms) }),
    ledger: options.ledger ?? ledger,
  };
  const left = [...steps];
  const account = createModelAccount({ use });
  const caller = new AbortController();
  const send = vi.fn(async (): Promise<string> => {
    const step = left.shift() ?? 'answer';
    if (step === 'hang') return new Promise<never>(() => undefined);
    if (typeof step === 'string') return step;
    throw new ServiceError(step);
  });
  const run = async (parts: Partial<ModelCall<string, string>> = {}) => {
    using deadline = startDeadline({ timeoutMs: options.timeoutMs ?? 20_000, signal: caller.signal });
    return await callModel<string, string>({
      account,
      model: 'a-model',
      purpose: 'classify',
      estimatedUsd: 0.5,
      deadline,
      retries: { attempts: 3, longestPauseMs: 5_000 },
      send,
      measure: () => ({ usage: { ...noUsage, inputTokens: 10 }, costUsd: 0.2 }),
      read: (reply): Reading<string> =>
        reply === 'nonsense'
          ? { ok: false, failure: modelFailure({ kind: 'unreadable', detail: 'nonsense', retryable: true }) }
          : { ok: true, answer: reply },
      explain: (error) => {
        if (!(error instanceof ServiceError)) throw error;
        const { fails, retryAfterMs = null, retryable = true } = error.step;
        return modelFailure({ kind: fails, detail: fails, retryAfterMs, retryable });
      },
      random: () => 0,
      ...parts,
    });
  };
  return { run, send, booked, pausesMs, caller, account };
}

describe('attempts', () => {
  test('are made again after a failure that may pass, with growing pauses', async () => {
    const { run, pausesMs } = setUp([{ fails: 'unavailable' }, { fails: 'unavailable' }, 'answer']);
    expect(await run()).toMatchObject({ ok: true, answer: 'answer', notes: ['unavailable', 'unavailable'] });
    expect(pausesMs).toEqual([400, 800]);
  });

  test('end with the last failure when their number is used up', async () => {
    const { run, send } = setUp(Array.from({ length: 9 }, () => ({ fails: 'unavailable' as const })));
    expect(await run()).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
    expect(send).toHaveBeenCalledTimes(3);
  });

  test('are not repeated where that is pointless', async () => {
    const { run, send } = setUp([{ fails: 'access', retryable: false }]);
    expect(await run()).toMatchObject({ ok: false, failure: { kind: 'access' } });
    expect(send).toHaveBeenCalledTimes(1);
  });

  test('wait as long as the service asks, and end where that is too long', async () => {
    const patient = setUp([{ fails: 'rate-limited', retryAfterMs: 3_000 }]);
    expect(await patient.run()).toMatchObject({ ok: true });
    expect(patient.pausesMs).toEqual([3_000]);
    const impatient = setUp([{ fails: 'rate-limited', retryAfterMs: 60_000 }]);
    expect(await impatient.run()).toMatchObject({
      ok: false,
      failure: { kind: 'rate-limited', detail: 'rate-limited; the service asks to wait 60 s' },
    });
    expect(impatient.pausesMs).toEqual([]);
  });

  test('ask twice for a reply that cannot be read, and both are paid for', async () => {
    const { run, send } = setUp(['nonsense', 'nonsense', 'answer']);
    const result = await run();
    expect(result).toMatchObject({ ok: false, failure: { kind: 'unreadable' }, spent: { costUsd: 0.4 } });
    expect(result.spent.usage.inputTokens).toBe(20);
    expect(send).toHaveBeenCalledTimes(2);
  });

  test('that hang are ended early enough for another one', async () => {
    const { run } = setUp(['hang', 'answer']);
    const asked = run();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await asked).toMatchObject({ ok: true, notes: ['no answer in time'] });
  });

  test('end with the deadline', async () => {
    const { run } = setUp(['hang', 'hang', 'hang']);
    const asked = run();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await asked).toMatchObject({ ok: false, failure: { kind: 'deadline' } });
  });

  test('end when the caller gives up, which does not count against the service', async () => {
    const { run, caller, account } = setUp(Array.from({ length: 9 }, () => 'hang' as const));
    const asked = Promise.all(Array.from({ length: 6 }, () => run()));
    await vi.advanceTimersByTimeAsync(1);
    caller.abort();
    for (const result of await asked) expect(result).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
    expect(account.breakerFor('a-model').acquire().allowed).toBe(true);
  });

  test('are not made while calls to the model are paused', async () => {
    const down = Array.from({ length: 9 }, () => ({ fails: 'unavailable' as const, retryable: false }));
    const { run, send } = setUp(down);
    for (let at = 0; at < 5; at += 1) await run();
    expect(await run()).toMatchObject({
      ok: false,
      failure: {
        kind: 'paused',
        detail: 'calls are paused after repeated failures (unavailable); the next try is in 5 s',
      },
    });
    expect(send).toHaveBeenCalledTimes(5);
  });
});

describe('money', () => {
  test('is reserved before each attempt, and settled with what the attempt cost', async () => {
    const { run, booked } = setUp([{ fails: 'unavailable' }, 'answer']);
    await run({ purpose: 'judge' });
    const entry = { purpose: 'judge', model: 'a-model', usd: 0.5 };
    expect(booked).toEqual([
      { ...entry, settled: 0 },
      { ...entry, settled: 0.2 },
    ]);
  });

  test('for an attempt that was ended early stays spent: the service may charge for it', async () => {
    const { run, booked } = setUp(['hang', 'answer']);
    const asked = run();
    await vi.advanceTimersByTimeAsync(10_000);
    await asked;
    expect(booked.map(({ settled }) => settled)).toEqual([null, 0.2]);
  });

  test('that is used up ends the call before it is sent, and does not count against the service', async () => {
    const { ledger } = recordingLedger({ reserve: async () => null });
    const { run, send, account } = setUp([], { ledger });
    for (let at = 0; at < 6; at += 1) expect(await run()).toMatchObject({ ok: false, failure: { kind: 'budget' } });
    expect(send).not.toHaveBeenCalled();
    expect(account.breakerFor('a-model').acquire().allowed).toBe(true);
  });

  test('that cannot be reserved makes the call reject: the store is away', async () => {
    const away = new Error('the store is away');
    const { ledger } = recordingLedger({ reserve: () => Promise.reject(away) });
    const { run, send } = setUp([], { ledger });
    await expect(run()).rejects.toBe(away);
    expect(send).not.toHaveBeenCalled();
  });

  test('that is reserved too late is released', async () => {
    const late = Promise.withResolvers<Reservation>();
    const settle = vi.fn(async () => undefined);
    const { ledger } = recordingLedger({ reserve: () => late.promise });
    const { run, send } = setUp([], { ledger, timeoutMs: 1_000 });
    const asked = run();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await asked).toMatchObject({ ok: false, failure: { kind: 'deadline' } });
    late.resolve({ settle });
    await vi.advanceTimersByTimeAsync(0);
    expect(settle).toHaveBeenCalledWith(0);
    expect(send).not.toHaveBeenCalled();
  });

  test('that cannot be settled does not lose the answer', async () => {
    const reserve = async () => ({ settle: () => Promise.reject(new Error('the store is away')) });
    const { ledger } = recordingLedger({ reserve });
    expect(await setUp(['answer'], { ledger }).run()).toMatchObject({ ok: true, answer: 'answer' });
  });
});
