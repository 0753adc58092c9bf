import { expect, test } from 'vitest';
import { type CallOutcome, createCircuitBreaker, type Passage } from './circuit-breaker.ts';

const setUp = () => {
  let at = 0;
  const breaker = createCircuitBreaker({ now: () => at });
  const pass = (): Extract<Passage, { open: true }> => {
    const passage = breaker.enter();
    if (!passage.open) throw new Error(`closed: ${passage.why}`);
    return passage;
  };
  return {
    breaker,
    pass,
    end: (...outcomes: CallOutcome[]) => {
      for (const outcome of outcomes) pass().end(outcome, 'overloaded');
    },
    advance: (ms: number) => {
      at += ms;
    },
  };
};

test('five failures in a row stop the calls for a while', () => {
  const { breaker, end } = setUp();
  end('unavailable', 'unavailable', 'unavailable', 'unavailable');
  expect(breaker.enter().open).toBe(true);
  end('unavailable');
  expect(breaker.enter()).toEqual({ open: false, why: 'overloaded', retryInMs: 5_000 });
});

test('an answer in between begins the count anew', () => {
  const { breaker, end } = setUp();
  end('unavailable', 'unavailable', 'unavailable', 'unavailable', 'answered', 'unavailable', 'unavailable');
  expect(breaker.enter().open).toBe(true);
});

test('after the pause one call probes and the others wait for its end', () => {
  const { breaker, pass, end, advance } = setUp();
  end('unavailable', 'unavailable', 'unavailable', 'unavailable', 'unavailable');
  advance(5_001);
  const probe = pass();
  expect(breaker.enter().open).toBe(false);
  probe.end('answered');
  expect(breaker.enter().open).toBe(true);
});

test('a probe that fails stops the calls again, one that was called off lets the next one probe', () => {
  const { breaker, pass, end, advance } = setUp();
  end('unavailable', 'unavailable', 'unavailable', 'unavailable', 'unavailable');
  advance(5_001);
  pass().end('unrelated');
  pass().end('unavailable', 'still overloaded');
  expect(breaker.enter()).toMatchObject({ open: false, why: 'still overloaded', retryInMs: 10_000 });
});

test('the pause grows while probes fail, up to a minute, and is short again after an answer', () => {
  const { breaker, pass, end, advance } = setUp();
  end('unavailable', 'unavailable', 'unavailable', 'unavailable', 'unavailable');
  const pauses: number[] = [];
  for (let probe = 0; probe < 6; probe += 1) {
    const closed = breaker.enter();
    const pauseMs = closed.open ? 0 : closed.retryInMs;
    pauses.push(pauseMs);
    advance(pauseMs);
    pass().end('unavailable', 'overloaded');
  }
  expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  advance(60_000);
  end('answered', 'unavailable', 'unavailable', 'unavailable', 'unavailable', 'unavailable');
  expect(breaker.enter()).toMatchObject({ open: false, retryInMs: 5_000 });
});

test('calls that fail together do not lengthen the pause', () => {
  const { breaker, pass } = setUp();
  const together = Array.from({ length: 60 }, pass);
  for (const passage of together) passage.end('unavailable', 'overloaded');
  expect(breaker.enter()).toMatchObject({ open: false, retryInMs: 5_000 });
});

test('a refused key or a spend cap stops the calls at once, and for longer', () => {
  const { breaker, end } = setUp();
  end('shut');
  expect(breaker.enter()).toMatchObject({ open: false, retryInMs: 300_000 });
});
