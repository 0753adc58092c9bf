import { expect, test } from 'vitest';
import type { Classification } from '../classifiers/classifier.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { createUnsavedClassifications } from './unsaved-classifications.ts';

function createPaidEngine() {
  let calls = 0;
  return {
    classify: async () => sampleClassification({ reasoning: `call ${++calls}` }),
    calls: () => calls,
  };
}

test('a second run uses the classification that was paid for, until it is saved', async () => {
  const engine = createPaidEngine();
  const unsaved = createUnsavedClassifications();
  const first = await unsaved.take('t-1', engine.classify);
  expect(await unsaved.take('t-1', engine.classify)).toBe(first);
  unsaved.drop('t-1');
  await unsaved.take('t-1', engine.classify);
  expect(engine.calls()).toBe(2);
});

test('two runs at the same time share one call, even when the limit of kept classifications is reached', async () => {
  const arriving = Promise.withResolvers<Classification>();
  const unsaved = createUnsavedClassifications({ maxCount: 1 });
  const engine = createPaidEngine();
  const both = [unsaved.take('t-1', () => arriving.promise), unsaved.take('t-1', engine.classify)];
  for (const other of ['t-2', 't-3', 't-4']) await unsaved.take(other, engine.classify);
  both.push(unsaved.take('t-1', engine.classify));
  arriving.resolve(sampleClassification({ reasoning: 'the one that was paid for' }));
  expect(new Set((await Promise.all(both)).map(({ reasoning }) => reasoning))).toEqual(
    new Set(['the one that was paid for']),
  );
});

test('an engine that failed is called again', async () => {
  const unsaved = createUnsavedClassifications();
  const failing = unsaved.take('t-1', async () => {
    throw new RangeError('away');
  });
  await expect(failing).rejects.toThrow('away');
  const engine = createPaidEngine();
  await unsaved.take('t-1', engine.classify);
  expect(engine.calls()).toBe(1);
});

test('unsaved classifications are forgotten: the oldest beyond the limit, and all beyond their age', async () => {
  let nowMs = 0;
  const engine = createPaidEngine();
  const unsaved = createUnsavedClassifications({ maxCount: 3, maxAgeMs: 1_000, now: () => nowMs });
  for (const key of ['t-1', 't-2', 't-3', 't-4']) await unsaved.take(key, engine.classify);
  await unsaved.take('t-4', engine.classify);
  expect(engine.calls()).toBe(4);
  await unsaved.take('t-1', engine.classify);
  expect(engine.calls()).toBe(5);

  nowMs = 1_001;
  await unsaved.take('t-4', engine.classify);
  expect(engine.calls()).toBe(6);
});
