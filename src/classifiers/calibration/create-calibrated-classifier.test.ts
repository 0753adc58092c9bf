import { expect, test } from 'vitest';
import { sampleCalibration } from '../../testing/sample-calibration.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import { scriptedClassifier } from '../../testing/scripted-classifier.ts';
import { shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import type { Classification } from '../classifier.ts';
import { createCalibrator, noCalibrations } from './calibrations.ts';
import { createCalibratedClassifier } from './create-calibrated-classifier.ts';
import type { EngineCalibration } from './engine-calibration.ts';

const reference = scriptedClassifier(() => ({}));
const ask = (answer: Partial<Classification>) =>
  createCalibratedClassifier({
    classifier: { id: 'claude', classify: async () => sampleClassification(answer) },
    reference,
    calibrator: createCalibrator({ engine: 'claude', calibrations: noCalibrations, target: { targetPrecision: 0.9 } }),
  }).classify({ ticket: { id: 't-1', body: 'Hello' }, taxonomy: smallTaxonomy(shopIntents) });

test('abstains where the engine is less than half sure, and keeps its best guess', async () => {
  const answer = await ask({ stage: 'claude', confidence: 0.35 });
  expect(answer).toMatchObject({ abstained: true, intent: 'order-related/order-status-inquiries' });
  expect(answer.abstainReason).toContain('35 %');
});

test('does not abstain where the engine is at least half sure', async () => {
  expect(await ask({ stage: 'claude', confidence: 0.5 })).toMatchObject({ abstained: false, abstainReason: null });
});

test('does not change an answer of the embedded engine, which has its own thresholds', async () => {
  expect(await ask({ stage: 'local', confidence: 0.2 })).toMatchObject({ abstained: false });
});

test('keeps the reason of an engine that abstained by itself', async () => {
  const answer = await ask({ stage: 'claude', confidence: 0.2, abstained: true, abstainReason: 'No intent fits.' });
  expect(answer.abstainReason).toBe('No intent fits.');
});

test('does not call the other engine while there is no calibration that uses its answer', async () => {
  await ask({ stage: 'claude', confidence: 0.9 });
  expect(reference.asked).toEqual([]);
});

test('applies a calibration from the moment when there is one', async () => {
  const taxonomy = smallTaxonomy(shopIntents);
  const inUse: { claude: EngineCalibration | null } = { claude: null };
  const classifier = createCalibratedClassifier({
    classifier: { id: 'claude', classify: async () => sampleClassification({ stage: 'claude', confidence: 0.9 }) },
    reference,
    calibrator: createCalibrator({
      engine: 'claude',
      calibrations: { get: () => inUse.claude },
      target: { targetPrecision: 0.9 },
    }),
  });
  const ask = () => classifier.classify({ ticket: { id: 't-1', body: 'Hello' }, taxonomy });
  expect(await ask()).toMatchObject({ confidence: 0.9, abstained: false });
  for (const rightOf100 of [30, 60]) {
    inUse.claude = sampleCalibration({ engine: 'claude', taxonomy: taxonomy.version, rightOf100, day: 1 });
    const { confidence, versions } = await ask();
    expect(confidence).not.toBe(0.9);
    expect(versions.thresholds).toContain(inUse.claude.version);
  }
});
