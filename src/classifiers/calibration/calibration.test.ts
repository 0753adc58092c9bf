import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../errors.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import { createRandom } from '../local/random.ts';
import { calibrationFile, readCalibrationFile, writeCalibration } from './calibration-file.ts';
import { precisionWanted, thresholdFromCosts } from './confidence-target.ts';
import {
  type CalibrationCase,
  calibrateAnswer,
  fitEngineCalibration,
  judgeHeldOut,
  thresholdsOf,
} from './engine-calibration.ts';
import type { JudgedAnswer } from './judged-answer.ts';
import { fitLogistic, probabilityOf } from './logistic.ts';
import { scaleRunnersUp } from './scale-runners-up.ts';
import { fitThresholds, MIN_CASES_PER_INTENT, NEVER, type StrangerAnswer, thresholdFor } from './thresholds.ts';

/** Answers whose confidence is the probability that they are right. */
function honestAnswers(intent: string, count: number, seed: number): JudgedAnswer[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const confidence = random();
    return { intent, confidence, correct: random() < confidence };
  });
}

const precisionAbove = (answers: readonly JudgedAnswer[], threshold: number) => {
  const live = answers.filter(({ confidence }) => confidence >= threshold);
  return live.filter(({ correct }) => correct).length / live.length;
};

describe('the threshold from costs', () => {
  test('is 1 − human look / wrong route', () => {
    expect(thresholdFromCosts({ wrongRouteUsd: 5, humanLookUsd: 1 })).toBeCloseTo(0.8);
  });

  test('is 0 when a human look costs more than a wrong route', () => {
    expect(thresholdFromCosts({ wrongRouteUsd: 1, humanLookUsd: 2 })).toBe(0);
  });

  test('is null when a precision is the target', () => {
    expect(thresholdFromCosts({ targetPrecision: 0.9 })).toBeNull();
  });

  test('is the wanted precision unless one is configured', () => {
    expect(precisionWanted({ targetPrecision: 0.9 })).toBe(0.9);
    expect(precisionWanted({ wrongRouteUsd: 5, humanLookUsd: 1 })).toBeCloseTo(0.8);
  });
});

