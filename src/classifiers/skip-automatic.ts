import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { readTicket } from '../ticket/read-ticket.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { Classification, Classifier } from './classifier.ts';
import { createNoAnswer } from './no-answer.ts';

/**
 * Wraps an engine so that it is not asked about automatic mail (bounces, out-of-office replies, receipts): nobody who
 * wrote it needs anything.
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
 * The classification of automatic mail: no intent, stage `none`, normal urgency, and the reason. Null for a ticket that a
 * person wrote.
 */
export function classifyAutomatic({ ticket, taxonomy }: { ticket: Ticket; taxonomy: Taxonomy }): Classification | null {
  const { automatic } = readTicket(ticket);
  if (automatic === null) return null;
  const { reason } = automatic;
  const reasoning = `No engine was asked. ${reason}`;
  return {
    ...createNoAnswer({ reason, reasoning, taxonomyVersion: taxonomy.version }),
    urgency: 'normal',
    language: ticket.language ?? null,
  };
}
