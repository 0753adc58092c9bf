import { expect, test } from 'vitest';
import { type CallOutcome, createCircuitBreaker, createMemoryBoard, type Permit } from './circuit-breaker.ts';

const setUp = () => {
  let at = 0;
  const board = createMemoryBoard();
  const breaker = createCircuitBreaker({ name: 'a-model', board, now: () => at });
  const pass = (): Extract<Permit, { allowed: true }> => {
    const permit = breaker.acquire();
    if (!permit.allowed) throw new Error(`not allowed: ${permit.why}`);
    return permit;
  };
  return {
    board,
    breaker,
    pass,
    end: (...outcomes: CallOutcome[]) => {
      for (const outcome of outcomes) pass().record(outcome, 'overloaded');
    },
    advance: (ms: number) => {
      at += ms;
    },
  };
};

test('five failures in a row stop the calls for a while', () => {
  const { breaker, end } = setUp();
  end('failed', 'failed', 'failed', 'failed');
  expect(breaker.acquire().allowed).toBe(true);
  end('failed');
  expect(breaker.acquire()).toEqual({ allowed: false, why: 'overloaded', retryInMs: 5_000 });
});

test('a success in between resets the count', () => {
  const { breaker, end } = setUp();
  end('failed', 'failed', 'failed', 'failed', 'succeeded', 'failed', 'failed');
  expect(breaker.acquire().allowed).toBe(true);
});

test('after the pause one call probes, and no other is allowed until it ends', () => {
  const { breaker, pass, end, advance } = setUp();
  end('failed', 'failed', 'failed', 'failed', 'failed');
  advance(5_001);
  const probe = pass();
  expect(breaker.acquire().allowed).toBe(false);
  probe.record('succeeded');
  expect(breaker.acquire().allowed).toBe(true);
});

test('a probe that fails stops the calls again, and one that was cancelled lets the next call probe', () => {
  const { breaker, pass, end, advance } = setUp();
  end('failed', 'failed', 'failed', 'failed', 'failed');
  advance(5_001);
  pass().record('ignored');
  pass().record('failed', 'still overloaded');
  expect(breaker.acquire()).toMatchObject({ allowed: false, why: 'still overloaded', retryInMs: 10_000 });
});

test('the pause grows while probes fail, up to a minute, and is short again after a success', () => {
  const { breaker, pass, end, advance } = setUp();
  end('failed', 'failed', 'failed', 'failed', 'failed');
  const pauses: number[] = [];
  for (let probe = 0; probe < 6; probe += 1) {
    const closed = breaker.acquire();
    const pauseMs = closed.allowed ? 0 : closed.retryInMs;
    pauses.push(pauseMs);
    advance(pauseMs);
    pass().record('failed', 'overloaded');
  }
  expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  advance(60_000);
  end('succeeded', 'failed', 'failed', 'failed', 'failed', 'failed');
  expect(breaker.acquire()).toMatchObject({ allowed: false, retryInMs: 5_000 });
});

test('calls that fail together do not lengthen the pause', () => {
  const { breaker, pass } = setUp();
  const together = Array.from({ length: 60 }, pass);
  for (const permit of together) permit.record('failed', 'overloaded');
  expect(breaker.acquire()).toMatchObject({ allowed: false, retryInMs: 5_000 });
});

test('a refused key or a spend cap stops the calls at once, and for longer', () => {
  const { breaker, end } = setUp();
  end('blocked');
  expect(breaker.acquire()).toMatchObject({ allowed: false, retryInMs: 300_000 });
});

test('a state that another process set applies here too: that the model is down, and that it is back', () => {
  const { board, breaker, end } = setUp();
  board.set('a-model', { openUntil: 7_000, why: 'overloaded there' });
  expect(breaker.acquire()).toEqual({ allowed: false, why: 'overloaded there', retryInMs: 7_000 });
  board.set('a-model', null);
  expect(breaker.acquire().allowed).toBe(true);
  end('failed', 'failed', 'failed', 'failed', 'failed');
  board.set('a-model', null);
  // The five failures no longer count either.
  expect(breaker.acquire().allowed).toBe(true);
  end('failed');
  expect(breaker.acquire().allowed).toBe(true);
});

test('the state of one model does not affect another', () => {
  const board = createMemoryBoard();
  const [one, other] = ['one', 'other'].map((name) => createCircuitBreaker({ name, board, now: () => 0 }));
  const permit = one?.acquire();
  if (permit?.allowed) permit.record('blocked', 'no key');
  expect(one?.acquire().allowed).toBe(false);
  expect(other?.acquire().allowed).toBe(true);
});
