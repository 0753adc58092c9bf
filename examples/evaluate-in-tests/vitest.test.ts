import { createSwitchboard } from '@switchboard/router';
import { expect, test } from 'vitest';

test('routing is good enough to go live', { timeout: 10 * 60_000 }, async () => {
  const switchboard = await createSwitchboard();
  const { result } = await switchboard.evaluate({ criteria: ['routing-accuracy', 'abstention', 'response-time'] });
  await switchboard.close();

  expect(result?.criteria.filter(({ passed }) => !passed).map(({ id, why }) => `${id}: ${why}`)).toEqual([]);
});
