import { createHash } from 'node:crypto';
import { balancedWeights } from './class-balance.ts';
import { type ConfidenceTarget, thresholdFromCosts } from './confidence-target.ts';
import type { JudgedAnswer } from './judged-answer.ts';
import { wilsonLowerEnd } from './wilson-bound.ts';

/** The confidences from which an engine answers; below them it abstains. */
export type Thresholds = {
  /** Hash of the values. */
  readonly version: string;
  /** For intents with too few held-out cases of their own. */
  readonly pooled: number;
  readonly perIntent: Readonly<Record<string, number>>;
  /**
   * Below this confidence from training, a text is as unlike the examples as those of left-out intents, whatever a
   * calibration makes of it. 0 where that is not known, and with costs as the target.
   */
  readonly familiar: number;
};

/** An answer to a text of an intent that the engine was trained without (`expected`), so that no answer is right. */
export type StrangerAnswer = { readonly intent: string; readonly confidence: number; readonly expected: string };

/** Above every probability, so that the engine always abstains. */
export const NEVER = 1.01;
/**
 * An intent with fewer held-out answers shares the pooled threshold. Few answers cannot show a high precision: at a target
 * of 95 %, one wrong answer among 20 sure ones would silence the intent (on HWU64, six of 64).
 */
export const MIN_CASES_PER_INTENT = 50;
// With fewer held-out answers in all, the confidence itself is the best estimate of the precision.
const MIN_CASES = 20;
// Chosen on 40 draws of banking77 (ten intents, one with 150 examples, nine with 4), other ones than `bench:lopsided`
// reports. Held-out answers come from fewer examples than the final model has, so a stricter bound costs many answers.
/** The precision is at least the lower bound with this probability … */
const CERTAINTY = 0.6;
/** … which has this normal quantile. */
const Z = 0.2533;
/**
 * The shared threshold is too low for an intent where so many of its answers are wrong at it by chance with no more than
 * this probability. With 5 % or 20 %, 17 draws of banking77 and clinc150 with 20 to 80 examples an intent did about the same.
 */
const BY_CHANCE = 0.1;
/** Thresholds are raised until this share of what fits no intent is turned away … */
const TURNED_AWAY = 0.75;
/**
 * … as long as they leave this share of the answers. With nine tenths, one of three lopsided draws (seed 201, in none of
 * the lists above) turned away 41 of 100 strangers instead of 62; with four fifths, even mixes of intents lose answers.
 */
const KEPT = 0.85;

/**
 * Finds the lowest thresholds at which the held-out answers reach the target, whatever the mix of intents: both with
 * the mix of the examples and with every intent counted the same, and by the lower bound of the precision rather than by
 * the precision, so that a few lucky answers do not count as proof. They are then raised until most of what fits no
 * intent is turned away. See docs/embedded-engine.md.
 */
export function fitThresholds(
  { answers, strangers = [] }: { answers: readonly JudgedAnswer[]; strangers?: readonly StrangerAnswer[] },
  target: ConfidenceTarget,
): Thresholds {
  const fromCosts = thresholdFromCosts(target);
  if (fromCosts !== null || !('targetPrecision' in target)) return versioned({ pooled: fromCosts ?? 0 });
  const { targetPrecision } = target;
  if (answers.length < MIN_CASES) return versioned({ pooled: answers.length === 0 ? NEVER : targetPrecision });
  // Answers of older calibrations have no expected intent; the one that was named stands in for it.
  const weights = balancedWeights(answers.map(({ expected, intent }) => (expected === undefined ? intent : expected)));
  const weighted = answers.map((answer, i) => ({ ...answer, weight: weights[i]! }));
  const pooled = lowestThreshold(weighted, targetPrecision);
  const own = [...Map.groupBy(weighted, ({ intent }) => intent)]
    .filter(([, cases]) => cases.length >= MIN_CASES_PER_INTENT)
    .map(([intent, cases]) => [intent, ownThreshold({ cases, pooled, targetPrecision })] as const);
  const precise = { pooled, perIntent: Object.fromEntries(own) };
  const floor = floorForStrangers({ answers: weighted, strangers, thresholds: precise });
  const raised = own.map(([intent, threshold]) => [intent, Math.max(floor, threshold)] as const);
  const familiar = floorForStrangers({ answers: weighted, strangers, thresholds: { pooled: 0, perIntent: {} } });
  return versioned({ pooled: Math.max(floor, pooled), perIntent: Object.fromEntries(raised), familiar });
}

type Levels = Pick<Thresholds, 'pooled' | 'perIntent'>;

