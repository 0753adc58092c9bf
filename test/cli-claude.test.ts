// From the command line to a fake of Claude and back. Nothing here measures how well Claude classifies.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test as anyTest, beforeEach, describe, expect } from 'vitest';
import { type FakeClaude, startFakeClaude } from '../src/testing/fake-claude.ts';
import { faults } from '../src/testing/fake-claude-faults.ts';
import { createTempDir, runCli } from './cli-harness.ts';

/** For tests that start the whole program several times: only with TEST_PROCESSES, which .ci/run sets. */
const test = anyTest.skipIf(!process.env.TEST_PROCESSES);

const config = `
taxonomy: tree.yaml
examples: [examples.jsonl]
claude: { deadlineMs: 4000 }
teams: [{ id: triage, name: Triage }, { id: money, name: Money }]
routing: [{ name: money, when: { intent: billing }, then: { team: money } }]
`;
const tree = `
name: A shop
intents:
  - { id: billing, name: Billing, description: Money that was or will be charged. }
  - { id: orders, name: Orders, description: Where an order is. }
`;
const examples = [
  'I paid two times|billing',
  'Wrong amount on my bill|billing',
  'Where is my parcel|orders',
  'Not arrived yet|orders',
];
const answer = {
  reasoning: 'The customer was charged twice and wants the money back.',
  words: ['charged twice'],
  intent: 'billing',
  urgency: 'normal',
  sentiment: 'negative',
  certainty: 'sure',
};

let dir: ReturnType<typeof createTempDir>;
let fake: FakeClaude;
beforeEach(async () => {
  dir = createTempDir();
  writeFileSync(join(dir.path, 'switchboard.yaml'), config);
  writeFileSync(join(dir.path, 'tree.yaml'), tree);
  const lines = examples.map((line, at) => {
    const [body, intent] = line.split('|');
    return JSON.stringify({ id: `e-${at}`, body, intent });
  });
  writeFileSync(join(dir.path, 'examples.jsonl'), lines.join('\n'));
  fake = await startFakeClaude({ answer: () => answer });
});
afterEach(async () => {
  await fake.close();
  dir[Symbol.dispose]();
});

const route = (env: Record<string, string> = { ANTHROPIC_BASE_URL: fake.url, ANTHROPIC_API_KEY: 'test' }) =>
  runCli(['route', '--classifier', 'claude', '--json', '--text', 'I was charged twice'], { cwd: dir.path, env });

describe('switchboard route --classifier claude', () => {
  test('prints a classification with usage and cost', async () => {
    const run = await route();
    expect([run.code, run.stderr]).toEqual([0, expect.any(String)]);
    const result = JSON.parse(run.stdout);
    expect(result.classification).toMatchObject({
      intent: 'billing',
      stage: 'claude',
      model: 'claude-haiku-5-5',
      decidingWords: ['charged twice'],
      usage: { cacheWriteTokens: expect.any(Number) },
    });
    expect(result.classification.costUsd).toBeGreaterThan(0);
    expect(result.decision).toMatchObject({ team: 'money', rule: 'money' });
  });

  test('prints the classification of the embedded engine, with the reason, when Claude stalls', async () => {
    fake.always({ kind: 'stall-in-body' });
    const result = JSON.parse((await route()).stdout);
    expect(result.classification).toMatchObject({ stage: 'local' });
    expect(result.classification.stageReason).toContain('Claude gave no answer');
  });

  test('sends a ticket that Claude refuses to the triage team', async () => {
    fake.always({ kind: 'refusal', category: 'cyber' });
    const result = JSON.parse((await route()).stdout);
    expect(result.classification).toMatchObject({ abstained: true });
    expect(result.decision.team).toBe('triage');
  });

  test('decides without Claude when the spend limit of the account is reached', async () => {
    fake.always(faults.spendCap());
    const result = JSON.parse((await route()).stdout);
    expect(result.classification.stageReason).toContain('spend limit');
  });

  test('exits with 2 and says what to do when there is no key', async () => {
    const run = await route({});
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('ANTHROPIC_API_KEY is not set');
  });
});
