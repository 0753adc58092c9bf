import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { Feedback, NewExample, StoredFeedback, StoredTicket } from '../../store/store.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import { wordsHash } from '../../ticket/words-hash.ts';

/**
 * The text that an example keeps of a ticket. Read before a transaction begins: redacting a long ticket takes a while.
 */
export type ExampleWords = Pick<Example, 'subject' | 'body' | 'language' | 'requester'> & {
  readonly revision: number;
  /** Of the words as the customer wrote them, before redaction. */
  readonly wordsHash: string;
};

/**
 * With redaction, whatever identifies the customer is removed, because an example is shown with other people's tickets.
 * Without redaction, the requester's name and address are kept, so that the example can be redacted later.
 */
export async function readExampleWords(
  { ticket, revision }: Pick<StoredTicket, 'ticket' | 'revision'>,
  { redaction }: { redaction: boolean },
): Promise<ExampleWords> {
  const { subject, body } = redaction ? await redactWords(ticket) : ticket;
  const { language, requester } = ticket;
  return {
    revision,
    wordsHash: wordsHash(ticket) ?? '',
    ...(subject === undefined || subject === '' ? {} : { subject }),
    ...(body === undefined || body === '' ? {} : { body }),
    ...(language === undefined ? {} : { language }),
    ...(redaction || requester === undefined ? {} : { requester: writerOf(requester) }),
  };
}

/** What a feedback says the ticket is: an intent, null where it belongs to nobody; undefined where it says neither. */
export function labelOf({ intent, outOfScope }: Feedback): string | null | undefined {
  return outOfScope ? null : intent;
}

/** The id of the example that a correction makes. */
export function feedbackExampleId({ ticketId, feedbackId }: { ticketId: string; feedbackId: number }): string {
  return `feedback:${ticketId}:${feedbackId}`;
}

/** The example that a correction makes of its ticket. */
export function createFeedbackExample(options: {
  words: ExampleWords;
  entry: StoredFeedback;
  /** Null where the ticket belongs to nobody. */
  intent: string | null;
}): NewExample {
  const { entry, intent } = options;
  const { ticketId, actor, id: feedbackId } = entry;
  const { revision: _, wordsHash, ...words } = options.words;
  const label = intent === null ? { intent, outOfScope: true } : { intent };
  const example = { id: feedbackExampleId({ ticketId, feedbackId }), ...words, ...label };
  return { example, source: 'feedback', actor, ticketId, feedbackId, wordsHash };
}

/** Removes HTML, quotations and signatures before redacting: engines do not learn from them anyway. */
async function redactWords(ticket: Ticket): Promise<Pick<Ticket, 'subject' | 'body'>> {
  const { subject, body } = ticketText(ticket);
  // Loaded here: its list of the world's phone numbers is a tenth of what a server loads, and most starts need none of it.
  const { redactInTurns } = await import('../../ticket/redact-ticket.ts');
  const { ticket: redacted } = await redactInTurns({ ticket: { ...ticket, subject, body }, texts: [] });
  return { subject: redacted.subject, body: redacted.body };
}

function writerOf({ name, email }: NonNullable<Ticket['requester']>): NonNullable<Example['requester']> {
  return { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
}
