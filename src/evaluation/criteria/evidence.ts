import type { Saying } from '../../base/say.ts';
import type { Judgement } from '../rate/judgements.ts';
import type { Rating } from '../rate/ratings.ts';
import type { Answer } from '../run/answer.ts';
import { type InScope, isInScope, isOriginal, type ScoredTicket, slicesOf } from '../score/scored-ticket.ts';

/** Answers to tickets cut to one length. */
export type OpeningLevel = {
  /** Sentences kept after the subject; null for the whole ticket. */
  readonly sentences: number | null;
  readonly scored: readonly ScoredTicket[];
};

/** Answers to tickets of withheld intents after learning from this many tickets of each. */
export type AdaptationStep = { readonly tickets: number; readonly scored: readonly ScoredTicket[] };

export type AdaptationEvidence = {
  /** True for intents that are new to the taxonomy; false for known ones that were withheld. */
  readonly areNew: boolean;
  readonly intents: readonly string[];
  /** Ordered by number of tickets, starting with 0. */
  readonly steps: readonly AdaptationStep[];
  /** How many tickets to learn from every withheld intent has at least. */
  readonly available: number;
};

/** Everything that a criterion may use. */
export type Evidence = {
  /** Every ticket of the data set, asked once and unchanged. */
  readonly main: readonly ScoredTicket[];
  /** Further answers to the same, unchanged ticket, by ticket id. */
  readonly repeats: ReadonlyMap<string, readonly Answer[]>;
  readonly openings: readonly OpeningLevel[];
  /** The evidence, or why it was not gathered. */
  readonly adaptation: AdaptationEvidence | { readonly why: Saying };
  /** Ratings of this run's explanations by people. */
  readonly ratings: readonly Rating[];
  /** Ratings by judge models: shown, but never counted. */
  readonly judgements: readonly Judgement[];
  /** Returns the team of a ticket as if its intent were certain; null when there are no rules. */
  readonly teamFor: ((scored: ScoredTicket, intent: string) => string | null) | null;
  readonly currentCostUsd: number | null;
  readonly seed: number;
};

export const EDGE_PREFIX = 'edge:';

export const edgeSlices = (scored: ScoredTicket): readonly string[] =>
  slicesOf(scored).filter((slice) => slice.startsWith(EDGE_PREFIX));

/**
 * Tickets in scope that represent a usual day. Leaves out variants (one customer's problem would count several times)
 * and edge cases (chosen because they are hard). All tickets in scope when nothing else is left.
 */
export function usualTickets(evidence: Evidence): readonly InScope[] {
  const inScope = evidence.main.filter(isInScope);
  const usual = inScope.filter((scored) => isOriginal(scored) && edgeSlices(scored).length === 0);
  return usual.length > 0 ? usual : inScope;
}
