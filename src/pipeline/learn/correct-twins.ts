import { type Classification, type Classifier, type ClassifyRequest, noUsage } from '../../classifiers/classifier.ts';
import type { Correction, CorrectionStore } from '../../store/store.ts';
import { resolveLeaf } from '../../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { readTicket } from '../../ticket/read-ticket.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { wordsHash } from '../../ticket/words-hash.ts';
import { createGroupRead } from '../group-commit.ts';

/** The corrections of a ticket's words by all people; `contradicting` where they do not agree, so that none decides. */
export type Settled = Correction | 'contradicting' | null;

const contradiction = 'People have given this text different intents, so none of them decides.';

/**
 * Chooses the correction that decides tickets with the same words: the newest that is in effect, where all agree. One that
 * waits for a review decides nothing, but it is an objection. Corrections to an intent that is no longer there do not count.
 */
export function settleCorrections(corrections: readonly Correction[], taxonomy: Taxonomy): Settled {
  const known = corrections.flatMap((correction) => {
    const intent = resolveLeaf(taxonomy, correction.intent);
    return intent === null ? [] : [{ ...correction, intent }];
  });
  const newest = known.findLast(({ state }) => state === 'active');
  if (newest === undefined) return null;
  return known.every(({ intent }) => intent === newest.intent) ? newest : 'contradicting';
}

/** The hash by which corrections of a ticket's words are found; null for what nobody needs to decide. */
export function twinHash(ticket: Ticket): string | null {
  return readTicket(ticket).automatic === null ? wordsHash(ticket) : null;
}

/** The classification of a ticket whose very words a person gave an intent. It is no estimate: its confidence is 1. */
export function classifyByCorrection(
  correction: Correction,
  { ticket, taxonomy }: Pick<ClassifyRequest, 'ticket' | 'taxonomy'>,
): Classification {
  const { intent, exampleId, at, urgency, sentiment, language } = correction;
  const said = `A person gave this text this intent on ${at.slice(0, 10)}`;
  return {
    intent,
    confidence: 1,
    abstained: false,
    abstainReason: null,
    reasoning: `${said}.`,
    decidingWords: [],
    runnersUp: [],
    nearestExamples: [{ id: exampleId, intent, similarity: 1 }],
    secondaryIntents: [],
    // As an engine read them in the same words.
    urgency,
    sentiment,
    language: ticket.language ?? language,
    stage: 'correction',
    stageReason: `${said}, so no engine was asked.`,
    model: null,
    versions: { taxonomy: taxonomy.version, prompt: null, examples: null, thresholds: null },
    usage: noUsage,
    costUsd: 0,
    latencyMs: 0,
  };
}

/**
 * Wraps an engine so that it is not asked where a person has given the same words their intent. Read from the store for
 * each ticket, because a correction counts from the moment it is stored, in every process.
 */
export function correctTwins(options: {
  classifier: Classifier;
  corrections: Pick<CorrectionStore, 'ofWords'>;
}): Classifier {
  const { classifier, corrections } = options;
  // Tickets that are classified at the same time share a query.
  const find = createGroupRead({
    read: async (hashes) => [...Map.groupBy(await corrections.ofWords(hashes), (found) => found.wordsHash)],
    keyOf: ([hash]) => hash,
  });
  return {
    id: classifier.id,
    async classify(request) {
      const startedAt = performance.now();
      const { ticket, taxonomy } = request;
      const hash = twinHash(ticket);
      const [, found = []] = (hash === null ? null : await find(hash)) ?? [];
      const settled = settleCorrections(found, taxonomy);
      if (settled === null) return classifier.classify(request);
      if (settled !== 'contradicting') {
        return { ...classifyByCorrection(settled, request), latencyMs: performance.now() - startedAt };
      }
      const answer = await classifier.classify(request);
      return { ...answer, stageReason: `${answer.stageReason} ${contradiction}` };
    },
    ...(classifier.close && { close: () => classifier.close?.() ?? Promise.resolve() }),
  };
}

/**
 * The classification to save for a ticket that was classified before a correction of its words was stored. What the engine
 * cost stays booked.
 */
export function correctAfterwards(
  classification: Classification,
  request: { settled: Settled; ticket: Ticket; taxonomy: Taxonomy },
): Classification {
  const { settled } = request;
  if (settled === null || settled === 'contradicting' || classification.stage === 'correction') return classification;
  const { usage, costUsd, latencyMs } = classification;
  const corrected = classifyByCorrection(settled, request);
  const stageReason = `${corrected.reasoning} What the engine said meanwhile does not count.`;
  return { ...corrected, usage, costUsd, latencyMs, stageReason };
}
