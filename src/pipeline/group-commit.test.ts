import { expect, test } from 'vitest';
import { createGroupCommit } from './group-commit.ts';

/** Records the groups; each commit ends when `end` is called. */
function record(waitMs: () => number | null) {
  const groups: number[][] = [];
  let end = () => {};
  const group = createGroupCommit<number, number>({
    commit: async (items) => {
      groups.push([...items]);
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      return items;
    },
    waitMs,
    maxItems: 3,
  });
  return { group, groups, end: () => end() };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('without a wait, items of one turn of the event loop are committed together at its end', async () => {
  const { group, groups } = record(() => null);
  void group.submit(1);
  void Promise.resolve().then(() => group.submit(2));
  expect(groups).toEqual([]);
  await turn();
  expect(groups).toEqual([[1, 2]]);
});

test('items that arrive during a commit form the next groups, of as many as are allowed', async () => {
  const { group, groups, end } = record(() => null);
  const results = [group.submit(1)];
  await turn();
  results.push(...[2, 3, 4, 5].map((item) => group.submit(item)));
  while (groups.length < 3) {
    end();
    await turn();
  }
  end();
  expect(groups).toEqual([[1], [2, 3, 4], [5]]);
  expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5]);
});
