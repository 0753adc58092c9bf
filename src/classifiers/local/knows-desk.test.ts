import { expect, test } from 'vitest';
import { knowsDesk } from './knows-desk.ts';

const desk = { heldOut: { right: 45, of: 80 }, exampleCount: 80, intentCount: 10 };

test('the engine knows a desk with enough examples an intent, on which it is right often enough', () => {
  expect(knowsDesk(desk)).toBe(true);
});

test.each([
  ['it has no held-out answers', { heldOut: null }],
  ['it has too few held-out answers', { heldOut: { right: 39, of: 39 } }],
  ['there are too few examples an intent', { intentCount: 20 }],
  ['it is wrong too often', { heldOut: { right: 24, of: 80 } }],
  ['it is hardly better than drawing one of few intents', { heldOut: { right: 45, of: 80 }, intentCount: 2 }],
])('it does not where %s', (_, parts) => {
  expect(knowsDesk({ ...desk, ...parts })).toBe(false);
});
