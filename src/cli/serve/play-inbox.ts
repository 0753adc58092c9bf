import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { SAMPLE_DIR } from '../../config/load-config.ts';
import { parseIncomingTicket } from '../../ticket/parse-ticket.ts';
import type { IncomingTicket } from '../../ticket/ticket.ts';

/** Pauses between tickets in the first round, one after another: one to two seconds. */
const FIRST_PAUSES_MS = [1_000, 1_600, 1_200, 2_000, 1_400] as const;
const LATER_PAUSE_MS = 15_000;

export async function readSampleInbox(): Promise<readonly IncomingTicket[]> {
  const text = await readFile(join(SAMPLE_DIR, 'inbox.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => parseIncomingTicket(JSON.parse(line)));
}

/** Sends the sample inbox through the real intake, round after round, until the signal aborts. Every ticket has a new id. */
export async function playInbox(options: {
  app: Pick<App, 'intake'>;
  inbox: readonly IncomingTicket[];
  startId: string;
  signal: AbortSignal;
  pause?: (milliseconds: number) => Promise<unknown>;
  now?: () => Date;
}): Promise<void> {
  const { app, inbox, startId, signal, now = () => new Date() } = options;
  const pause = options.pause ?? ((milliseconds) => sleep(milliseconds, undefined, { signal }).catch(() => {}));
  for (let sent = 0; !signal.aborted && inbox.length > 0; sent += 1) {
    const ticket = inbox[sent % inbox.length];
    const isFirstRound = sent < inbox.length;
    await app.intake({
      connector: 'api',
      actor: { kind: 'system', id: 'demo' },
      ticket: { ...ticket, id: `${startId}-${sent + 1}`, createdAt: now().toISOString() },
    });
    await pause(isFirstRound ? (FIRST_PAUSES_MS[sent % FIRST_PAUSES_MS.length] ?? 1_500) : LATER_PAUSE_MS);
  }
}
