import type { Judgement } from '../rate/judgements.ts';
import type { Rating } from '../rate/ratings.ts';
import type { Answer } from '../run/answer.ts';
import { type InScope, isInScope, isOriginal, type ScoredTicket, slicesOf } from '../score/scored-ticket.ts';

/** Answers for tickets cut short, at one length. */
export type OpeningLevel = {
  /** Sentences kept after the subject; null for the whole ticket. */
  readonly sentences: number | null;
  readonly scored: readonly ScoredTicket[];
};

/** Answers for withheld intents after learning from this many tickets of each. */
export type AdaptationStep = { readonly tickets: number; readonly scored: readonly ScoredTicket[] };

export type AdaptationEvidence = {
  /** True for intents that the tree did not know; false for known ones that were withheld. */
  readonly areNew: boolean;
  readonly intents: readonly string[];
  /** By growing number of tickets, from 0. */
  readonly steps: readonly AdaptationStep[];
  /** The most tickets that every withheld intent has to learn from. */
  readonly available: number;
};

/** All that a criterion may look at. */
export type Evidence = {
  /** Every ticket of the data set, asked once as it stands. */
  readonly main: readonly ScoredTicket[];
  /** Further answers to the very same ticket, by ticket id. */
  readonly repeats: ReadonlyMap<string, readonly Answer[]>;
  readonly openings: readonly OpeningLevel[];
  /** Null with the reason why it was not tried. */
  readonly adaptation: AdaptationEvidence | { readonly why: string };
  /** Ratings of this run's explanations by people. */
  readonly ratings: readonly Rating[];
  /** What judge models said of them: shown, never counted. */
  readonly judgements: readonly Judgement[];
  /** The team a ticket goes to with an intent, taken as certain; null when there are no rules. */
  readonly teamFor: ((scored: ScoredTicket, intent: string) => string | null) | null;
  readonly currentCostUsd: number | null;
  readonly seed: number;
};

export const EDGE_PREFIX = 'edge:';

export const edgeSlices = (scored: ScoredTicket): readonly string[] =>
  slicesOf(scored).filter((slice) => slice.startsWith(EDGE_PREFIX));

/**
 * Tickets in scope that stand for the usual day: not variants of another ticket (one customer's problem would count
 * several times) and not edge cases (chosen because they are hard). All in scope where nothing is left.
 */
export function usualTickets(evidence: Evidence): readonly InScope[] {
  const inScope = evidence.main.filter(isInScope);
  const usual = inScope.filter((scored) => isOriginal(scored) && edgeSlices(scored).length === 0);
  return usual.length > 0 ? usual : inScope;
}
