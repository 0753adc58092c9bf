import { ConnectorError } from '../../errors.ts';
import type { HttpClientOptions } from '../http-client.ts';
import { createRateLimit, type RateLimit } from '../rate-limit.ts';

/** The parts of a client that tests replace. */
export type ClientParts = Partial<Pick<HttpClientOptions, 'fetch' | 'now' | 'sleep' | 'random'>>;

/** For an account: https://developer.zendesk.com/api-reference/introduction/rate-limits. */
const EXPORTS_PER_MINUTE = 10;
/** Of one ticket, by one account, in ten minutes. */
const UPDATES_PER_TICKET = 30;
const TICKET_WINDOW_MS = 600_000;
const MINUTE_MS = 60_000;

/**
 * Never more calls in any minute than `perMinute`: a tenth of them may begin at once, and the others follow evenly.
 */
export function minuteLimit(perMinute: number, { now, sleep }: ClientParts): RateLimit {
  const atOnce = Math.max(1, Math.floor(perMinute / 10));
  const evenly = Math.max(1, perMinute - atOnce);
  return createRateLimit({
    calls: atOnce,
    perMs: (MINUTE_MS * atOnce) / evenly,
    ...(now && { now }),
    ...(sleep && { sleep }),
  });
}

export const exportLimit = (parts: ClientParts) => minuteLimit(EXPORTS_PER_MINUTE, parts);

/** Counts updates of each ticket, so that a loop between us and a trigger of Zendesk ends. */
export type TicketBudget = {
  /** Counts an update. Throws ConnectorError when there were too many, with the time until the next is allowed. */
  take(externalId: string): void;
};

export function createTicketBudget(options: { connector: string; now: () => number }): TicketBudget {
  const { connector, now } = options;
  /** Times of updates by ticket, the ticket that was updated last at the end. */
  const updates = new Map<string, number[]>();
  const forgetOld = (since: number) => {
    for (const [id, times] of updates) {
      if ((times.at(-1) ?? 0) > since) return;
      updates.delete(id);
    }
  };
  return {
    take(externalId) {
      const at = now();
      const since = at - TICKET_WINDOW_MS;
      forgetOld(since);
      const recent = (updates.get(externalId) ?? []).filter((time) => time > since);
      const [first] = recent;
      if (recent.length >= UPDATES_PER_TICKET && first !== undefined) {
        throw new ConnectorError({
          connector,
          retryable: true,
          retryInMs: first - since,
          message: `Ticket ${externalId} of the connector "${connector}" was updated ${UPDATES_PER_TICKET} times in ten minutes, and Zendesk takes no more. Look for a trigger in Zendesk that undoes what is written.`,
        });
      }
      updates.delete(externalId);
      updates.set(externalId, [...recent, at]);
    },
  };
}
