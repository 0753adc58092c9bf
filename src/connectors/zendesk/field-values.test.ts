import { expect, test } from 'vitest';
import { sampleClassification } from '../../testing/sample-values.ts';
import { valueFor } from './field-values.ts';

test.each([
  ['decimal', '0.99'],
  ['text', '0.99'],
  ['integer', '99'],
])('a confidence of 0.998 in a field of the type %s is rounded down to %s, as in the note', (type, value) => {
  const field = { id: 1, type, title: 'Confidence', active: true };
  const classification = sampleClassification({ confidence: 0.998 });
  expect(valueFor({ use: 'confidence', field, classification, urgency: 'normal' })).toBe(value);
});
