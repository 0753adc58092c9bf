// The daily budget of a server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createApp } from '../src/app.ts';
import { silentLogger } from '../src/base/logger.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { startFakeClaude } from '../src/testing/fake-claude.ts';
import { createShopDir } from './cli-harness.ts';

// Opening a new store and training an engine take seconds each, and longer on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

/** The shop with these settings for Claude. Every ticket goes to Claude, as the embedded engine is never sure enough. */
async function claudeShop({ dir, url, claude }: { dir: string; url: string; claude: string }) {
  const file = join(dir, 'claude.yaml');
  writeFileSync(
    file,
    `taxonomy: taxonomy.yaml\nexamples: [examples.jsonl]\nclassifier: cascade\nteams: [{ id: triage, name: Triage }]\nconfidence: { targetPrecision: 0.999 }\nclaude: ${claude}\n`,
  );
  return loadConfig({ cwd: dir, file, env: { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: url } });
}

test.skipIf(!process.env.TEST_PROCESSES)(
  'spend of all processes is booked in the store, and a used-up budget stops calls and is reported',
  async () => {
    using dir = createShopDir();
    await using fake = await startFakeClaude();
    const config = await claudeShop({ dir: dir.path, url: fake.url, claude: '{ dailyBudgetUsd: 1 }' });
    const logged: unknown[] = [];
    const log = (facts: Record<string, unknown>) => void logged.push(facts);
    const app = await createApp({ config, logger: { ...silentLogger, warn: log, info: log } });
    const asked = await app.route({ body: 'qwertz uiop' });
    expect(asked.classification.costUsd).toBeGreaterThan(0);
    expect(await app.store.spend.todayUsd()).toBeCloseTo(asked.classification.costUsd, 9);
    expect((await app.health()).degraded).toEqual([]);

    // As another process would do for another purpose.
    await app.store.spend.reserve({ purpose: 'judge', model: 'claude-sonnet-5-5', usd: 1, limitUsd: null });
    for (let ticket = 0; ticket < 2; ticket += 1) {
      const { classification } = await app.route({ body: 'qwertz uiop' });
      expect(classification.stageReason).toContain('Claude gave no answer: the daily budget is used up.');
    }
    expect(fake.messageRequests()).toHaveLength(1);
    const { ready, degraded } = await app.health();
    expect({ ready, degraded }).toMatchObject({ ready: true, degraded: [{ part: 'budget' }] });
    const changes = logged.flatMap((facts) => z.object({ change: z.string() }).safeParse(facts).data?.change ?? []);
    expect(changes).toEqual(['budget-used-up']);
    expect(await app.modelStatus()).toMatchObject({
      models: [{ model: 'claude-haiku-5-5', available: true }],
      calls: [
        { outcome: 'answered', count: 1 },
        { outcome: 'budget', count: 2 },
      ],
      budgetUsd: 1,
    });
    await app.close();
  },
);