describe('thresholds for a target precision', () => {
  const answers = honestAnswers('billing', 2_000, 1);

  test('reach the target on the held-out answers, and no lower threshold does', () => {
    const { perIntent } = fitThresholds({ answers }, { targetPrecision: 0.8 });
    const threshold = perIntent.billing ?? NEVER;
    expect(precisionAbove(answers, threshold)).toBeGreaterThanOrEqual(0.8);
    // The bound is less than a point below the precision of so many answers.
    const lower = answers.map(({ confidence }) => confidence).filter((confidence) => confidence < threshold);
    expect(lower.every((confidence) => precisionAbove(answers, confidence) < 0.81)).toBe(true);
  });

  test('are shared by intents with few held-out answers', () => {
    const rare = honestAnswers('rare', MIN_CASES_PER_INTENT - 1, 2);
    const thresholds = fitThresholds({ answers: [...answers, ...rare] }, { targetPrecision: 0.8 });
    expect(thresholds.perIntent.rare).toBeUndefined();
    expect(thresholdFor(thresholds, 'rare')).toBe(thresholds.pooled);
  });

  test('do not silence an intent for one wrong answer among few', () => {
    const few = Array.from({ length: 25 }, (_, i) => ({ intent: 'few', confidence: 0.7 + i / 100, correct: i !== 24 }));
    const others = Array.from({ length: 400 }, (_, i) => ({ intent: 'x', confidence: 0.6 + i / 2_000, correct: true }));
    const thresholds = fitThresholds({ answers: [...few, ...others] }, { targetPrecision: 0.95 });
    expect(thresholdFor(thresholds, 'few')).toBeLessThan(0.75);
  });

  test.each([
    { targetPrecision: 0.95, wrong: 3 },
    { targetPrecision: 0.99, wrong: 0 },
  ])('are the shared one where an intent alone cannot show $targetPrecision', ({ targetPrecision, wrong }) => {
    const answers = Array.from({ length: 400 }, (_, i) => {
      const intent = `intent-${Math.floor(i / 50)}`;
      return { intent, expected: intent, confidence: 0.8, correct: i >= wrong };
    });
    const thresholds = fitThresholds({ answers }, { targetPrecision });
    expect(Object.keys(thresholds.perIntent)).toHaveLength(8);
    expect(answers.map(({ intent }) => thresholdFor(thresholds, intent))).toEqual(answers.map(() => 0.8));
  });

  test('stay above the shared one where an intent is wrong too often at it', () => {
    const answers = Array.from({ length: 400 }, (_, i) => {
      const intent = `intent-${Math.floor(i / 50)}`;
      return { intent, expected: intent, confidence: 0.8, correct: intent !== 'intent-0' || i % 5 > 0 };
    });
    const thresholds = fitThresholds({ answers }, { targetPrecision: 0.95 });
    expect(thresholdFor(thresholds, 'intent-1')).toBe(0.8);
    expect(thresholdFor(thresholds, 'intent-0')).toBe(NEVER);
  });

  test('do not follow from a few lucky answers', () => {
    const lucky = Array.from({ length: 30 }, (_, i) => ({ intent: 'x', confidence: 0.9 - i / 100, correct: i < 8 }));
    expect(thresholdFor(fitThresholds({ answers: lucky }, { targetPrecision: 0.95 }), 'x')).toBe(NEVER);
  });

  test('are never reached when there are no held-out answers', () => {
    expect(fitThresholds({ answers: [] }, { targetPrecision: 0.8 }).pooled).toBe(NEVER);
  });

  test('are never reached by an intent that is never right', () => {
    const wrong = Array.from({ length: 40 }, (_, i) => ({ intent: 'x', confidence: 0.5 + i / 100, correct: false }));
    expect(thresholdFor(fitThresholds({ answers: wrong }, { targetPrecision: 0.8 }), 'x')).toBe(NEVER);
  });

  test('do not follow from a large intent that is nearly always right', () => {
    const large = Array.from({ length: 200 }, (_, i) => ({
      intent: 'large',
      expected: 'large',
      confidence: 0.6 + i / 1_000,
      correct: true,
    }));
    const thin = Array.from({ length: 40 }, (_, i) => ({
      intent: `thin-${i % 10}`,
      expected: `thin-${i % 10}`,
      confidence: 0.4 + i / 100,
      correct: i >= 20,
    }));
    // Together, 22 of 23 answers are right from 0.4 on, and of the small intents only half.
    const thresholds = fitThresholds({ answers: [...large, ...thin] }, { targetPrecision: 0.9 });
    const live = thin.filter(({ confidence }) => confidence >= thresholds.pooled);
    expect(live.filter(({ correct }) => correct).length / live.length).toBeGreaterThanOrEqual(0.9);
    expect(live.length).toBeGreaterThanOrEqual(18);
  });

  test('count wrong answers to small intents where a large one was named', () => {
    const named = (expected: string, confidence: number) => ({
      intent: 'large',
      expected,
      confidence,
      correct: expected === 'large',
    });
    const sure = Array.from({ length: 300 }, (_, i) => named('large', 0.7 + i / 1_000));
    const mistaken = Array.from({ length: 9 }, (_, i) => named(`thin-${i}`, 0.8));
    const own = (answers: JudgedAnswer[]) => fitThresholds({ answers }, { targetPrecision: 0.9 }).perIntent.large;
    expect(own(sure)).toBe(0.7);
    expect(own([...sure, ...mistaken])).toBeGreaterThan(0.8);
  });

  test('turn away most of what fits no intent, but keep most answers', () => {
    const right = Array.from({ length: 100 }, (_, i) => ({ intent: 'x', confidence: 0.5 + i / 200, correct: true }));
    const strangersAt = (confidence: number) =>
      Array.from({ length: 100 }, (_, i) => ({ intent: 'x', confidence: confidence + i / 1_000, expected: 'y' }));
    const pooled = (strangers: StrangerAnswer[]) =>
      fitThresholds({ answers: right, strangers }, { targetPrecision: 0.9 }).pooled;
    expect(pooled([])).toBe(0.5);
    // 75 of 100 are below 0.47 + 0.075.
    const raised = pooled(strangersAt(0.47));
    expect(strangersAt(0.47).filter(({ confidence }) => confidence < raised)).toHaveLength(75);
    expect(right.filter(({ confidence }) => confidence >= pooled(strangersAt(0.9))).length).toBeGreaterThanOrEqual(85);
  });

  test('say from which confidence on a text is more like the examples than strangers are', () => {
    const right = Array.from({ length: 100 }, (_, i) => ({ intent: 'x', confidence: 0.5 + i / 250, correct: true }));
    const strangers = Array.from({ length: 40 }, (_, i) => ({ intent: 'x', expected: 'y', confidence: 0.2 + i / 100 }));
    const { familiar } = fitThresholds({ answers: right, strangers }, { targetPrecision: 0.6 });
    expect(strangers.filter(({ confidence }) => confidence < familiar)).toHaveLength(30);
    expect(fitThresholds({ answers: right }, { targetPrecision: 0.6 }).familiar).toBe(0);
  });

  test('have a version that changes with them', () => {
    const version = (targetPrecision: number) => fitThresholds({ answers }, { targetPrecision }).version;
    expect(version(0.8)).toBe(version(0.8));
    expect(version(0.8)).not.toBe(version(0.9));
  });
});

