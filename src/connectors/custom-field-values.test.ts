import { expect, test } from 'vitest';
import { sampleClassification, sampleDecision } from '../testing/sample-values.ts';
import { customFieldValues } from './custom-field-values.ts';

const decision = sampleDecision({ id: 'd-1', urgency: 'high' });
const guess = { intent: 'billing/refund', confidence: 0.6, language: 'de' };

test('an answer is written with its confidence', () => {
  const classification = sampleClassification(guess);
  expect(customFieldValues({ classification, decision })).toEqual({
    ...{ intent: 'billing/refund', confidence: 0.6 },
    ...{ urgency: 'high', language: 'de' },
  });
});

test.each([
  ['of an engine that abstained', { ...guess, abstained: true }],
  ['that no engine gave', { ...guess, intent: null }],
])('an intent %s is not written, and neither is its confidence', (_, fields) => {
  const classification = sampleClassification(fields);
  expect(customFieldValues({ classification, decision })).toMatchObject({
    intent: null,
    confidence: null,
    language: 'de',
  });
});
