import { weightsByIntent } from '../../classifiers/calibration/class-balance.ts';
import { CONFIDENCE_LEVEL, type Interval, wilsonInterval } from './wilson-interval.ts';

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

/** How many answers, all right, show a precision with 95 % confidence: the precision to this power is below 5 %. */
export function answersToShow(precision: number): number {
  return Math.ceil(Math.log(1 - CONFIDENCE_LEVEL) / Math.log(Math.min(precision, 0.999)));
}

/** The same with the number of tickets that fit no intent and were answered all the same. */
export function liveFiguresOf(
  answers: readonly { readonly abstained: boolean; readonly correct: boolean; readonly isOutside: boolean }[],
): LiveFigures & { readonly acceptedOutOfScope: number } {
  const accepted = answers.filter(({ isOutside, abstained }) => isOutside && !abstained);
  return { ...liveFigures(answers), acceptedOutOfScope: accepted.length };
}

/**
 * The same with every intent counted alike, however many of the tickets have it; tickets that fit no intent count as often
 * as they come. The intervals are those of as many equal tickets as would say as much (Kish 1965).
 */
export function balancedFigures(
  answers: readonly { readonly abstained: boolean; readonly correct: boolean; readonly expected: string | null }[],
): LiveFigures {
  const weights = weightsByIntent(answers.map(({ expected }) => expected));
  const weighted = answers.map((answer, i) => ({ ...answer, weight: weights[i]! }));
  const live = weighted.filter(({ abstained }) => !abstained);
  const coverage = weightedShare(weighted, ({ abstained }) => !abstained) ?? { value: 0, low: 0, high: 1 };
  const precision = weightedShare(live, ({ correct }) => correct);
  return {
    coverage: coverage.value,
    precision: precision?.value ?? null,
    intervals: { coverage: endsOf(coverage), precision: precision && endsOf(precision) },
  };
}

function weightedShare<T extends { readonly weight: number }>(
  cases: readonly T[],
  counts: (one: T) => boolean,
): Interval | null {
  const sum = (own: readonly T[], of: (one: T) => number) => own.reduce((all, one) => all + of(one), 0);
  if (cases.length === 0) return null;
  const total = sum(cases, ({ weight }) => weight);
  const count = total ** 2 / sum(cases, ({ weight }) => weight ** 2);
  const share = sum(cases.filter(counts), ({ weight }) => weight) / total;
  return wilsonInterval({ successes: Math.min(1, share) * count, count });
}

const endsOf = ({ low, high }: Interval): Ends => ({ low, high });
