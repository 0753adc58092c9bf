import { expect, test } from 'vitest';
import { createRecentVectors } from './recent-vectors.ts';

const vectors = () => ({ sentence: Float32Array.of(1), content: Float32Array.of(2) });

function recording(maxEntries: number) {
  const recent = createRecentVectors({ maxEntries });
  const read: string[] = [];
  return {
    read,
    ask: (text: string) =>
      recent.get(text, async () => {
        read.push(text);
        if (text === 'fails') throw new Error('no');
        return vectors();
      }),
  };
}

test('a text is read once, also while its reading is under way', async () => {
  const { ask, read } = recording(2);
  const [one, two] = await Promise.all([ask('a'), ask('a')]);
  expect(one).toBe(two);
  expect(await ask('a')).toBe(one);
  expect(read).toEqual(['a']);
});

test('the text that was not asked for the longest is forgotten first', async () => {
  const { ask, read } = recording(2);
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(text);
  expect(read).toEqual(['a', 'b', 'c', 'b']);
});

test('a reading that failed is not kept', async () => {
  const { ask, read } = recording(2);
  await expect(ask('fails')).rejects.toThrow('no');
  await expect(ask('fails')).rejects.toThrow('no');
  expect(read).toEqual(['fails', 'fails']);
});
