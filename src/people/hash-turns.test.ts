import { expect, test } from 'vitest';
import { createTurns } from './hash-turns.ts';

test('one runs after the other, also after one that fails, and more than a few are refused', async () => {
  const inTurn = createTurns(3);
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
    if (name === 'a') throw new Error('a failed');
    return name;
  };
  const asked = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => inTurn(work(name))));
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(asked).toMatchObject([{ status: 'rejected' }, { value: 'b' }, { value: 'c' }, { reason: { code: 'busy' } }]);
  expect(await inTurn(work('e'))).toBe('e');
});
