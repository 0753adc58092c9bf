import type { Classification } from '../../classifiers/classifier.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { type Answer, answerKey } from '../run/answer.ts';

/** A ticket of the data set with its answer. */
export type ScoredTicket = {
  readonly ticket: LabelledTicket;
  readonly answer: Answer;
  /** Null when there was no answer. */
  readonly classification: Classification | null;
  readonly predicted: string | null;
  /** True when the best intent is right, also when the engine abstained. */
  readonly correct: boolean;
};

/** A ticket in scope that was answered. */
export type InScope = ScoredTicket & {
  readonly classification: Classification;
  readonly ticket: LabelledTicket & { readonly intent: string };
};

/** Joins tickets with the answers of one trial; tickets without one are left out. */
export function scoreTickets(options: {
  readonly tickets: readonly LabelledTicket[];
  readonly answers: ReadonlyMap<string, Answer>;
  readonly trial: string;
}): ScoredTicket[] {
  return options.tickets.flatMap((ticket): ScoredTicket[] => {
    const answer = options.answers.get(answerKey({ trial: options.trial, ticketId: ticket.id }));
    if (answer === undefined) return [];
    const classification = answer.outcome === 'answered' ? answer.classification : null;
    const predicted = classification?.intent ?? null;
    return [
      { ticket, answer, classification, predicted, correct: ticket.intent !== null && predicted === ticket.intent },
    ];
  });
}

/** Answers by question; a later answer to the same question replaces the earlier one. */
export const answersByKey = (answers: readonly Answer[]): Map<string, Answer> =>
  new Map(answers.map((answer) => [answerKey(answer), answer]));

export const isInScope = (scored: ScoredTicket): scored is InScope =>
  scored.ticket.intent !== null && scored.classification !== null;

export const isOutOfScope = (scored: ScoredTicket): boolean =>
  scored.ticket.intent === null && scored.classification !== null;

/** True when the ticket is not a variant of another one. */
export const isOriginal = ({ ticket }: { readonly ticket: LabelledTicket }): boolean => ticket.variantOf === undefined;

export const slicesOf = ({ ticket }: { readonly ticket: LabelledTicket }): readonly string[] => ticket.slices ?? [];

/** How long the answers took; answers without a time are left out. */
export const timesOf = (scored: readonly ScoredTicket[]): number[] =>
  scored.flatMap(({ classification, answer }) =>
    classification === null || answer.elapsedMs === null ? [] : [answer.elapsedMs],
  );

export const countCorrect = (scored: readonly ScoredTicket[]): number => scored.filter(({ correct }) => correct).length;

export const failedIds = (scored: readonly ScoredTicket[]): string[] =>
  scored.filter(({ correct }) => !correct).map(({ ticket }) => ticket.id);

/** True when the engine did right: for an out-of-scope ticket, that is to abstain. */
export const isHandled = (scored: ScoredTicket): boolean =>
  scored.ticket.intent === null ? scored.classification?.abstained === true : scored.correct;
