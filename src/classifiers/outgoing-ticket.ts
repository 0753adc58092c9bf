import type { Ticket } from '../ticket/ticket.ts';
import type { RedactInTurns } from './claude/build-request.ts';
import { trimAroundCut } from './claude/fence.ts';
import { plainTicket } from './claude/plain-ticket.ts';
import { preBoundTicket } from './claude/prompt/ticket-message.ts';

export type OutgoingTicket = {
  readonly ticket: Ticket;
  /** Puts back what was taken out, for display on this machine. */
  restore(text: string): string;
};

/**
 * The ticket as it may be sent to another machine: its own words as plain text, bounded as for Claude, without what
 * identifies people. Name, address, attributes and the link to the helpdesk stay here; ids and tags are redacted.
 */
export async function mapOutgoingTicket(options: { ticket: Ticket; redact: RedactInTurns }): Promise<OutgoingTicket> {
  const { ticket, redact } = options;
  const { requester, source, language } = ticket;
  const { subject, body } = preBoundTicket(plainTicket(ticket));
  const redacted = await redact({
    ticket: {
      id: 'ticket',
      subject,
      body,
      ...(language === undefined ? {} : { language }),
      ...(requester === undefined ? {} : { requester: pick(requester, ['name', 'email']) }),
    },
    texts: [ticket.id, source?.externalId ?? '', ...(ticket.tags ?? [])],
    people: [],
  });
  const [id = '', externalId = '', ...tags] = redacted.texts;
  return {
    ticket: {
      ...pick(ticket, ['createdAt', 'channel', 'language']),
      id,
      subject: trimAroundCut(redacted.ticket.subject ?? ''),
      body: trimAroundCut(redacted.ticket.body ?? ''),
      ...(ticket.tags === undefined ? {} : { tags }),
      ...(requester === undefined ? {} : { requester: pick(requester, ['tier']) }),
      ...(source === undefined ? {} : { source: { connector: source.connector, externalId } }),
    },
    restore: (text) => redacted.restore(text),
  };
}

/** The ticket as it came, but for the requester's attributes: no classifier reads them (src/ticket/content-hash.ts). */
export function withoutAttributes(ticket: Ticket): Ticket {
  if (ticket.requester === undefined) return ticket;
  return { ...ticket, requester: pick(ticket.requester, ['name', 'email', 'tier']) };
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  // Only keys of `T` are asked for, so what is left of it is a `Pick`.
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<T, K>;
}
