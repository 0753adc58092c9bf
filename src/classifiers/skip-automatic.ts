import { readTicket } from '../ticket/read-ticket.ts';
import { type Classification, type Classifier, noUsage } from './classifier.ts';

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
      return {
        ...noRequest(automatic.reason),
        language: request.ticket.language ?? null,
        versions: { taxonomy: request.taxonomy.version, prompt: null, examples: null, thresholds: null },
        latencyMs: performance.now() - startedAt,
      };
    },
    ...(classifier.close && { close: () => classifier.close?.() ?? Promise.resolve() }),
  };
}

const noRequest = (reason: string): Omit<Classification, 'language' | 'versions' | 'latencyMs'> => ({
  intent: null,
  confidence: 0,
  abstained: true,
  abstainReason: reason,
  reasoning: `No engine was asked. ${reason}`,
  decidingWords: [],
  runnersUp: [],
  nearestExamples: [],
  secondaryIntents: [],
  urgency: 'normal',
  sentiment: null,
  stage: 'none',
  stageReason: reason,
  model: null,
  usage: noUsage,
  costUsd: 0,
});
