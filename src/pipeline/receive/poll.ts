import { createId } from '../../base/ids.ts';
import type { Intake } from '../intake.ts';
import type { ConfiguredConnector, PipelineContext } from '../pipeline-context.ts';
import { queueRefreshes, takeSignals } from './take-signals.ts';

/** After a look that found something, and at first. */
const SHORTEST_PAUSE_MS = 5_000;
/** Each look that finds nothing waits longer, up to the connector's `poll`. */
const PAUSE_GROWTH = 1.5;
/** How long a process that died keeps others from polling: longer than a page of an export takes. */
const HOLD_MS = 120_000;
/** A catch-up of more pages than this goes on with the next job, so that a stopping process need not wait for it. */
const MAX_PAGES = 20;

export type Polled = {
  /** Milliseconds until the next look. */
  readonly nextMs: number;
  /** False when no look was due, or another process is reading. */
  readonly hasLooked: boolean;
};

export type PollStep = {
  /**
   * Reads what has changed in a helpdesk, if a look is due and no other process is reading. Returns when to look again; null when
   * this connector is not polled. Rejects with ConnectorError; what was read before is kept.
   */
  poll(connector: string, signal: AbortSignal): Promise<Polled | null>;
};

export function createPollStep(context: PipelineContext, intake: Intake): PollStep {
  const { store, logger } = context;
  const holder = createId('p');

  return {
    async poll(name, signal) {
      const configured = context.connectors.get(name);
      if (configured === undefined || !isPolled(configured)) return null;
      const { connector, poll: longestPauseMs } = configured;
      const now = context.now();
      const until = new Date(now.getTime() + HOLD_MS);
      const latest = new Date(now.getTime() + longestPauseMs + 2 * HOLD_MS);
      let held = await store.cursors.hold({ connector: name, holder, now, until, latest });
      if (held === null) return { hasLooked: false, nextMs: await untilDue(context, name, longestPauseMs) };
      let found = 0;
      let read = 0;
      let isStuck = false;
      const seen = new Set<string | null>();
      try {
        for (let pages = 0; pages < MAX_PAGES && !signal.aborted; pages += 1) {
          const { cursor, connectedAt } = held;
          seen.add(cursor);
          const page = await connector.listChanged({ cursor, since: new Date(connectedAt), signal });
          const { jobs, refused } = await takeSignals(context, intake, { configured, signals: page.signals });
          for (const { externalId, reason } of refused) {
            logger.warn({ connector: name, externalId, reason }, 'a ticket of the helpdesk could not be stored');
          }
          found += jobs.length + page.signals.filter(({ ticket }) => ticket !== undefined).length;
          read += page.signals.length;
          const at = context.now();
          const next = { cursor: page.cursor, isAtEnd: page.isEnd };
          const isOurs = await store.transaction(async (transaction) => {
            await queueRefreshes(context, transaction, jobs);
            return transaction.cursors.save({
              ...{ connector: name, holder, ...next, now: at, dueAt: at, pauseMs: held?.pauseMs ?? 0 },
              until: new Date(at.getTime() + HOLD_MS),
            });
          });
          // Another process took over because this one was away for too long. The jobs are queued; they do no harm.
          if (!isOurs) return { hasLooked: true, nextMs: SHORTEST_PAUSE_MS };
          held = { ...held, ...next };
          if (page.isEnd) break;
          isStuck = seen.has(page.cursor);
          if (isStuck) {
            logger.warn({ connector: name, pages: pages + 1 }, 'the helpdesk lists the same page again and again');
            break;
          }
          logger.info({ connector: name, pages: pages + 1, tickets: read }, 'catching up with a helpdesk');
        }
      } catch (error) {
        await store.cursors.free({ connector: name, holder });
        throw error;
      }
      // A list that gets nowhere is looked at less and less often, as one that has nothing new.
      const { cursor, isAtEnd } = held;
      const pauseMs = pauseAfter(held.pauseMs, { found: isStuck ? 0 : found, longestPauseMs });
      const nextMs = isAtEnd || isStuck ? pauseMs : 0;
      const end = context.now();
      const dueAt = new Date(end.getTime() + nextMs);
      await store.cursors.save({ connector: name, holder, cursor, isAtEnd, now: end, dueAt, pauseMs, until: null });
      return { hasLooked: true, nextMs };
    },
  };
}

type PolledConnector = ConfiguredConnector & {
  readonly poll: number;
  readonly connector: { readonly listChanged: NonNullable<ConfiguredConnector['connector']['listChanged']> };
};

/** True for a connector whose helpdesk is asked for changes. */
export function isPolled(configured: ConfiguredConnector): configured is PolledConnector {
  return configured.poll !== null && configured.connector.listChanged !== undefined;
}

function pauseAfter(pauseMs: number, { found, longestPauseMs }: { found: number; longestPauseMs: number }): number {
  const next = found > 0 ? SHORTEST_PAUSE_MS : Math.max(SHORTEST_PAUSE_MS, pauseMs * PAUSE_GROWTH);
  return Math.min(longestPauseMs, Math.round(next));
}

async function untilDue(
  { store, now }: Pick<PipelineContext, 'store' | 'now'>,
  connector: string,
  longestPauseMs: number,
) {
  const cursor = await store.cursors.get(connector);
  const untilMs = cursor === null ? 0 : Date.parse(cursor.dueAt) - now().getTime();
  return Math.min(longestPauseMs, Math.max(SHORTEST_PAUSE_MS, untilMs));
}
