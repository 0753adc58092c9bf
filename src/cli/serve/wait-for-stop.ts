import { constants } from 'node:os';
import { type CliIo, writeNote } from '../io.ts';

/** npm and the launcher pass on the signal that the terminal gave us too: one Ctrl-C may arrive three times. */
const SAME_PRESS_MS = 500;
/** Longer than every step of a clean stop; then whatever hangs is left behind. Nothing accepted is lost by that. */
const FORCE_AFTER_MS = 2_500;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves at the first signal. A second Ctrl-C, or a stop that takes too long, ends the process at once. */
export function waitForStop(io: Pick<CliIo, 'stderr'>): Promise<void> {
  return new Promise((resolve) => {
    let firstAtMs: number | null = null;
    for (const signal of signals) {
      process.on(signal, () => {
        if (firstAtMs === null) {
          firstAtMs = Date.now();
          writeNote(io, `\nStopping …`);
          setTimeout(() => {
            writeNote(io, 'Something did not stop in time and is left behind; the next start goes on with the queue.');
            process.exit(1);
          }, FORCE_AFTER_MS).unref();
          resolve();
        } else if (Date.now() - firstAtMs > SAME_PRESS_MS) {
          process.exit(128 + constants.signals[signal]);
        }
      });
    }
  });
}
