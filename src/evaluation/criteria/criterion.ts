import type { Saying } from '../../base/say.ts';
import { type CriterionId, criterionIds } from '../../config/evaluation-settings.ts';
import type { CriterionResult, EvaluationResult } from '../score/evaluation-result.ts';
import type { Evidence } from './evidence.ts';

export { type CriterionId, criterionIds };

/** What a criterion found. Shares are 0 to 1. */
export type Measurement =
  | {
      readonly measured: true;
      readonly value: number;
      /** Lower end of the 95 % interval; null when the figure has no interval. */
      readonly low: number | null;
      readonly high: number | null;
      readonly n: number;
      readonly why: Saying;
      readonly failed?: readonly string[];
      readonly details?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly measured: false;
      readonly n: number;
      /** What is missing, and how to get it. */
      readonly why: Saying;
      /** Set when people have to rate, or the engine must answer more; otherwise labelled tickets or settings are missing. */
      readonly needs?: 'people' | 'engine';
      readonly details?: Readonly<Record<string, unknown>>;
    };

/** One target that a classifier is held to. */
export type Criterion = {
  readonly id: CriterionId;
  readonly title: string;
  /** What the value means, in a few words. */
  readonly measures: string;
  readonly target: number;
  readonly better: 'higher' | 'lower';
  readonly unit: 'share' | 'points' | 'milliseconds' | 'rating' | 'error';
  measure(evidence: Evidence): Measurement;
};

/** Compares a measurement with its target. What was not measured has not passed. */
export function judgeCriterion(options: {
  readonly criterion: Criterion;
  readonly measurement: Measurement;
  readonly target: number;
  readonly required: boolean;
}): CriterionResult {
  const { criterion, measurement, target, required } = options;
  const { text, facts } = measurement.why;
  const common = { id: criterion.id, required, target, n: measurement.n, why: text, whyFacts: facts };
  const details = { ...measurement.details };
  if (!measurement.measured) {
    const nothing = { value: null, low: null, high: null, certain: false, failed: [] };
    const needs = measurement.needs ?? 'data';
    return { ...common, ...nothing, status: 'not-measured', passed: false, needs, details };
  }
  const { value, low, high } = measurement;
  // Tolerates rounding: 0.30 − 0.28 is 0.020000000000000018.
  const meets = (figure: number) => (criterion.better === 'higher' ? figure >= target - 1e-9 : figure <= target + 1e-9);
  const worst = (criterion.better === 'higher' ? low : high) ?? value;
  const passed = meets(value);
  return {
    ...common,
    status: passed ? 'passed' : 'missed',
    passed,
    value,
    low,
    high,
    certain: passed && meets(worst),
    needs: null,
    failed: [...(measurement.failed ?? [])],
    details,
  };
}

/**
 * `passed` decides the exit code; `missing` are the required criteria that fail, `leftOut` those that were not asked for.
 * Strict also requires certainty.
 */
export function gate(
  { criteria, leftOut = [] }: Pick<EvaluationResult, 'criteria' | 'leftOut'>,
  strictness: 'value' | 'strict',
): { readonly passed: boolean; readonly missing: readonly CriterionResult[]; readonly leftOut: readonly string[] } {
  const missing = criteria.filter(
    ({ required, passed, certain }) => required && !(passed && (strictness === 'value' || certain)),
  );
  return { passed: missing.length === 0 && leftOut.length === 0, missing, leftOut };
}
