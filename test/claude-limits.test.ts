// What holds over restarts: one budget for the day.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { startFakeClaude } from '../src/testing/fake-claude.ts';
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
