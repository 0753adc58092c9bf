import type { Ticket } from '../ticket/ticket.ts';
import { ticketText } from '../ticket/ticket-text.ts';
import type { RedactInTurns } from './claude/build-request.ts';
import { trimAroundCut } from './claude/fence.ts';
import { preBoundTicket } from './claude/prompt/ticket-message.ts';

export type OutgoingTicket = {
  readonly ticket: Ticket;
  /** Replaces placeholders by the original words, for display on this machine. */
  restore(text: string): string;
};

/**
 * Maps a ticket to what may be sent to another machine: the customer's own words as redacted plain text, cut to the
 * same length as for Claude. The requester's name, email and attributes and the helpdesk link are left out; ids and
 * tags are redacted too.
 */
export async function mapOutgoingTicket(options: { ticket: Ticket; redact: RedactInTurns }): Promise<OutgoingTicket> {
  const { ticket, redact } = options;
  const { requester, source, language } = ticket;
  const { subject, body } = preBoundTicket(ticketText(ticket));
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

/** The ticket without the requester's attributes, which no classifier reads (src/ticket/content-hash.ts). */
export function withoutAttributes(ticket: Ticket): Ticket {
  if (ticket.requester === undefined) return ticket;
  return { ...ticket, requester: pick(ticket.requester, ['name', 'email', 'tier']) };
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  // All keys are keys of `T`, so the result is a `Pick`.
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<T, K>;
}
