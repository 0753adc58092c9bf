import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClaudeConnection } from '../../classifiers/claude/call/connection.ts';
import { createModelUse, type ModelUse } from '../../classifiers/model-api/model-account.ts';
import { ClassifierError } from '../../errors.ts';
import { type FakeClaude, startFakeClaude } from '../../testing/fake-claude.ts';
import { faults } from '../../testing/fake-claude-faults.ts';
import { sampleRun } from '../../testing/sample-run.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { judgeRun } from './judge-run.ts';
import { readJudgements } from './judgements.ts';

const tickets = Array.from({ length: 12 }, (_, i) => ({
  id: `t-${i}`,
  body: `I was charged ${i} times.`,
  intent: 'a',
}));
let fake: FakeClaude;
beforeEach(async () => {
  fake = await startFakeClaude({ answer: () => ({ reason: 'True to the ticket.', rating: 4 }) });
});
afterEach(() => fake.close());

/** Without waiting between attempts. */
const useWith = (dailyBudgetUsd: number | null = null) =>
  createModelUse({ dailyBudgetUsd, sleep: async () => undefined });
const judge = (path: string, use: ModelUse) =>
  judgeRun({
    run: sampleRun({ path, tickets }),
    tickets,
    judgements: [],
    model: 'claude-sonnet-5-5',
    connection: createClaudeConnection({ apiKey: 'test', baseUrl: fake.url, use }),
    prices: {},
    maxUsd: null,
  });

test('retries where that may help, keeps every rating, and records its cost', async () => {
  await using folder = await temporaryFolder();
  const use = useWith();
  fake.script(faults.overloaded(), { kind: 'drop' });
  const judging = await judge(folder.path, use);
  expect(judging).toMatchObject({ asked: 12, rated: 12, left: 0, stopped: null });
  expect(fake.messageRequests()).toHaveLength(14);
  const judgements = await readJudgements(folder.path);
  const costUsd = judgements.reduce((sum, one) => sum + one.costUsd, 0);
  expect(costUsd).toBeGreaterThan(0);
  expect(judging.spentUsd).toBeCloseTo(costUsd, 12);
  expect(await use.ledger.spentTodayUsd()).toBeCloseTo(costUsd, 12);
});

test('pauses calls to a model that keeps failing, as for tickets', async () => {
  await using folder = await temporaryFolder();
  fake.always(faults.overloaded());
  const error = await judge(folder.path, useWith()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ClassifierError);
  expect(error).toMatchObject({ classifier: 'claude-sonnet-5-5' });
  // Four at a time: the breaker opens with the fifth failure, and no second round follows.
  expect(fake.messageRequests().length).toBeLessThanOrEqual(8);
});

test('stops when the budget of the day is used up, and keeps what it has', async () => {
  await using folder = await temporaryFolder();
  const judging = await judge(folder.path, useWith(0.04));
  expect(judging.stopped).toBe('daily-budget');
  expect(judging.rated).toBeGreaterThan(0);
  expect(judging.left).toBe(12 - judging.rated);
  expect(await readJudgements(folder.path)).toHaveLength(judging.rated);
});
