import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createCliIo } from './io.ts';
import { createProgress } from './progress.ts';

function fakeTerminal(options: { isTty: boolean; env?: Record<string, string> }) {
  let text = '';
  const stderr = Object.assign(
    new Writable({
      write: (chunk, _encoding, done) => {
        text += chunk;
        done();
      },
    }),
    { isTTY: options.isTty, columns: 60 },
  );
  const stdout = Object.assign(new PassThrough(), { isTTY: options.isTty });
  const io = createCliIo({ stdout, stderr, stdin: new PassThrough(), env: options.env ?? {}, cwd: '/' });
  return { io, written: () => text };
}

test('on a terminal, one line is redrawn and erased at the end', () => {
  const { io, written } = fakeTerminal({ isTty: true });
  let nowMs = 0;
  const progress = createProgress(io, () => nowMs);
  progress({ step: 'Training', done: 0, total: 4 });
  nowMs = 500;
  progress({ step: 'Training', done: 2, total: 4 });
  progress({ step: 'Training', done: 4, total: 4 });
  const text = written();
  expect(text).not.toContain('\n');
  expect(text).toContain('2/4 Training');
  expect(text.endsWith('\u001b[2K')).toBe(true);
});

test('a long step name never wraps the line', () => {
  const { io, written } = fakeTerminal({ isTty: true });
  createProgress(io)({ step: 'x'.repeat(500), done: 0, total: 2 });
  expect(written().replace('\r\u001b[2K', '').length).toBeLessThan(60);
});

test('a pipe gets a line at the start, one every five seconds, and one at the end', () => {
  const { io, written } = fakeTerminal({ isTty: false });
  let nowMs = 0;
  const progress = createProgress(io, () => nowMs);
  progress({ step: 'Training', done: 0, total: 100 });
  for (let done = 1; done < 100; done += 1) {
    nowMs += 100;
    progress({ step: 'Training', done, total: 100 });
  }
  progress({ step: 'Training', done: 100, total: 100 });
  expect(written().split('\n')).toEqual(['Training …', 'Training: 50 of 100', 'Training: done in 9.9 s', '']);
});

test('NO_COLOR wins over a terminal, FORCE_COLOR over a pipe', () => {
  expect(fakeTerminal({ isTty: true }).io.colors.isColorSupported).toBe(true);
  expect(fakeTerminal({ isTty: true, env: { NO_COLOR: '1' } }).io.colors.isColorSupported).toBe(false);
  expect(fakeTerminal({ isTty: false }).io.colors.isColorSupported).toBe(false);
  expect(fakeTerminal({ isTty: false, env: { FORCE_COLOR: '1' } }).io.colors.isColorSupported).toBe(true);
});

test('nothing is shown after the end, as when a stop has been announced', () => {
  for (const isTty of [true, false]) {
    const { io, written } = fakeTerminal({ isTty });
    const progress = createProgress(io);
    progress({ step: 'Training', done: 1, total: 4 });
    progress.end();
    const text = written();
    progress({ step: 'Training', done: 2, total: 4 });
    progress({ step: 'Closing', done: 0, total: null });
    expect(written()).toBe(text);
  }
});
