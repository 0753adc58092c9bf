import { describe, expect, test } from 'vitest';
import { scriptedClassifier } from '../../testing/scripted-classifier.ts';
import { shopExamples, shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { hashTickets } from '../dataset/load-dataset.ts';
import { evaluate } from '../evaluate.ts';
import { readRun, type StoredRun } from '../run/run-folder.ts';
import { summariseRuns } from '../run/summarise-runs.ts';
import { compareRuns } from './compare-runs.ts';

const tickets: LabelledTicket[] = Array.from({ length: 60 }, (_, i) => ({
  id: `t-${i}`,
  body: `ticket number ${i}`,
  intent: 'billing',
}));

/** A run in which the tickets of these numbers are wrong. */
async function runWith(runsDir: string, wrong: readonly number[], costUsd = 0): Promise<StoredRun> {
  const ids = new Set(wrong.map((i) => `t-${i}`));
  const { manifest } = await evaluate({
    subject: {
      engine: { kind: 'scripted', why: 'a test' },
      taxonomy: smallTaxonomy(shopIntents),
      taxonomyFile: null,
      examples: shopExamples(),
      build: async () =>
        scriptedClassifier(({ id }) => ({ intent: ids.has(id) ? 'returns' : 'billing', confidence: 0.9, costUsd })),
      settings: {},
      routing: null,
    },
    dataset: { files: [{ path: 't.jsonl', sha256: hashTickets(tickets), tickets: 60 }], tickets },
    criteria: [],
    runsDir,
    codeVersion: '0.0.0',
  });
  return readRun({ runsDir, id: manifest.id });
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('comparing two runs', () => {
  test('names the better one when chance is unlikely to do the same', async () => {
    await using folder = await temporaryFolder();
    const first = await runWith(folder.path, range(0, 13), 0);
    const second = await runWith(folder.path, [0, 1, 40], 0.01);
    const comparison = compareRuns({ first, second, tickets });
    // 11 became right, 1 wrong: 2 · (1 + 12) / 2^12.
    expect(comparison.mcNemar).toMatchObject({ onlyFirst: 1, onlySecond: 11, pValue: expect.closeTo(26 / 4096, 10) });
    expect(comparison).toMatchObject({ verdict: 'second-better', count: 60 });
    expect(comparison.difference?.value).toBeCloseTo(10 / 60, 10);
    expect(comparison.fixed.map(({ id }) => id)).toEqual(range(2, 13).map((i) => `t-${i}`));
    expect(comparison.broken).toEqual([{ id: 't-40', expected: 'billing', first: 'billing', second: 'returns' }]);
    expect(comparison.second.perTicketUsd).toBeCloseTo(0.01, 10);
    expect(compareRuns({ first: second, second: first, tickets }).verdict).toBe('first-better');
  });

  test('says plainly when the set is too small to tell', async () => {
    await using folder = await temporaryFolder();
    const first = await runWith(folder.path, range(0, 4));
    const second = await runWith(folder.path, [0]);
    const comparison = compareRuns({ first, second, tickets });
    expect(comparison.verdict).toBe('no-difference-shown');
    // Three changed tickets can never show anything; six, all the same way, are the fewest that do.
    expect(comparison.detectable).toBeCloseTo(6 / 60, 10);
    expect(comparison.why).toBe(
      'No difference is shown. Of 60 tickets, 3 became right and 0 became wrong; two equally good engines differ this much in 25 % of comparisons. The second run may be up to 11.7 points better. The data set is too small to show a difference below 10 points.',
    );
  });

  test('cost is that of all answers, as evaluate shows it, with the tickets out of scope', async () => {
    await using folder = await temporaryFolder();
    const cheap = await runWith(folder.path, [], 0.01);
    const answers = cheap.answers.map((answer) =>
      answer.ticketId === 't-0' && answer.classification !== null
        ? { ...answer, classification: { ...answer.classification, costUsd: 0.61 } }
        : answer,
    );
    const first = { ...cheap, answers };
    const outside = tickets.map((ticket) =>
      ticket.id === 't-0' ? { ...ticket, intent: null, outOfScope: true } : ticket,
    );
    const comparison = compareRuns({ first, second: cheap, tickets: outside });
    expect(comparison.count).toBe(59);
    expect(comparison.first.perTicketUsd).toBeCloseTo(0.02, 10);
  });

  test('runs with other calibrations differ in them', async () => {
    await using folder = await temporaryFolder();
    const first = await runWith(folder.path, []);
    const manifest = { ...first.manifest, calibrations: [{ engine: 'local', version: 'abc' }] };
    const comparison = compareRuns({ first, second: { ...first, manifest }, tickets });
    expect(comparison.differences).toEqual(['calibrations']);
  });

  test('a run does not differ from itself', async () => {
    await using folder = await temporaryFolder();
    const run = await runWith(folder.path, [1, 2]);
    expect(compareRuns({ first: run, second: run, tickets })).toMatchObject({
      verdict: 'no-difference-shown',
      mcNemar: { pValue: 1 },
      differences: [],
    });
  });
});

test('the list of runs has each with its figures', async () => {
  await using folder = await temporaryFolder();
  await runWith(folder.path, [0, 1, 2], 0.5);
  expect(await summariseRuns(folder.path)).toMatchObject([
    { classifier: 'scripted', tickets: 60, answers: 60, complete: true, accuracy: { value: 0.95 }, spentUsd: 30 },
  ]);
  expect(await summariseRuns(`${folder.path}/nothing`)).toEqual([]);
});
