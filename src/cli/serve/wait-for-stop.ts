import { constants } from 'node:os';
import { type CliIo, writeNote } from '../io.ts';
import { type Schedule, scheduleByTimer } from './schedule.ts';

/** The terminal, npm and the launcher all send the signal of one Ctrl-C, so it may arrive three times. */
const SAME_PRESS_MS = 500;
/** More than a clean stop needs. The process then ends although something hangs; no accepted ticket is lost by that. */
const FORCE_AFTER_MS = 2_500;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type StopSignal = (typeof signals)[number];

/** The parts of the process and the clock that `waitForStop` uses. */
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
          writeNote(io, 'Something did not stop in time. Ended anyway; the next start continues with the queue.');
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
