import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { noCalibrations } from '../classifiers/calibration/calibrations.ts';
import { createClaudeConnection } from '../classifiers/claude/call/connection.ts';
import { createModelUse } from '../classifiers/model-api/model-account.ts';
import { loadConfig } from '../config/load-config.ts';
import { chargedTwice, indexOf, localAnswering, shopTaxonomy } from '../testing/claude-fixtures.ts';
import { type FakeClaude, startFakeClaude } from '../testing/fake-claude.ts';
import { buildCascade } from './build-cascade.ts';

let fake: FakeClaude;
beforeEach(async () => {
  fake = await startFakeClaude();
  // Only our own timers are fake: sockets and the event loop work as usual.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await fake.close();
});

test('Claude and a second opinion that both stall end within the one time limit of the ticket', async () => {
  const config = await loadConfig({
    cwd: '/',
    env: { ANTHROPIC_API_KEY: 'test' },
    value: { classifier: 'cascade', claude: { deadlineMs: 10_000, secondOpinion: 'claude-sonnet-5-5' } },
  });
  fake.always({ kind: 'stall-before-headers' });
  const cascade = buildCascade({
    config,
    calibrations: noCalibrations,
    local: localAnswering({ abstained: true, abstainReason: 'not sure' }),
    index: indexOf([]),
    connection: createClaudeConnection({
      apiKey: 'test',
      baseUrl: fake.url,
      use: createModelUse({ sleep: async () => undefined }),
    }),
  });
  const asked = cascade.classify({ ticket: chargedTwice, taxonomy: shopTaxonomy });
  for (const [at, ms] of [5_000, 2_500, 2_500].entries()) {
    while (fake.messageRequests().length <= at) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(ms);
  }
  const classification = await asked;
  expect(classification).toMatchObject({ abstained: true, stage: 'local', latencyMs: 10_000 });
  expect(classification.stageReason).toMatch(
    /Claude gave no answer: no .*The second opinion \(claude-sonnet-5-5\) gave no answer: no /,
  );
});
