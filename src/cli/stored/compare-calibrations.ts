import type { CalibrationReport } from '../../app/calibrate.ts';
import { count } from '../../base/plural.ts';
import type { CalibrationFacts } from '../../classifiers/calibration/describe-calibration.ts';
import { wilsonInterval } from '../../evaluation/metrics/wilson-interval.ts';
import { percent, percentWithInterval } from '../../evaluation/score/format-figures.ts';

/** A calibration in use beside the one that would replace it. */
export type CalibrationChange = {
  readonly engine: string;
  /** The version in use. */
  readonly version: string;
  /** Shares at the configured target; a precision is null without answers. */
  readonly coverage: { readonly inUse: number; readonly fitted: number };
  readonly precision: { readonly inUse: number | null; readonly fitted: number | null };
  /** The new one answers less, or is less often right, by more than chance explains. */
  readonly answersLess: boolean;
  readonly isLessRight: boolean;
  /** One or two sentences for people. */
  readonly summary: string;
};

/** Both are judged by the same target, each on the tickets that it was fitted on. */
export function compareCalibrations(inUse: CalibrationFacts, fitted: CalibrationReport): CalibrationChange {
  const { engine, version, cases, fittedAt } = inUse;
  const coverage = wilsonInterval({ successes: inUse.answered, count: cases }) ?? { value: 0, low: 0, high: 1 };
  const precision = wilsonInterval({ successes: inUse.right, count: inUse.answered });
  const { coverage: newCoverage, precision: newPrecision } = fitted.expected;
  const answersLess = newCoverage < coverage.low;
  const isLessRight = precision !== null && newPrecision !== null && newPrecision < precision.low;
  const right = precision === null ? '' : `, ${percentWithInterval(precision)} of them right`;
  const worse = [...(answersLess ? ['answers less'] : []), ...(isLessRight ? ['is less often right'] : [])];
  const isALittleLess = !answersLess && newCoverage < coverage.value;
  const verdict =
    worse.length > 0
      ? ` The new one ${worse.join(' and ')}.`
      : isALittleLess
        ? ' The new one answers a little less, which may be chance.'
        : '';
  return {
    ...{ engine, version, answersLess, isLessRight },
    coverage: { inUse: coverage.value, fitted: newCoverage },
    precision: { inUse: precision?.value ?? null, fitted: newPrecision },
    summary: `The one in use (fitted ${fittedAt?.slice(0, 10) ?? 'at an unknown time'} on ${count(cases, 'ticket')}) answers ${percentWithInterval(coverage)} of tickets${right}.${verdict}`,
  };
}

/** What is worse in the new calibrations, as a question; null when nothing is. */
export function questionAbout(changes: readonly CalibrationChange[]): string | null {
  const worse = changes.filter(({ answersLess, isLessRight }) => answersLess || isLessRight);
  if (worse.length === 0) return null;
  const facts = worse.map(({ engine, coverage, precision, answersLess }) =>
    answersLess
      ? `that of ${engine} answers ${percent(coverage.fitted)} of tickets instead of ${percent(coverage.inUse)}`
      : `that of ${engine} is right on ${percent(precision.fitted ?? 0)} of its answers instead of ${percent(precision.inUse ?? 0)}`,
  );
  return `The new ${worse.length === 1 ? 'calibration is' : 'calibrations are'} worse than what is in use: ${facts.join('; ')}. Replace ${worse.length === 1 ? 'it' : 'them'}?`;
}
