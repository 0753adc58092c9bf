import { expect, test } from 'vitest';
import { openingOf } from './opening.ts';

test('a ticket without a subject has how its own words begin, on one line', () => {
  expect(
    openingOf({
      body: 'I was charged twice\nfor  order 4711.\n\nOn Mon, 2 Mar 2026 at 10:00, Desk <desk@example.com> wrote:\n> Hello',
    }),
  ).toBe('I was charged twice for order 4711.');
  expect(openingOf({ subject: '  ', body: 'Where is it?' })).toBe('Where is it?');
});

test('a long text is cut, and never within a character', () => {
  const opening = openingOf({ body: `${'a'.repeat(159)}😀${' more'.repeat(50_000)}` });
  expect(opening).toHaveLength(160);
  expect(opening?.isWellFormed()).toBe(true);
  expect(opening).not.toContain('\ufffd');
});

test('a ticket with a subject has none, nor has one without words', () => {
  expect(openingOf({ subject: 'Refund', body: 'Please.' })).toBeNull();
  expect(openingOf({ body: ' \n ' })).toBeNull();
});
