import { expect, test } from 'vitest';
import { hasDecisionId, withDecisionId, withUndoMark } from './write-context.ts';

test('a note that has the id of its decision stays as it is, and one without it gets it', () => {
  expect(withDecisionId('To Billing\n[d-1]', 'd-1')).toBe('To Billing\n[d-1]');
  expect(withDecisionId('To Billing, decision d-1.', 'd-1')).toBe('To Billing, decision d-1.');
  expect(withDecisionId('To Billing', 'd-1')).toBe('To Billing\n\n[d-1]');
});

test('the note of an undo has the id once, with a mark', () => {
  expect(withUndoMark('Taken back. [d-1]\nTaken back: queue', 'd-1')).toBe('Taken back. [undo d-1]\nTaken back: queue');
  expect(withUndoMark('Taken back.', 'd-1')).toBe('Taken back.\n\n[undo d-1]');
});

test('a longer id that begins or ends with an id is another one', () => {
  expect(['[d-12]', 'd-1-2', 'add-1'].map((text) => hasDecisionId(text, 'd-1'))).toEqual([false, false, false]);
});
