import type { Ticket } from '../ticket/ticket.ts';
import type { RedactInTurns } from './claude/build-request.ts';
import { trimAroundCut } from './claude/fence.ts';
import { plainTicket } from './claude/plain-ticket.ts';
import { preBoundTicket } from './claude/prompt/ticket-message.ts';

/** Attributes that go along: short ones, so that redaction has little to do. Longer ones are documents, not facts. */
const MAX_ATTRIBUTES = 50;
const MAX_ATTRIBUTE_LENGTH = 200;
/** Names of fields; anything else might be an address or a sentence. */
const attributeName = /^[\w .-]{1,60}$/;

export type OutgoingTicket = {
  readonly ticket: Ticket;
  /** Puts back what was taken out, for display on this machine. */
  restore(text: string): string;
};

/**
 * The ticket as it may be sent to another machine: its own words as plain text, bounded as for Claude, without what
 * identifies people. Name, address and the link to the helpdesk stay here; ids, tags and short attributes are redacted.
 */
export async function mapOutgoingTicket(options: { ticket: Ticket; redact: RedactInTurns }): Promise<OutgoingTicket> {
  const { ticket, redact } = options;
  const { requester, source } = ticket;
  const tags = ticket.tags ?? [];
  const attributes = Object.entries(requester?.attributes ?? {})
    .filter(([name, value]) => attributeName.test(name) && String(value).length <= MAX_ATTRIBUTE_LENGTH)
    .slice(0, MAX_ATTRIBUTES);
  const { subject, body } = preBoundTicket(plainTicket(ticket));
  const redacted = await redact({
    ticket: {
      id: 'ticket',
      subject,
      body,
      ...(ticket.language === undefined ? {} : { language: ticket.language }),
      ...(requester === undefined ? {} : { requester: pick(requester, ['name', 'email']) }),
    },
    texts: [ticket.id, source?.externalId ?? '', ...tags, ...attributes.map(([, value]) => String(value))],
    people: [],
  });
  const [id = '', externalId = '', ...rest] = redacted.texts;
  const sentAttributes = attributes.map(([name, value], at): [string, string | number | boolean] => {
    const text = rest[tags.length + at] ?? '';
    return [name, text === String(value) ? value : text];
  });
  return {
    ticket: {
      ...pick(ticket, ['createdAt', 'channel', 'language']),
      id,
      subject: trimAroundCut(redacted.ticket.subject ?? ''),
      body: trimAroundCut(redacted.ticket.body ?? ''),
      ...(ticket.tags === undefined ? {} : { tags: rest.slice(0, tags.length) }),
      ...(requester === undefined
        ? {}
        : { requester: { ...pick(requester, ['tier']), attributes: Object.fromEntries(sentAttributes) } }),
      ...(source === undefined ? {} : { source: { connector: source.connector, externalId } }),
    },
    restore: (text) => redacted.restore(text),
  };
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  // Only keys of `T` are asked for, so what is left of it is a `Pick`.
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<T, K>;
}
