import { constants } from 'node:os';
import { type CliIo, writeNote } from '../io.ts';
import { type Schedule, scheduleByTimer } from './schedule.ts';

/** npm and the launcher pass on the signal that the terminal gave us too: one Ctrl-C may arrive three times. */
const SAME_PRESS_MS = 500;
/** Longer than every step of a clean stop; then whatever hangs is left behind. Nothing accepted is lost by that. */
const FORCE_AFTER_MS = 2_500;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type StopSignal = (typeof signals)[number];

/** What stopping needs of the process and the clock. */
export type StopHost = {
  onSignal(signal: StopSignal, listener: () => void): void;
  exit(code: number): void;
  now(): number;
  readonly schedule: Schedule;
};

const thisProcess: StopHost = {
  onSignal: (signal, listener) => process.on(signal, listener),
  exit: (code) => process.exit(code),
  now: Date.now,
  schedule: scheduleByTimer,
};

/** Resolves at the first signal. A second Ctrl-C, or a stop that takes too long, ends the process at once. */
export function waitForStop(io: Pick<CliIo, 'stderr'>, host: StopHost = thisProcess): Promise<void> {
  return new Promise((resolve) => {
    let firstAtMs: number | null = null;
    const onSignal = (signal: StopSignal) => {
      if (firstAtMs === null) {
        firstAtMs = host.now();
        writeNote(io, '\nStopping …');
        host.schedule(() => {
          writeNote(io, 'Something did not stop in time and is left behind; the next start goes on with the queue.');
          host.exit(1);
        }, FORCE_AFTER_MS);
        resolve();
      } else if (host.now() - firstAtMs > SAME_PRESS_MS) {
        host.exit(128 + constants.signals[signal]);
      }
    };
    for (const signal of signals) host.onSignal(signal, () => onSignal(signal));
  });
}
