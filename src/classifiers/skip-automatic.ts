import { say, sayAll, sayingOf } from '../base/say.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { readTicket } from '../ticket/read-ticket.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { Classification, Classifier } from './classifier.ts';
import { createNoAnswer } from './no-answer.ts';

/**
 * Wraps an engine so that it is not asked about automatic mail (bounces, out-of-office replies, receipts): nobody who
 * wrote it needs anything; nor about tickets of nothing but attachments, which no engine reads.
 */
export function skipAutomatic(classifier: Classifier): Classifier {
  return {
    id: classifier.id,
    async classify(request) {
      const startedAt = performance.now();
      const answer = classifyAutomatic(request);
      return answer === null ? classifier.classify(request) : { ...answer, latencyMs: performance.now() - startedAt };
    },
    ...(classifier.close && { close: () => classifier.close?.() ?? Promise.resolve() }),
  };
}

/**
 * The classification of automatic mail and of tickets without words: no intent, stage `none`, normal urgency, and the reason.
 * Null for a ticket in which a person wrote something.
 */
export function classifyAutomatic({ ticket, taxonomy }: { ticket: Ticket; taxonomy: Taxonomy }): Classification | null {
  const { automatic } = readTicket(ticket);
  if (automatic === null && !hasOnlyFiles(ticket)) return null;
  const reason =
    automatic === null
      ? say('engine.only-files', 'The ticket has attachments and no words.')
      : sayingOf(automatic.reason, automatic.reasonFacts);
  const reasoning = sayAll([say('engine.not-asked', 'No engine was asked.'), reason]);
  return {
    ...createNoAnswer({ reason, reasoning, taxonomyVersion: taxonomy.version }),
    urgency: 'normal',
    language: ticket.language ?? null,
  };
}

/** What mail programs write where nobody wrote a subject. */
const emptySubject =
  /^\W*(?:no subject|without subject|kein betreff|sin asunto|sans objet|nessun oggetto|geen onderwerp|sem assunto)\W*$/i;

function hasOnlyFiles(ticket: Ticket): boolean {
  if ((ticket.attachments ?? 0) === 0) return false;
  const { subject, own } = readTicket(ticket);
  return own === '' && (!/\p{L}/u.test(subject) || emptySubject.test(subject));
}