test('logistic regression finds the weights that generated the data', () => {
  const random = createRandom(3);
  const features = Array.from({ length: 4_000 }, () => [4 * random() - 2, 4 * random() - 2]);
  const truth = { bias: 0.3, weights: [1.5, -0.7] };
  const targets = features.map((own) => (random() < probabilityOf(truth, own) ? 1 : 0));
  const fitted = fitLogistic({ features, targets }, { ridge: 1e-3, prior: [0, 0] });
  expect(fitted.bias).toBeCloseTo(truth.bias, 0);
  expect(fitted.weights[0]).toBeCloseTo(1.5, 0);
  expect(fitted.weights[1]).toBeCloseTo(-0.7, 0);
});

/** Answers of an engine that always states 0.9 and is right only where the other engine agrees. */
function overconfidentCases(count: number): CalibrationCase[] {
  return Array.from({ length: count }, (_, i) => {
    const agrees = i % 2 === 0;
    return {
      answer: sampleClassification({ intent: 'shipping', confidence: 0.9, nearestExamples: [], abstained: false }),
      other: sampleClassification({ intent: agrees ? 'shipping' : 'billing', confidence: 0.6 }),
      intent: agrees ? 'shipping' : 'billing',
    };
  });
}

test('logistic regression converges where few of very many cases are no', () => {
  const features = Array.from({ length: 1_500 }, (_, i) => [(i % 30) / 2 - 8]);
  const targets = features.map((_, i) => (i % 40 === 0 ? 0 : 1));
  const fitted = fitLogistic({ features, targets }, { ridge: 40, prior: [1] });
  const mean = features.reduce((sum, own) => sum + probabilityOf(fitted, own), 0) / features.length;
  expect(mean).toBeCloseTo(39 / 40, 3);
});

