import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSwitchboard } from '@switchboard/router';

test('answers arrive in time', async () => {
  const switchboard = await createSwitchboard();
  const { result } = await switchboard.evaluate({ criteria: ['response-time'] });
  await switchboard.close();

  assert.ok(result?.criteria[0]?.passed, result?.criteria[0]?.why);
});
