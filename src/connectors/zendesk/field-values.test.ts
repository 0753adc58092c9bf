import { expect, test } from 'vitest';
import { sampleClassification, sampleDecision } from '../../testing/sample-values.ts';
import { customFieldValues } from '../custom-field-values.ts';
import { valueFor } from './field-values.ts';

test.each([
  ['decimal', '0.99'],
  ['text', '0.99'],
  ['integer', '99'],
])('a confidence of 0.998 in a field of the type %s is rounded down to %s, as in the note', (type, value) => {
  const field = { id: 1, type, title: 'Confidence', active: true };
  const values = customFieldValues({
    classification: sampleClassification({ confidence: 0.998 }),
    decision: sampleDecision({ id: 'd-1' }),
  });
  expect(valueFor({ use: 'confidence', field, values })).toBe(value);
});