describe('the calibration of an engine', () => {
  const fittedAt = new Date('2026-11-22T10:00:00Z');
  const calibration = fitEngineCalibration({
    engine: 'claude',
    taxonomy: 'v1',
    cases: overconfidentCases(200),
    fittedAt,
  });
  const judge = (index: number) => {
    const { answer, other } = overconfidentCases(2)[index]!;
    const target = { targetPrecision: 0.9 };
    return calibrateAnswer({ answer, other, calibration, thresholds: thresholdsOf(calibration, target), target });
  };

  test('follows the agreement of the engines where the stated confidence says nothing', () => {
    expect(judge(0)).toMatchObject({ abstained: false });
    expect(judge(0).confidence).toBeGreaterThan(0.9);
    expect(judge(1)).toMatchObject({ abstained: true });
    expect(judge(1).confidence).toBeLessThan(0.1);
  });

  test('explains the confidence that is needed by the target, not as the target', () => {
    const [agreed] = overconfidentCases(1);
    const thresholds = { version: 't', pooled: 0.997, perIntent: {}, familiar: 0 };
    const answer = calibrateAnswer({ ...agreed!, calibration, thresholds, target: { targetPrecision: 0.95 } });
    expect(answer.abstainReason).toMatch(
      /^The embedded engine is 9\d[.\d]* % sure, below the 99[.\d]* % that the target of 95 % right answers needs\.$/,
    );
  });

  test('keeps every runner-up below the winner, and all of them together at 100 % at most', () => {
    const { answer, other } = overconfidentCases(2)[1]!;
    const runnersUp = [
      { intent: 'billing', confidence: 0.08 },
      { intent: 'returns', confidence: 0.02 },
    ];
    const target = { targetPrecision: 0.9 };
    const thresholds = thresholdsOf(calibration, target);
    const judged = calibrateAnswer({ answer: { ...answer, runnersUp }, other, calibration, thresholds, target });
    expect(judged.confidence).toBeLessThan(0.1);
    for (const rival of judged.runnersUp) expect(rival.confidence).toBeLessThanOrEqual(judged.confidence);
    const inconsistent = scaleRunnersUp([{ intent: 'billing', confidence: 0.8 }], { from: 0.87, to: 0.87 });
    expect(inconsistent[0]?.confidence).toBeCloseTo(0.13);
  });

  test('predicts what counts with a target, by thresholds that were fitted on other answers', () => {
    const judged = judgeHeldOut(calibration, { targetPrecision: 0.9 });
    expect(judged).toHaveLength(calibration.heldOut.length);
    const live = judged.filter(({ abstained }) => !abstained);
    expect(live.length / judged.length).toBeCloseTo(0.5);
    expect(live.every(({ correct }) => correct)).toBe(true);
    // A single lucky answer would reach the target with its own threshold, but not with one of the other folds.
    const lucky = {
      ...calibration,
      heldOut: calibration.heldOut.map((answer, i) => ({ ...answer, correct: i === 0 })),
    };
    expect(judgeHeldOut(lucky, { targetPrecision: 0.9 }).some(({ abstained }) => !abstained)).toBe(false);
  });

  test('leaves to people what the engine abstains on anyway, and counts it among the tickets', () => {
    const anyway: CalibrationCase[] = [
      sampleClassification({ intent: null, confidence: 0 }),
      sampleClassification({ intent: 'shipping', stated: { certainty: 'none_fits', sawOpinion: false } }),
      sampleClassification({ intent: 'shipping', confidence: 0.99, isUnfamiliar: true }),
    ].flatMap((answer) => Array.from({ length: 20 }, () => ({ answer, other: null, intent: 'shipping' })));
    const fitted = fitEngineCalibration({
      ...{ engine: 'claude', taxonomy: 'v1', fittedAt },
      cases: [...overconfidentCases(200), ...anyway],
    });
    const target = { targetPrecision: 0.9 };
    const judged = judgeHeldOut(fitted, target);
    expect(judged).toHaveLength(260);
    expect(judged.filter(({ abstained }) => !abstained)).toHaveLength(100);
    expect(fitted.logistic).toEqual(calibration.logistic);
    for (const { answer, other } of anyway) {
      const thresholds = thresholdsOf(fitted, target);
      const abstained = { ...answer, abstained: answer.stated !== undefined };
      const judgedAnswer = calibrateAnswer({ answer: abstained, other, calibration: fitted, thresholds, target });
      expect(judgedAnswer.abstained || judgedAnswer.intent === null).toBe(true);
    }
  });

  test('is not set by an intent that has most of the tickets', () => {
    const thin = overconfidentCases(40).map((one) => ({ ...one, other: null, intent: 'refunds' }));
    const large = Array.from({ length: 400 }, (): CalibrationCase => ({ ...thin[0]!, intent: 'shipping' }));
    const fitted = fitEngineCalibration({ engine: 'claude', taxonomy: 'v1', cases: [...large, ...thin], fittedAt });
    const { answer } = thin[0]!;
    const target = { targetPrecision: 0.9 };
    const given = { calibration: fitted, thresholds: thresholdsOf(fitted, target), target };
    const { confidence } = calibrateAnswer({ answer, other: null, ...given });
    expect(confidence).toBeCloseTo(0.5, 1);
  });

  test('that no confidence reaches says so, and names no share above 100 %', () => {
    const cases = overconfidentCases(200).map((one) => ({ ...one, intent: 'billing' }));
    const never = fitEngineCalibration({ engine: 'claude', taxonomy: 'v1', cases, fittedAt });
    const { answer, other } = cases[0]!;
    const target = { targetPrecision: 0.9 };
    const given = { calibration: never, thresholds: thresholdsOf(never, target), target };
    const { abstainReason } = calibrateAnswer({ answer, other, ...given });
    expect(abstainReason).toBe(
      'On the tickets of the calibration, no confidence was high enough to rely on such answers.',
    );
  });

  test('needs enough answered tickets', () => {
    const fit = () =>
      fitEngineCalibration({ engine: 'claude', taxonomy: 'v1', cases: overconfidentCases(10), fittedAt });
    expect(fit).toThrow(/10 answered tickets are too few/);
  });

  test('is stored in a file and read only for its own taxonomy', async () => {
    await using folder = await temporaryFolder();
    const place = { dataDir: folder.path, engine: 'claude', taxonomy: 'v1' };
    expect(await readCalibrationFile(place)).toBeNull();
    await writeCalibration(calibrationFile(place), calibration);
    expect(await readCalibrationFile(place)).toEqual({ calibration, fittedAt });
    expect(await readCalibrationFile({ ...place, taxonomy: 'v2' })).toBeNull();
  });

  test('that is damaged is refused with what to do', async () => {
    await using folder = await temporaryFolder();
    const place = { dataDir: folder.path, engine: 'claude', taxonomy: 'v1' };
    const file = calibrationFile(place);
    await writeCalibration(file, calibration);
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 100));
    await expect(readCalibrationFile(place)).rejects.toBeInstanceOf(ConfigurationError);
    await expect(readCalibrationFile(place)).rejects.toThrow(/switchboard calibrate/);
  });
});

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'switchboard-calibration-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
