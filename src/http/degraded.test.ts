import { afterEach, expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { createHttpServer } from './create-http-server.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const down = { part: 'claude-haiku-5-5', why: 'the key is refused (401)', since: '2026-11-22T10:00:00.000Z' };

async function start(token: string | null): Promise<string> {
  const stub = createStubHttpApp();
  const app = createStubHttpApp({
    health: async () => ({ ...(await stub.health()), degraded: [down] }),
    modelStatus: async () => ({
      models: [{ model: 'claude-haiku-5-5', available: false }],
      calls: [{ model: 'claude-haiku-5-5', outcome: 'access', count: 2 }],
      spentTodayUsd: 0.25,
      budgetUsd: 5,
    }),
  });
  const access = { host: '127.0.0.1', allowedHosts: [], token };
  const server = await createHttpServer({ app, access, requestsPerMinute: 1_000, log: silentLogger, version: '0' });
  cleanups.push(() => server.close());
  return server.listen({ host: '127.0.0.1', port: 0 });
}

test('readiness lists a model that is down as degraded, and tickets are still accepted', async () => {
  const response = await fetch(`${await start(null)}/readyz`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ ready: true, degraded: [down] });
});

test('without the token the reason is not shown', async () => {
  const url = await start('the-right-one');
  const hidden = { ...down, why: 'shown with the token only' };
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ degraded: [hidden] });
  const trusted = await fetch(`${url}/readyz`, { headers: { authorization: 'Bearer the-right-one' } });
  expect(await trusted.json()).toMatchObject({ degraded: [down] });
});

test("metrics show the models, their calls and today's spend", async () => {
  const text = await (await fetch(`${await start(null)}/metrics`)).text();
  expect(text).toContain('switchboard_model_available{model="claude-haiku-5-5"} 0\n');
  expect(text).toContain('switchboard_model_calls_total{model="claude-haiku-5-5",outcome="access"} 2\n');
  expect(text).toContain('switchboard_spend_usd_today 0.25\n');
  expect(text).toContain('switchboard_budget_usd 5\n');
});
