import { expect, test } from 'vitest';
import { createGuessLimits } from './guess-limits.ts';

function start() {
  let ms = 0;
  const limits = createGuessLimits({ now: () => new Date(ms) });
  return { limits, wait: (minutes: number) => (ms += minutes * 60_000) };
}
const ana = { user: 'ana', address: '10.0.0.1' };

test('ten wrong passwords of one user from one address, and then none for a quarter of an hour', () => {
  const { limits, wait } = start();
  for (let attempt = 0; attempt < 10; attempt++) expect(limits.start(ana)).toBeNull();
  expect(limits.start(ana)).toBe(900);
  wait(14);
  expect(limits.start(ana)).toBe(60);
  // Others, and the same user elsewhere, are not held up.
  expect(limits.start({ ...ana, user: 'ben' })).toBeNull();
  expect(limits.start({ ...ana, address: '10.0.0.2' })).toBeNull();
  wait(1);
  expect(limits.start(ana)).toBeNull();
});

test('fifty of one user from all addresses together', () => {
  const { limits } = start();
  const from = (index: number) => limits.start({ user: 'ana', address: `10.0.${index}.1` });
  for (let index = 0; index < 50; index++) expect(from(index)).toBeNull();
  expect(from(99)).toBe(900);
});

test('a hundred from one address in a minute, whoever is guessed', () => {
  const { limits, wait } = start();
  for (let index = 0; index < 60; index++) expect(limits.start({ user: `u${index}`, address: 'a' })).toBeNull();
  for (let index = 0; index < 40; index++) expect(limits.countWrong('a')).toBeNull();
  expect(limits.countWrong('a')).toBe(60);
  expect(limits.start({ user: 'ben', address: 'a' })).toBe(60);
  expect(limits.start({ user: 'ben', address: 'b' })).toBeNull();
  wait(1);
  expect(limits.start({ user: 'ben', address: 'a' })).toBeNull();
});

test('a right password, and one that could not be checked, cost nothing', () => {
  const { limits } = start();
  for (let attempt = 0; attempt < 300; attempt++) {
    expect(limits.start(ana)).toBeNull();
    if (attempt % 2 === 0) limits.succeed(ana);
    else limits.cancel(ana);
  }
});

test('counts are bounded, however many users are tried', () => {
  const { limits } = start();
  for (let index = 0; index < 30_000; index++) limits.start({ user: `u${index}`, address: `a${index}` });
  for (let attempt = 0; attempt < 10; attempt++) limits.start(ana);
  expect(limits.start(ana)).toBe(900);
});