export function thresholdFor(thresholds: Levels, intent: string): number {
  return thresholds.perIntent[intent] ?? thresholds.pooled;
}

type Weighted = JudgedAnswer & { readonly weight: number };

/**
 * The threshold of one intent. It is above the pooled one only where its answers show that the pooled one is too low for
 * it: 50 answers with three wrong among them may not show 95 % at any threshold, and are no sign of less.
 */
function ownThreshold(options: { cases: readonly Weighted[]; pooled: number; targetPrecision: number }): number {
  const { cases, pooled, targetPrecision } = options;
  const own = lowestThreshold(cases, targetPrecision);
  if (own <= pooled) return own;
  const live = cases.filter(({ confidence }) => confidence >= pooled);
  const wrong = live.filter(({ correct }) => !correct).length;
  return chanceOf({ atLeast: wrong, of: live.length, share: 1 - targetPrecision }) <= BY_CHANCE ? own : pooled;
}

/** Probability of at least so many cases where each is one with the probability `share` (binomial). */
function chanceOf({ atLeast, of, share }: { atLeast: number; of: number; share: number }): number {
  let exactly = (1 - share) ** of;
  let fewer = 0;
  for (let k = 0; k < atLeast; k++) {
    fewer += exactly;
    exactly *= ((of - k) / (k + 1)) * (share / (1 - share));
  }
  return 1 - fewer;
}

function lowestThreshold(answers: readonly Weighted[], targetPrecision: number): number {
  const asTheyAre = answers.map((answer) => ({ ...answer, weight: 1 }));
  return Math.max(...[answers, asTheyAre].map((weighted) => lowestOf(weighted, targetPrecision)));
}

/** The lowest threshold whose answers have a lower bound of precision at or above the target; NEVER when none has. */
function lowestOf(answers: readonly Weighted[], targetPrecision: number): number {
  // With fewer answers, all of them can be right by luck: at the target precision that has the probability target^n.
  const fewest = Math.log(1 - CERTAINTY) / Math.log(targetPrecision);
  const sorted = [...answers].sort((a, b) => b.confidence - a.confidence);
  let lowest = NEVER;
  let [total, right, squares] = [0, 0, 0];
  sorted.forEach(({ confidence, correct, weight }, i) => {
    total += weight;
    squares += weight ** 2;
    if (correct) right += weight;
    if (sorted[i + 1]?.confidence === confidence) return;
    // As many equally weighted cases would say as much (Kish 1965).
    const of = total ** 2 / squares;
    const bound = wilsonLowerEnd({ share: right / total, of, z: Z });
    if (i + 1 >= fewest && bound >= targetPrecision) lowest = confidence;
  });
  return lowest;
}

/** The threshold that all intents need so that enough strangers are turned away; 0 when they are without it. */
function floorForStrangers(options: {
  answers: readonly Weighted[];
  strangers: readonly StrangerAnswer[];
  thresholds: Levels;
}): number {
  const { answers, thresholds } = options;
  const weights = balancedWeights(options.strangers.map(({ expected }) => expected));
  const strangers = options.strangers.map((answer, i) => ({ ...answer, weight: weights[i]! }));
  const accepted = (cases: readonly Omit<Weighted, 'correct'>[], floor: number) =>
    cases
      .filter(({ intent, confidence }) => confidence >= Math.max(floor, thresholdFor(thresholds, intent)))
      .reduce((sum, { weight }) => sum + weight, 0);
  const most = (1 - TURNED_AWAY) * strangers.length;
  const least = KEPT * accepted(answers, 0);
  // Just above a stranger it is turned away; thresholds in between change nothing.
  const candidates = strangers.map(({ confidence }) => confidence + Number.EPSILON).sort((a, b) => a - b);
  // Both shares fall as the floor rises, so the last candidate that may be taken is found by halving.
  const mayRaise = (at: number) =>
    accepted(strangers, candidates[at - 1] ?? 0) > most && accepted(answers, candidates[at]!) >= least;
  let [taken, end] = [0, candidates.length];
  while (taken < end) {
    const middle = (taken + end) >> 1;
    if (mayRaise(middle)) taken = middle + 1;
    else end = middle;
  }
  return candidates[taken - 1] ?? 0;
}

function versioned({
  pooled,
  perIntent = {},
  familiar = 0,
}: Pick<Thresholds, 'pooled'> & Partial<Thresholds>): Thresholds {
  const hash = createHash('sha256').update(JSON.stringify([pooled, Object.entries(perIntent).sort(), familiar]));
  return { version: hash.digest('hex').slice(0, 12), pooled, perIntent, familiar };
}
