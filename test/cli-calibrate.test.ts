import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shopExamples } from '../src/testing/small-taxonomy.ts';
import { createShopDir, runCli } from './cli-harness.ts';

/** Labelled tickets that the shop's examples do not have, and some that they do. */
function writeTickets(folder: string): number {
  const varied = shopExamples().flatMap((example) => [
    { ...example, id: `a-${example.id}`, body: `Hello! ${example.body} Thank you for your help.` },
    { ...example, id: `b-${example.id}`, body: `Good morning, a question. ${example.body} Kind regards, Ana` },
  ]);
  const tickets = [...varied, ...shopExamples().slice(0, 2)];
  writeFileSync(join(folder, 'labelled.jsonl'), tickets.map((ticket) => `${JSON.stringify(ticket)}\n`).join(''));
  return tickets.length;
}

test('calibrate fits on labelled tickets, says what to expect, and is used from then on', async () => {
  using dir = createShopDir();
  const count = writeTickets(dir.path);
  const run = await runCli(['calibrate', '--dataset', 'labelled.jsonl', '--json'], { cwd: dir.path });
  expect(run.code, run.stderr).toBe(0);
  const { leakage, engines } = JSON.parse(run.stdout);
  expect(leakage.dropped).toBe(2);
  expect(engines).toMatchObject([{ engine: 'local', cases: count }]);
  expect(engines[0].expected.coverage).toBeGreaterThan(0);
  expect(existsSync(engines[0].file)).toBe(true);
  expect(readdirSync(join(dir.path, '.switchboard', 'calibration'))).toEqual(['local.json']);

  const routed = await runCli(['route', '--json', '--text', 'I was charged twice'], { cwd: dir.path });
  expect(JSON.parse(routed.stdout).classification.versions.thresholds).toContain(engines[0].version);
});

test('calibrate refuses too few tickets and says how many are needed', async () => {
  using dir = createShopDir();
  writeFileSync(
    join(dir.path, 'few.jsonl'),
    `${JSON.stringify({ id: 't', body: 'Where is it?', intent: 'shipping' })}\n`,
  );
  const run = await runCli(['calibrate', '--dataset', 'few.jsonl'], { cwd: dir.path });
  expect(run.code).not.toBe(0);
  expect(run.stderr).toContain('at least 30');
});
