import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { waitForStop } from './wait-for-stop.ts';

/** A process whose signals, clock and end the test controls. */
function createHost() {
  const listeners = new Map<string, () => void>();
  const timers: { work: () => void; delayMs: number }[] = [];
  const exits: number[] = [];
  let nowMs = 0;
  let text = '';
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const stopped = waitForStop(
    { stderr },
    {
      onSignal: (signal, listener) => listeners.set(signal, listener),
      exit: (code) => exits.push(code),
      now: () => nowMs,
      schedule: (work, delayMs) => {
        timers.push({ work, delayMs });
        return () => {};
      },
    },
  );
  return {
    stopped,
    exits,
    timers,
    signal: (name: string) => listeners.get(name)?.(),
    pass: (milliseconds: number) => {
      nowMs += milliseconds;
    },
    text: () => text,
  };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s stops the process with a message', async (name) => {
  const { stopped, signal, text, exits } = createHost();
  signal(name);
  await stopped;
  expect(text()).toContain('Stopping');
  expect(exits).toEqual([]);
});

test('a second Ctrl-C ends the process at once', () => {
  const { signal, pass, exits } = createHost();
  signal('SIGINT');
  pass(700);
  signal('SIGINT');
  expect(exits).toEqual([130]);
});

test('one Ctrl-C that arrives twice, from npm and from the terminal, counts once', () => {
  const { signal, pass, exits } = createHost();
  signal('SIGINT');
  pass(100);
  signal('SIGTERM');
  expect(exits).toEqual([]);
});

test('a stop that takes longer than 2.5 s ends the process', () => {
  const { signal, timers, exits, text } = createHost();
  expect(timers).toEqual([]);
  signal('SIGTERM');
  expect(timers.map(({ delayMs }) => delayMs)).toEqual([2_500]);
  timers[0]?.work();
  expect(exits).toEqual([1]);
  expect(text()).toContain('did not stop in time');
});
