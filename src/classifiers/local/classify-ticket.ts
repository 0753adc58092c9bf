import { type Saying, say } from '../../base/say.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { languageOfTicket, languageOfWords, primaryLanguage } from '../../ticket/ticket-language.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import { belowThreshold, type ConfidenceTarget } from '../calibration/confidence-target.ts';
import { recordAt } from '../calibration/record-at.ts';
import { type Thresholds, thresholdFor } from '../calibration/thresholds.ts';
import type { RankedIntent } from '../classifier.ts';
import type { SetAsideImitations } from '../imitations/set-aside-imitations.ts';
import { confidenceOf, evidenceOf } from './confidence-model.ts';
import { decidingWords } from './deciding-words.ts';
import { doubtAbout } from './doubt.ts';
import type { ExampleSet } from './example-set.ts';
import type { Outsiders } from './outsiders.ts';
import { scoreParts } from './parts.ts';
import type { EngineAnswer } from './protocol.ts';
import type { TextFound } from './search-thread/protocol.ts';
import { softmaxAt } from './softmax-regression.ts';
import type { SparseVector } from './sparse-vector.ts';
import { stopWords } from './stop-words.ts';
import { extractFeatures, type Token, tokenise } from './text-features.ts';
import { type LocalModel, mixParts } from './train-model.ts';
import { vectorise } from './vectoriser.ts';

/** The examples that are looked for: the reasoning compares those of two intents. */
export const NEAREST_WANTED = {
  k: 8,
  perIntent: 3,
  // Less similar ones are not shown as nearest: they only share a frequent word.
  minSimilarity: 0.1,
};
const RUNNERS_UP = 3;
const LIKE_AN_OUTSIDER = say('engine.like-an-outsider', 'It is like a ticket that a person said belongs to nobody.');

/** What the engine knows when a ticket arrives. */
export type Knowledge = {
  readonly model: LocalModel;
  readonly confidence: ConfidenceTarget;
  readonly thresholds: Thresholds;
  readonly examples: ExampleSet;
  /** Tickets that belong to nobody. */
  readonly outsiders: Outsiders;
};

export type ReadTicket = {
  /** The ticket's text without what imitates labels. */
  readonly text: string;
  readonly whole: string;
  readonly tokens: readonly Token[];
  readonly language: string | null;
};

/** Finds out what counts of a ticket and in which language it is. `setAside` leaves out what imitates labels. */
export function readTicket(
  ticket: Ticket,
  { setAside, examples }: { readonly setAside: SetAsideImitations; readonly examples: ExampleSet },
): ReadTicket {
  const whole = ticketText(ticket).text;
  const text = setAside(whole);
  return { text, whole, tokens: tokenise(text), language: languageToRead(ticket, examples) };
}

/** Returns the most probable intent with its confidence, whether that is enough to answer, and why. */
export function decideTicket(
  read: ReadTicket,
  { vectors, nearest: found, highestCosine }: TextFound,
  knowledge: Knowledge,
): Omit<EngineAnswer, 'state'> {
  const { model, examples } = knowledge;
  const { text, whole, tokens, language } = read;
  const vector = vectorise(model.parts.vectoriser, extractFeatures(tokens));
  const mixed = mixParts(model, scoreParts(model.parts, { vector, vectors }));
  const probabilities = softmaxAt(mixed, 1);
  const ranked = [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  // One may have been removed since it was found.
  const nearest = found.flatMap(({ id, similarity }) => {
    const example = examples.get(id);
    return example === undefined ? [] : [{ example, similarity }];
  });
  const doubt = doubtAbout({
    vectoriser: model.parts.vectoriser,
    intentCount: model.intents.length,
    examples,
    tokens,
    isPart: text !== whole,
    language,
    isRead: vectors !== null,
  });
  const intent = model.intents[ranked[0]!]!;
  const confidence = confidenceOf(model.confidence, evidenceOf(mixed, highestCosine)) * doubt.factor;
  const threshold = thresholdFor(knowledge.thresholds, intent);
  const embedding = vectors?.sentence ?? null;
  const isLikeOutsider = knowledge.outsiders.isLikeOne({
    ...{ text, language, embedding, highestCosine },
    nearest: nearest.map(({ example }) => example),
  });
  // Held-out answers, which thresholds come from, are to texts that the engine has not learned, and say nothing of others.
  const isExample = !isLikeOutsider && examples.intentOfText(text) === intent;
  const abstainReason = isLikeOutsider
    ? LIKE_AN_OUTSIDER
    : isExample
      ? null
      : (doubt.reason ?? whyNotSure({ confidence, threshold }, knowledge));
  const words = doubt.knowsNoWord ? [] : wordsThatDecided(read, { model, vector, ranked });
  const runnersUp = rankRunnersUp({ model, ranked, probabilities, confidence });
  return {
    intent,
    confidence,
    record: recordAt(model.heldOut, confidence),
    threshold,
    abstainReason,
    isExample,
    isUnfamiliar: !isExample && (isLikeOutsider || doubt.reason !== null || confidence < knowledge.thresholds.familiar),
    decidingWords: words,
    runnersUp,
    nearest: nearest.map(({ example: { id, intent: label, quote }, similarity }) => ({
      ...{ id, intent: label, similarity, quote },
    })),
    language,
  };
}

/**
 * The language that the ticket was sent with, unless no example is in it: then that of its words, where it is clear, because
 * helpdesks send wrong ones.
 */
function languageToRead(ticket: Ticket, examples: ExampleSet): string | null {
  const language = primaryLanguage(languageOfTicket(ticket));
  if (ticket.language === undefined || language === null || examples.covers(language)) return language;
  return primaryLanguage(languageOfWords(ticket)) ?? language;
}

/** The remaining probability is shared among the other intents in proportion; none gets more than the best one. */
function rankRunnersUp(options: {
  readonly model: LocalModel;
  readonly ranked: readonly number[];
  readonly probabilities: Float64Array;
  readonly confidence: number;
}): RankedIntent[] {
  const { model, ranked, probabilities, confidence } = options;
  const share = (1 - confidence) / Math.max(1e-12, 1 - probabilities[ranked[0]!]!);
  return ranked
    .slice(1, 1 + RUNNERS_UP)
    .map((k) => ({ intent: model.intents[k]!, confidence: Math.min(confidence, probabilities[k]! * share) }));
}

function wordsThatDecided(
  { text, whole, tokens, language }: ReadTicket,
  { model, vector, ranked }: { model: LocalModel; vector: SparseVector; ranked: readonly number[] },
) {
  if (ranked.length < 2) return [];
  const words = decidingWords({
    text,
    tokens,
    vector,
    vectoriser: model.parts.vectoriser,
    model: model.parts.lexical,
    best: ranked[0]!,
    runnerUp: ranked[1]!,
    stopWords: stopWords(language),
  });
  // Where text was set aside, a phrase may span the gap.
  return words.filter((phrase) => whole.includes(phrase));
}

function whyNotSure(
  { confidence, threshold }: { readonly confidence: number; readonly threshold: number },
  { examples, confidence: target }: Knowledge,
): Saying | null {
  if (confidence >= threshold) return null;
  if (examples.size === 0) {
    return say(
      'engine.no-examples',
      'There are no examples yet, so it is not known how often such an answer is right.',
    );
  }
  if (threshold > 1) {
    return say(
      'engine.never-sure',
      'With the examples that there are, no confidence was high enough to rely on such answers. More examples help.',
    );
  }
  return belowThreshold({ stage: 'local', confidence, threshold, target });
}
