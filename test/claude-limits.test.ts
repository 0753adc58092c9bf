// What a server makes of Claude's limits: a budget that outlives it, and failures that show.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createApp } from '../src/app.ts';
import { silentLogger } from '../src/base/logger.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { startFakeClaude } from '../src/testing/fake-claude.ts';
import { faults } from '../src/testing/fake-claude-faults.ts';
import { sampleClassification } from '../src/testing/sample-values.ts';
import { createShopDir } from './cli-harness.ts';

const actor = { kind: 'token', id: 'api' } as const;

// Opening a new store and training an engine are seconds of work each, and more where the machine is busy.
vi.setConfig({ testTimeout: 180_000 });

/** The shop with these settings for Claude, which is asked at every ticket: nothing is as sure as this wants it. */
async function claudeShop({ dir, url, claude }: { dir: string; url: string; claude: string }) {
  const file = join(dir, 'claude.yaml');
  writeFileSync(
    file,
    `taxonomy: taxonomy.yaml\nexamples: [examples.jsonl]\nclassifier: cascade\nteams: [{ id: triage, name: Triage }]\nconfidence: { targetPrecision: 0.999 }\nclaude: ${claude}\n`,
  );
  return loadConfig({ cwd: dir, file, env: { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: url } });
}

test('what was spent today still counts after a restart', async () => {
  using dir = createShopDir();
  await using fake = await startFakeClaude();
  const claude = '{ dailyBudgetUsd: 1 }';
  const config = await claudeShop({ dir: dir.path, url: fake.url, claude });
  const before = await createApp({ config });
  await before.intake({ connector: 'api', actor, ticket: { id: 't-1', body: 'dear' } });
  const classification = sampleClassification({ costUsd: 1 });
  await before.store.classifications.saveMany([{ ticketId: 't-1', revision: 1, classification }]);
  await before.close();

  const after = await createApp({ config });
  const result = await after.route({ body: 'qwertz uiop' });
  expect(result.classification.stageReason).toContain('the daily budget is used up');
  expect(fake.messageRequests()).toHaveLength(0);
  await after.close();
});

test('a Claude that is down shows in the health and in the log, once', async () => {
  using dir = createShopDir();
  await using fake = await startFakeClaude();
  const config = await claudeShop({ dir: dir.path, url: fake.url, claude: '{}' });
  const logged: unknown[] = [];
  const log = (facts: Record<string, unknown>) => void logged.push(facts);
  const app = await createApp({ config, logger: { ...silentLogger, warn: log, info: log } });
  const changes = () => logged.flatMap((facts) => z.object({ change: z.string() }).safeParse(facts).data?.change ?? []);
  fake.always(faults.unauthorised());
  for (let ticket = 0; ticket < 3; ticket += 1) await app.route({ body: 'qwertz uiop' });
  const { ready, degraded } = await app.health();
  expect({ ready, degraded }).toMatchObject({
    ready: true,
    degraded: [{ part: 'claude-haiku-5-5', why: 'the API key is refused (401 authentication_error)' }],
  });
  expect(changes()).toEqual(['model-down']);
  expect(logged).toContainEqual(expect.objectContaining({ model: 'claude-haiku-5-5', why: expect.any(String) }));
  const { models, calls } = await app.modelStatus();
  expect(models).toEqual([{ model: 'claude-haiku-5-5', available: false }]);
  expect(calls).toContainEqual({ model: 'claude-haiku-5-5', outcome: 'paused', count: 2 });
  await app.close();
});
