import { readTicket } from '../ticket/read-ticket.ts';
import type { Classifier } from './classifier.ts';
import { createNoAnswer } from './no-answer.ts';

/**
 * Wraps an engine so that it is not asked about automatic mail (bounces, out-of-office replies, receipts): nobody who
 * wrote it needs anything. Such a ticket gets no intent, stage `none`, normal urgency, and the reason.
 */
export function skipAutomatic(classifier: Classifier): Classifier {
  return {
    id: classifier.id,
    async classify(request) {
      const startedAt = performance.now();
      const { automatic } = readTicket(request.ticket);
      if (automatic === null) return classifier.classify(request);
      const { reason } = automatic;
      return {
        ...createNoAnswer({
          reason,
          reasoning: `No engine was asked. ${reason}`,
          taxonomyVersion: request.taxonomy.version,
        }),
        urgency: 'normal',
        language: request.ticket.language ?? null,
        latencyMs: performance.now() - startedAt,
      };
    },
    ...(classifier.close && { close: () => classifier.close?.() ?? Promise.resolve() }),
  };
}
