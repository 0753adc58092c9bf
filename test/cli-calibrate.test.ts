import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as anyTest, expect } from 'vitest';
import { startFakeClaude } from '../src/testing/fake-claude.ts';
import { shopExamples } from '../src/testing/small-taxonomy.ts';
import { createShopDir, runMain } from './cli-harness.ts';

/** Slow, so only with TEST_PROCESSES, which .ci/run sets. */
const test = anyTest.skipIf(!process.env.TEST_PROCESSES);

/** Writes labelled tickets, of which two are among the shop's examples. Returns the number of tickets. */
function writeTickets(folder: string): number {
  const varied = shopExamples().flatMap((example) => [
    { ...example, id: `a-${example.id}`, body: `Hello! ${example.body} Thank you for your help.` },
    { ...example, id: `b-${example.id}`, body: `Good morning, a question. ${example.body} Kind regards, Ana` },
  ]);
  const tickets = [...varied, ...shopExamples().slice(0, 2)];
  writeFileSync(join(folder, 'labelled.jsonl'), tickets.map((ticket) => `${JSON.stringify(ticket)}\n`).join(''));
  return tickets.length;
}

test('calibrate fits on labelled tickets, says what to expect, and later decisions use its result', async () => {
  using dir = createShopDir({ hasStore: false });
  const count = writeTickets(dir.path);
  const run = await runMain(['calibrate', '--dataset', 'labelled.jsonl', '--apply', '--json'], { cwd: dir.path });
  expect(run.code, run.stderr).toBe(0);
  const { leakage, engines } = JSON.parse(run.stdout);
  expect(run.stderr).toContain('No server runs on this data folder: the next one uses the result.');
  expect(run.stderr).not.toContain('evaluation.dataset');
  expect(leakage.dropped).toBe(2);
  expect(engines).toMatchObject([{ engine: 'local', cases: count }]);
  expect(engines[0].expected.coverage).toBeGreaterThan(0);
  expect(existsSync(engines[0].file)).toBe(true);
  expect(readdirSync(join(dir.path, '.switchboard', 'calibration'))).toEqual(['local.json']);

  const routed = await runMain(['route', '--json', '--text', 'I was charged twice'], { cwd: dir.path });
  expect(JSON.parse(routed.stdout).classification.versions.thresholds).toContain(engines[0].version);
});

test('calibrate writes to the data folder that --data names, and warns when evaluations use the same tickets', async () => {
  using dir = createShopDir({ hasStore: false });
  writeTickets(dir.path);
  const env = { SWITCHBOARD_EVALUATION__DATASET: 'labelled.jsonl' };
  const options = { cwd: dir.path, env };
  const run = await runMain(['calibrate', '--data', 'desk', '--dataset', 'labelled.jsonl'], options);
  expect(run.code, run.stderr).toBe(0);
  expect(readdirSync(join(dir.path, 'desk', 'calibration'))).toEqual(['local.json']);
  expect(run.stderr).toContain('These tickets are also those of `evaluation.dataset`');

  const again = await runMain(['calibrate', '--data', 'desk', '--dataset', 'labelled.jsonl'], options);
  expect([again.code, again.stdout]).toEqual([2, '']);
  expect(again.stderr).toContain('Nothing was replaced: there is no terminal to ask for a yes.');
  const forced = await runMain(['calibrate', '--data', 'desk', '--dataset', 'labelled.jsonl', '--yes'], options);
  expect(forced.stdout).toMatch(/The one in use \(fitted .* on 50 tickets\) answers /);

  const evaluated = await runMain(['evaluate', '--data', 'desk', '--criteria', 'calibration', '--json'], options);
  const { calibratedOn } = JSON.parse(evaluated.stdout);
  expect(calibratedOn.engines).toEqual(['local']);
  expect(calibratedOn.ids).toHaveLength(50);

  const listed = await runMain(['calibrations', 'list', '--data', 'desk', '--json'], options);
  expect(JSON.parse(listed.stdout)).toMatchObject({ dataFolder: [{ engine: 'local', setAside: null }], store: [] });
  const dropped = await runMain(['calibrations', 'drop', 'local', '--yes', '--data', 'desk'], options);
  expect([dropped.code, readdirSync(join(dir.path, 'desk', 'calibration'))]).toEqual([0, []]);
});

test('calibrate without a data set does not take that of evaluation.dataset', async () => {
  using dir = createShopDir({ hasStore: false });
  writeTickets(dir.path);
  const env = { SWITCHBOARD_EVALUATION__DATASET: 'labelled.jsonl' };
  const run = await runMain(['calibrate'], { cwd: dir.path, env });
  expect(run.code).not.toBe(0);
  expect(run.stderr).toMatch(/24 examples are too few to calibrate with.*--dataset labelled\.jsonl/);
});

test('calibrate refuses too few tickets and says how many are needed', async () => {
  using dir = createShopDir({ hasStore: false });
  writeFileSync(
    join(dir.path, 'few.jsonl'),
    `${JSON.stringify({ id: 't', body: 'Where is it?', intent: 'shipping' })}\n`,
  );
  const run = await runMain(['calibrate', '--dataset', 'few.jsonl'], { cwd: dir.path });
  expect(run.code).not.toBe(0);
  expect(run.stderr).toContain('at least 30');
});

test('calibrate of a cascade also fits Claude, and later decisions of Claude use its result', async () => {
  using dir = createShopDir({ hasStore: false });
  writeTickets(dir.path);
  // A Claude that is sure that every ticket is about billing, which is right for a quarter of them.
  const answer = {
    reasoning: 'Money.',
    words: [],
    intent: 'billing',
    urgency: 'normal',
    sentiment: 'neutral',
    certainty: 'sure',
  };
  const fake = await startFakeClaude({ answer: () => answer });
  try {
    const env = { ANTHROPIC_BASE_URL: fake.url, ANTHROPIC_API_KEY: 'test' };
    const options = { cwd: dir.path, env };
    const run = await runMain(
      ['calibrate', '--classifier', 'cascade', '--dataset', 'labelled.jsonl', '--json'],
      options,
    );
    expect(run.code, run.stderr).toBe(0);
    const { engines } = JSON.parse(run.stdout);
    expect(engines.map(({ engine }: { engine: string }) => engine)).toEqual(['local', 'claude']);
    expect(engines[1].accuracy).toBeLessThan(0.5);

    const routed = await runMain(
      ['route', '--classifier', 'claude', '--json', '--text', 'Where is my parcel?'],
      options,
    );
    const { classification } = JSON.parse(routed.stdout);
    expect(classification).toMatchObject({ intent: 'billing', stage: 'claude', abstained: true });
    expect(classification.versions.thresholds).toContain(engines[1].version);
  } finally {
    await fake.close();
  }
});
