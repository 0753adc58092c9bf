import { expect, test } from 'vitest';
import { sampleClassification } from '../../testing/sample-values.ts';
import type { Classification } from '../classifier.ts';
import { answerFeatures } from './answer-features.ts';
import { judgeUncalibrated } from './uncalibrated.ts';

const target = { targetPrecision: 0.9 };
const embedded = (answer: Partial<Classification>) =>
  sampleClassification({ stage: 'local', confidence: 0.8, ...answer });
const claude = (answer: Partial<Classification> = {}) =>
  sampleClassification({
    stage: 'claude',
    intent: 'billing',
    confidence: 0.8,
    stated: { certainty: 'likely', sawOpinion: false },
    ...answer,
  });

test('an answer below the target abstains, keeps its intent and says that the engine is not calibrated', () => {
  const answer = judgeUncalibrated({ answer: claude(), other: null, target });
  expect(answer).toMatchObject({ intent: 'billing', confidence: 0.8, abstained: true });
  expect(answer.abstainReason).toBe(
    'Claude is 80 % sure, below the 90 % that the target of 90 % right answers needs, and it is not calibrated yet.',
  );
});

test('an answer at the target counts', () => {
  expect(judgeUncalibrated({ answer: claude({ confidence: 0.9 }), other: null, target })).toMatchObject({
    abstained: false,
    abstainReason: null,
  });
});

test('where costs are configured, the threshold and the reason follow from them', () => {
  const costs = { wrongRouteUsd: 10, humanLookUsd: 1 };
  const answer = judgeUncalibrated({ answer: claude({ stage: 'second-opinion' }), other: null, target: costs });
  expect(answer.abstainReason).toMatch(
    /^The second opinion is 80 % sure, below the 90 % from which an answer costs less than a look by a person, and it is not calibrated/,
  );
  expect(
    judgeUncalibrated({ answer: claude(), other: null, target: { wrongRouteUsd: 4, humanLookUsd: 1 } }),
  ).toMatchObject({ abstained: false });
});

test('the embedded engine moves the confidence up or down by agreeing or not, and more the surer it is', () => {
  const with_ = (intent: string, confidence: number) =>
    judgeUncalibrated({ answer: claude(), other: embedded({ intent, confidence }), target }).confidence;
  expect(with_('billing', 0.9)).toBeGreaterThan(with_('billing', 0.7));
  expect(with_('billing', 0.7)).toBeGreaterThan(0.8);
  expect(with_('shipping', 0.7)).toBeLessThan(0.8);
  expect(with_('shipping', 0.3)).toBeCloseTo(0.8);
});

test('agreement proves nothing where Claude was shown the opinion of the embedded engine', () => {
  const answer = claude({ stated: { certainty: 'likely', sawOpinion: true } });
  for (const intent of ['billing', 'shipping']) {
    const other = embedded({ intent, confidence: 0.9 });
    expect(judgeUncalibrated({ answer, other, target }).confidence).toBe(0.8);
    expect(answerFeatures(answer, other)).toEqual(answerFeatures(answer, null));
    expect(answerFeatures(claude(), other)).not.toEqual(answerFeatures(claude(), null));
  }
});

test('another model of the same kind is no independent evidence', () => {
  const other = claude({ confidence: 0.95 });
  expect(judgeUncalibrated({ answer: claude({ stage: 'second-opinion' }), other, target }).confidence).toBe(0.8);
});

test('a calibration goes by the certainty that was stated, whatever the table makes of it', () => {
  expect(answerFeatures(claude({ confidence: 0.4 }), null)).toEqual(answerFeatures(claude({ confidence: 0.79 }), null));
  const stated = (certainty: 'sure' | 'likely') => claude({ stated: { certainty, sawOpinion: false } });
  expect(answerFeatures(stated('sure'), null)).not.toEqual(answerFeatures(stated('likely'), null));
});
