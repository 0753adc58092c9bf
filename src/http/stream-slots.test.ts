import { expect, test } from 'vitest';
import { createStreamSlots } from './stream-slots.ts';

test('slots are counted for the process and for each address, and each is freed once', () => {
  const slots = createStreamSlots({ perProcess: 3, perAddress: 2 });
  const first = slots.take('a');
  slots.take('a');
  expect(slots.take('a')).toBe('perAddress');
  slots.take('b');
  expect(slots.take('c')).toBe('perProcess');
  if (typeof first === 'string') throw new TypeError('the first was refused');
  first();
  first();
  expect(typeof slots.take('a')).toBe('function');
  expect(slots.take('c')).toBe('perProcess');
});
