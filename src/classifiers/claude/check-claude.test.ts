import { expect, test } from 'vitest';
import { claudeSettings } from '../../testing/claude-fixtures.ts';
import { type FakeClaude, startFakeClaude } from '../../testing/fake-claude.ts';
import { faults } from '../../testing/fake-claude-faults.ts';
import { createModelUse, type ModelUse } from '../model-api/model-account.ts';
import { createClaudeConnection } from './call/connection.ts';
import { checkClaude } from './check-claude.ts';

const check = (fake: FakeClaude, { settings, use }: { settings: typeof claudeSettings; use?: ModelUse }) =>
  checkClaude({
    connection: createClaudeConnection({ apiKey: 'test', baseUrl: fake.url, ...(use && { use }) }),
    settings,
  });

const statuses = (health: Awaited<ReturnType<typeof checkClaude>>) =>
  Object.fromEntries(health.checks.map(({ check, status }) => [check, status]));

test('one cheap call reports that key, model and features are right, and what it cost', async () => {
  await using fake = await startFakeClaude();
  const use = createModelUse();
  const health = await check(fake, { settings: claudeSettings, use });
  expect(await use.ledger.spentTodayUsd()).toBe(health.costUsd);
  expect(statuses(health)).toEqual({
    'claude answer': 'ok',
    'claude model': 'ok',
    'claude features': 'ok',
    'claude price': 'ok',
  });
  expect(fake.messageRequests()).toHaveLength(1);
  expect(health.costUsd).toBeGreaterThan(0);
  expect(health.costUsd).toBeLessThan(0.0005);
  expect(health.checks[0]?.detail).toContain(`$${health.costUsd.toFixed(6)}`);
});

test('a refused key is reported with what to do', async () => {
  await using fake = await startFakeClaude({ keys: ['another'] });
  const health = await check(fake, { settings: claudeSettings });
  expect(health.checks[0]).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('Check ANTHROPIC_API_KEY.'),
  });
});

test('an unknown model is reported with what to do, and its price is not guessed', async () => {
  await using fake = await startFakeClaude();
  const health = await check(fake, { settings: { ...claudeSettings, model: 'claude-nobody' } });
  expect(health.checks[0]).toMatchObject({ status: 'failed', detail: expect.stringContaining('Check claude.model') });
  expect(statuses(health)['claude price']).toBe('note');
});

test('thinking that the model does not support is reported', async () => {
  await using fake = await startFakeClaude();
  const settings = { ...claudeSettings, model: 'claude-haiku-4-5', thinking: 'adaptive' as const };
  const health = await check(fake, { settings });
  expect(health.checks.find(({ check }) => check === 'claude features')).toMatchObject({
    status: 'failed',
    detail: 'Adaptive thinking is not supported: set claude.thinking to disabled.',
  });
});

test('a reached spend cap is reported with what to do, and costs nothing', async () => {
  await using fake = await startFakeClaude();
  fake.always(faults.spendCap());
  const health = await check(fake, { settings: claudeSettings });
  expect(health.checks[0]).toMatchObject({ status: 'failed', detail: expect.stringContaining('Raise the limit') });
  expect(health.costUsd).toBe(0);
});
