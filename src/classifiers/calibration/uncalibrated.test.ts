import { expect, test } from 'vitest';
import { sampleClassification } from '../../testing/sample-values.ts';
import type { Classification } from '../classifier.ts';
import { createUncalibratedClassifier } from './uncalibrated.ts';

const ask = (answer: Partial<Classification>) =>
  createUncalibratedClassifier({ id: 'claude', classify: async () => sampleClassification(answer) }).classify({
    ticket: { id: 't-1', body: 'Hello' },
    taxonomy: {
      name: '',
      version: '',
      priority: [],
      whenAngry: 'intent',
      instructions: '',
      intents: [],
      nodes: new Map(),
      leaves: [],
    },
  });

test('abstains where the engine is less than half sure, and keeps its best guess', async () => {
  const answer = await ask({ stage: 'claude', confidence: 0.35 });
  expect(answer).toMatchObject({ abstained: true, intent: 'order-related/order-status-inquiries' });
  expect(answer.abstainReason).toContain('35 %');
});

test('stands by an answer that is at least half sure', async () => {
  expect(await ask({ stage: 'claude', confidence: 0.5 })).toMatchObject({ abstained: false, abstainReason: null });
});

test("leaves the embedded engine's own thresholds alone when it answers for Claude", async () => {
  expect(await ask({ stage: 'local', confidence: 0.2 })).toMatchObject({ abstained: false });
});

test('keeps the reason of an engine that abstained by itself', async () => {
  const answer = await ask({ stage: 'claude', confidence: 0.2, abstained: true, abstainReason: 'No intent fits.' });
  expect(answer.abstainReason).toBe('No intent fits.');
});
