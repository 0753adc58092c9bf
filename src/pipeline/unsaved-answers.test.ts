import { expect, test } from 'vitest';
import type { Classification } from '../classifiers/classifier.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { createUnsavedAnswers } from './unsaved-answers.ts';

function createPaidEngine() {
  let calls = 0;
  return {
    classify: async () => sampleClassification({ reasoning: `call ${++calls}` }),
    calls: () => calls,
  };
}

test('a second run takes the answer that was paid for, until it is saved', async () => {
  const engine = createPaidEngine();
  const answers = createUnsavedAnswers();
  const first = await answers.take('t-1', engine.classify);
  expect(await answers.take('t-1', engine.classify)).toBe(first);
  answers.drop('t-1');
  await answers.take('t-1', engine.classify);
  expect(engine.calls()).toBe(2);
});

test('two runs at the same time share one call, however many answers are kept', async () => {
  const arriving = Promise.withResolvers<Classification>();
  const answers = createUnsavedAnswers({ maxCount: 1 });
  const engine = createPaidEngine();
  const both = [answers.take('t-1', () => arriving.promise), answers.take('t-1', engine.classify)];
  for (const other of ['t-2', 't-3', 't-4']) await answers.take(other, engine.classify);
  both.push(answers.take('t-1', engine.classify));
  arriving.resolve(sampleClassification({ reasoning: 'the one that was paid for' }));
  expect(new Set((await Promise.all(both)).map(({ reasoning }) => reasoning))).toEqual(
    new Set(['the one that was paid for']),
  );
});

test('an engine that failed is asked again', async () => {
  const answers = createUnsavedAnswers();
  const failing = answers.take('t-1', async () => {
    throw new RangeError('away');
  });
  await expect(failing).rejects.toThrow('away');
  const engine = createPaidEngine();
  await answers.take('t-1', engine.classify);
  expect(engine.calls()).toBe(1);
});

test('answers that are never saved are forgotten: the oldest beyond the count, and all beyond their age', async () => {
  let nowMs = 0;
  const engine = createPaidEngine();
  const answers = createUnsavedAnswers({ maxCount: 3, maxAgeMs: 1_000, now: () => nowMs });
  for (const key of ['t-1', 't-2', 't-3', 't-4']) await answers.take(key, engine.classify);
  await answers.take('t-4', engine.classify);
  expect(engine.calls()).toBe(4);
  await answers.take('t-1', engine.classify);
  expect(engine.calls()).toBe(5);

  nowMs = 1_001;
  await answers.take('t-4', engine.classify);
  expect(engine.calls()).toBe(6);
});
