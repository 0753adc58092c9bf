import { list } from '../../base/plural.ts';
import { type Saying, say, sayAll, sayingOf } from '../../base/say.ts';
import { type Classification, type Classifier, type ClassifyRequest, noUsage } from '../../classifiers/classifier.ts';
import { createNoAnswer } from '../../classifiers/no-answer.ts';
import type { Correction, CorrectionStore } from '../../store/store.ts';
import { presentIntent, resolveLeaf } from '../../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { readTicket } from '../../ticket/read-ticket.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { wordsHash } from '../../ticket/words-hash.ts';
import { createGroupRead } from '../group-commit.ts';
import { isSamePerson } from './is-same-person.ts';

/** Intents that people have given the same words, where they do not agree; null for that they belong to nobody. */
export type Contradiction = { readonly contradicting: readonly (string | null)[] };

/** What the corrections of a ticket's words come to; null without one that is in effect. */
export type Settled = Correction | Contradiction | null;

/**
 * Chooses the correction that decides tickets with the same words: the newest that is in effect, where all agree. One that
 * waits for a review decides nothing, but it is an objection. A later correction by the same person takes the place of an
 * earlier one. Corrections to an intent that is no longer there do not count; that a text belongs to nobody counts as an
 * intent of its own.
 */
export function settleCorrections(corrections: readonly Correction[], taxonomy: Taxonomy): Settled {
  const known = corrections.flatMap((correction) => {
    if (correction.intent === null) return [correction];
    const intent = resolveLeaf(taxonomy, correction.intent);
    return intent === null ? [] : [{ ...correction, intent }];
  });
  const inEffect = known.filter(({ state }) => state === 'active');
  const newest = inEffect.at(-1);
  if (newest === undefined) return null;
  const counting = known.filter(
    (correction, i) => !known.slice(i + 1).some((later) => later.state === 'active' && isSamePerson(later, correction)),
  );
  const intents = [...new Set(counting.map(({ intent }) => intent))];
  return intents.length === 1 ? newest : { contradicting: intents };
}

/**
 * Where people do not agree on the words, the engine chooses among what they said. An answer that none of them gave is
 * left to a person: the engine has learned from both corrections, and its confidence means little here.
 */
function chooseAmong(
  classification: Classification,
  { contradicting, taxonomy }: Contradiction & { readonly taxonomy: Taxonomy },
): Classification {
  const names = list(contradicting.map((id) => (id === null ? 'none' : (taxonomy.nodes.get(id)?.name ?? id))));
  const said = `People have given this text different intents (${names}), so none of them decides`;
  const disputed = say('engine.disputed', `${said}.`, { intents: names });
  const stage = sayAll([sayingOf(classification.stageReason, classification.stageFacts), disputed]);
  const known = { ...classification, stageReason: stage.text, stageFacts: stage.facts, peopleDisagree: true };
  const { abstained } = classification;
  const intent = classification.intent === null ? null : presentIntent(taxonomy, classification.intent);
  if (abstained || intent === null || contradicting.includes(intent)) return known;
  return {
    ...known,
    abstained: true,
    abstainReason: `${said}, and the engine names another one.`,
    abstainFacts: [...disputed.facts, ...say('engine.names-another', '').facts],
  };
}

/** The hash by which corrections of a ticket's words are found; null for what nobody needs to decide. */
export function twinHash(ticket: Ticket): string | null {
  return readTicket(ticket).automatic === null ? wordsHash(ticket) : null;
}

/**
 * The classification of a ticket whose very words a person gave an intent. It is no estimate: its confidence is 1. Where the
 * person said that such a ticket belongs to nobody, no team gets it.
 */
export function classifyByCorrection(
  correction: Correction,
  { ticket, taxonomy }: Pick<ClassifyRequest, 'ticket' | 'taxonomy'>,
): Classification {
  const { intent, exampleId, at, urgency, sentiment, language } = correction;
  const day = at.slice(0, 10);
  const read = { urgency, sentiment, language: ticket.language ?? language };
  if (intent === null) {
    const text = `A person said on ${day} that this text belongs to nobody`;
    const reason = say('why.said-nobody', `${text}.`, { day });
    const answer = createNoAnswer({ reason, reasoning: reason, taxonomyVersion: taxonomy.version });
    return { ...answer, ...read, stage: 'correction', ...stageAfter(reason, text) };
  }
  const text = `A person gave this text this intent on ${day}`;
  const said = say('why.said', `${text}.`, { day });
  return {
    intent,
    confidence: 1,
    abstained: false,
    abstainReason: null,
    reasoning: said.text,
    reasoningFacts: said.facts,
    decidingWords: [],
    runnersUp: [],
    nearestExamples: [{ id: exampleId, intent, similarity: 1 }],
    secondaryIntents: [],
    // As an engine read them in the same words.
    ...read,
    stage: 'correction',
    ...stageAfter(said, text),
    model: null,
    versions: { taxonomy: taxonomy.version, prompt: null, examples: null, thresholds: null },
    usage: noUsage,
    costUsd: 0,
    latencyMs: 0,
  };
}

function stageAfter(said: Saying, text: string): Pick<Classification, 'stageReason' | 'stageFacts'> {
  const { facts } = sayAll([said, say('engine.not-asked', 'No engine was asked.')]);
  return { stageReason: `${text}, so no engine was asked.`, stageFacts: facts };
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
      if ('contradicting' in settled) {
        return chooseAmong(await classifier.classify(request), { ...settled, taxonomy });
      }
      return { ...classifyByCorrection(settled, request), latencyMs: performance.now() - startedAt };
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
  const { settled, taxonomy } = request;
  if (settled === null || classification.stage === 'correction') return classification;
  if ('contradicting' in settled) {
    const { abstained, intent } = classification;
    // Otherwise the answer stands as it is, whether or not the engine was asked before people disagreed.
    const isOther = !abstained && intent !== null && !settled.contradicting.includes(intent);
    return isOther ? chooseAmong(classification, { ...settled, taxonomy }) : classification;
  }
  const { usage, costUsd, latencyMs } = classification;
  const corrected = classifyByCorrection(settled, request);
  const stageReason = `${corrected.reasoning} What the engine said meanwhile does not count.`;
  return { ...corrected, usage, costUsd, latencyMs, stageReason };
}
