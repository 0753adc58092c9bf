import type { OnProgress } from '../base/progress.ts';
import type { CliIo } from './io.ts';

/** An `OnProgress` that is shown on stderr. */
export type Progress = OnProgress & {
  /** Removes the line; may be called more than once. */
  readonly finish: () => void;
  /** The same, for good: what is reported afterwards is not shown. */
  readonly end: () => void;
};

const BAR_WIDTH = 24;
/** Terminals flicker when a line is redrawn more often. */
const REDRAW_MS = 80;
/** How often a long step writes a line to a pipe or a CI log, where nothing can be redrawn. */
const PLAIN_LINE_MS = 5_000;

/** Shows progress on stderr: as a bar in a terminal, otherwise as a line every few seconds. */
export function createProgress(io: CliIo, now: () => number = Date.now): Progress {
  const shown = io.isTty ? createBar(io, now) : createPlainLines(io, now);
  let isEnded = false;
  const show: OnProgress = (progress) => {
    if (!isEnded) shown(progress);
  };
  const end = () => {
    isEnded = true;
    shown.finish();
  };
  return Object.assign(show, { finish: shown.finish, end });
}

type Shown = OnProgress & Pick<Progress, 'finish'>;

function createBar(io: CliIo, now: () => number): Shown {
  let shownStep: string | null = null;
  let lastDrawMs = 0;
  const erase = () => io.stderr.write('\r\u001b[2K');

  const show: OnProgress = ({ step, done, total }) => {
    const isLast = total !== null && done >= total;
    const isSameStep = step === shownStep;
    if (isSameStep && !isLast && now() - lastDrawMs < REDRAW_MS) return;
    erase();
    lastDrawMs = now();
    shownStep = isLast ? null : step;
    if (!isLast) io.stderr.write(shorten(`  ${formatBar(done, total)} ${step}`, io.stderr.columns ?? 80));
  };
  const finish = () => {
    if (shownStep !== null) erase();
    shownStep = null;
  };
  return Object.assign(show, { finish });
}

function formatBar(done: number, total: number | null): string {
  if (total === null) return done === 0 ? '…' : `${done}`;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${done}/${total}`;
}

function shorten(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(1, columns - 2))}…`;
}

function createPlainLines(io: CliIo, now: () => number): Shown {
  let current: { step: string; startedMs: number; lastLineMs: number } | null = null;

  const show: OnProgress = ({ step, done, total }) => {
    if (current?.step !== step) {
      if (total !== null && total > 0 && done >= total) return; // it ended before it was shown: nothing to wait for
      current = { step, startedMs: now(), lastLineMs: now() };
      io.stderr.write(`${step} …\n`);
      return;
    }
    const isLast = total !== null && done >= total;
    if (isLast) {
      io.stderr.write(`${step}: done in ${((now() - current.startedMs) / 1000).toFixed(1)} s\n`);
      current = null;
    } else if (now() - current.lastLineMs >= PLAIN_LINE_MS) {
      current.lastLineMs = now();
      io.stderr.write(`${step}: ${total === null ? done : `${done} of ${total}`}\n`);
    }
  };
  return Object.assign(show, {
    finish: () => {
      current = null;
    },
  });
}
