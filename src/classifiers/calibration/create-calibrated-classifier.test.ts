import { expect, test } from 'vitest';
import { sampleCalibration } from '../../testing/sample-calibration.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import { scriptedClassifier } from '../../testing/scripted-classifier.ts';
import { shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import type { Classification } from '../classifier.ts';
import { createCalibrator, noCalibrations } from './calibrations.ts';
import { createCalibratedClassifier } from './create-calibrated-classifier.ts';
import type { EngineCalibration } from './engine-calibration.ts';

const reference = scriptedClassifier(() => ({ stage: 'local', intent: null, confidence: 0 }));
const ask = (answer: Partial<Classification>) =>
  createCalibratedClassifier({
    classifier: { id: 'claude', classify: async () => sampleClassification(answer) },
    reference,
    calibrator: createCalibrator({ engine: 'claude', calibrations: noCalibrations, target: { targetPrecision: 0.9 } }),
  }).classify({ ticket: { id: 't-1', body: 'Hello' }, taxonomy: smallTaxonomy(shopIntents) });

test('abstains below the target, keeps its best guess and says that it is not calibrated', async () => {
  const answer = await ask({ stage: 'claude', confidence: 0.85 });
  expect(answer).toMatchObject({ abstained: true, intent: 'order-related/order-status-inquiries' });
  expect(answer.abstainReason).toMatch(/85 %.*not calibrated yet/);
});

test('does not abstain at the target', async () => {
  expect(await ask({ stage: 'claude', confidence: 0.9 })).toMatchObject({ abstained: false, abstainReason: null });
});

test('does not change an answer of the embedded engine, which has its own thresholds', async () => {
  expect(await ask({ stage: 'local', confidence: 0.2 })).toMatchObject({ abstained: false });
});

test('keeps the reason of an engine that abstained by itself', async () => {
  const answer = await ask({ stage: 'claude', confidence: 0.2, abstained: true, abstainReason: 'No intent fits.' });
  expect(answer.abstainReason).toBe('No intent fits.');
});

test('keeps the answer where the other engine fails', async () => {
  const classifier = createCalibratedClassifier({
    classifier: { id: 'claude', classify: async () => sampleClassification({ stage: 'claude', confidence: 0.95 }) },
    reference: { id: 'local', classify: () => Promise.reject(new Error('down')) },
    calibrator: createCalibrator({ engine: 'claude', calibrations: noCalibrations, target: { targetPrecision: 0.9 } }),
  });
  const request = { ticket: { id: 't-1', body: 'Hello' }, taxonomy: smallTaxonomy(shopIntents) };
  expect(await classifier.classify(request)).toMatchObject({ confidence: 0.95, abstained: false });
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
