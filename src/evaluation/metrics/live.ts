import { type Interval, wilsonInterval } from './wilson-interval.ts';

type Ends = Pick<Interval, 'low' | 'high'>;

export type LiveFigures = {
  /** Share of the tickets that are answered rather than left to people. */
  readonly coverage: number;
  /** Share of the answers that are right; null without answers. */
  readonly precision: number | null;
  /** Wilson intervals of both. */
  readonly intervals: { readonly coverage: Ends; readonly precision: Ends | null };
};

/**
 * What would go live of an engine's answers, with its own thresholds. The answers must be to tickets that neither the
 * engine nor the thresholds were fitted on, otherwise both figures are too high.
 */
export function liveFigures(
  answers: readonly { readonly abstained: boolean; readonly correct: boolean }[],
): LiveFigures {
  const live = answers.filter(({ abstained }) => !abstained);
  const right = live.filter(({ correct }) => correct).length;
  const coverage = wilsonInterval({ successes: live.length, count: answers.length }) ?? { value: 0, low: 0, high: 1 };
  const precision = wilsonInterval({ successes: right, count: live.length });
  return {
    coverage: coverage.value,
    precision: precision?.value ?? null,
    intervals: { coverage: endsOf(coverage), precision: precision && endsOf(precision) },
  };
}

/** The same with the number of tickets that fit no intent and were answered all the same. */
export function liveFiguresOf(
  answers: readonly { readonly abstained: boolean; readonly correct: boolean; readonly isOutside: boolean }[],
): LiveFigures & { readonly acceptedOutOfScope: number } {
  const accepted = answers.filter(({ isOutside, abstained }) => isOutside && !abstained);
  return { ...liveFigures(answers), acceptedOutOfScope: accepted.length };
}

const endsOf = ({ low, high }: Interval): Ends => ({ low, high });
