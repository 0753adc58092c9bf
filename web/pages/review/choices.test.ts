import { expect, test } from 'vitest';
import { choicesOf } from './choices.ts';

const intent = (id: string) => ({ intent: id, confidence: 0.1, id, similarity: 0.1 });
// The cast: no more of a classification is read.
const classify = (fields: object) =>
  ({
    classification: { runnersUp: [], secondaryIntents: [], nearestExamples: [], ...fields },
  }) as unknown as Parameters<typeof choicesOf>[0];

test('runners-up come first, then secondary intents, then those of like examples; each once, and nine at most', () => {
  const ticket = classify({
    runnersUp: [intent('a'), intent('b')],
    secondaryIntents: ['c', 'a'],
    nearestExamples: [intent('d'), intent('said'), intent('b')],
  });
  expect(choicesOf(ticket, 'said')).toEqual(['a', 'b', 'c', 'd']);
  const many = classify({ nearestExamples: Array.from({ length: 20 }, (_, index) => intent(`i-${index}`)) });
  expect(choicesOf(many, null)).toHaveLength(9);
  expect(choicesOf({ classification: null }, null)).toEqual([]);
});
