import { expect, test } from 'vitest';
import type { HttpApp } from './http-app.ts';
import { createServerMetrics } from './server-metrics.ts';

const app = {
  health: async () => ({
    ready: true,
    queue: { waiting: 3, oldestSeconds: 31.5, active: 0 },
    worker: { running: false },
    engine: { kind: 'none' },
    examples: 0,
    helpdesks: [{ connector: 'desk', polledAt: '2026-11-27T10:00:00.500Z', isCaughtUp: false }],
    refusedWebhooks: [
      { connector: 'desk', today: 1, total: 4, lastAt: '2026-11-27T10:00:00.000Z', lastWhy: 'a header is missing' },
      { connector: null, today: 2, total: 2, lastAt: '2026-11-27T10:00:00.000Z', lastWhy: 'there is none' },
    ],
  }),
  modelStatus: async () => ({ models: [], calls: [], spentTodayUsd: null, budgetUsd: null }),
  review: { counts: async () => ({ abstained: 7, unsure: 0, moved: 0, correction: 0, example: 0 }) },
  store: { counters: { all: async () => [] } },
} as unknown as HttpApp; // The cast: metrics need no more of it.

test('shows how many tickets wait and how long the oldest has', async () => {
  const metrics = createServerMetrics({ app, version: '1.0.0' });
  const text = await metrics.format();
  metrics.close();
  expect(text).toMatch(/^switchboard_queue_waiting 3$/m);
  expect(text).toMatch(/^switchboard_queue_oldest_seconds 31\.5$/m);
});

test('shows what waits for people, by kind', async () => {
  const metrics = createServerMetrics({ app, version: '1.0.0' });
  const text = await metrics.format();
  metrics.close();
  expect(text).toMatch(/^switchboard_review_waiting\{kind="abstained"\} 7$/m);
  expect(text).toMatch(/^switchboard_review_waiting\{kind="example"\} 0$/m);
});

test('shows when each helpdesk was read, and whether older changes are still being read', async () => {
  const metrics = createServerMetrics({ app, version: '1.0.0' });
  const text = await metrics.format();
  metrics.close();
  expect(text).toContain('switchboard_helpdesk_read_timestamp_seconds{connector="desk"} 1795773600.5');
  expect(text).toContain('switchboard_helpdesk_caught_up{connector="desk"} 0');
});

test('shows how long the event loop was held since the last scrape', async () => {
  const metrics = createServerMetrics({ app, version: '1.0.0' });
  const read = async (name: string) => {
    const [, value] =
      new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)$`, 'm').exec(await metrics.format()) ?? [];
    return Number(value);
  };
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await pause(20);
  const until = performance.now() + 150;
  while (performance.now() < until);
  await pause(20);
  expect(await read('max')).toBeGreaterThan(0.1);
  metrics.close();
});

test('counts the webhooks that were not accepted, by connector', async () => {
  const metrics = createServerMetrics({ app, version: '1.0.0' });
  const text = await metrics.format();
  metrics.close();
  expect(text).toContain('switchboard_webhooks_refused_total{connector="desk"} 4');
  expect(text).toContain('switchboard_webhooks_refused_total{connector=""} 2');
});
