import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleClassification } from '../../testing/sample-values.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { eraseFromRuns } from './erase-from-runs.ts';

const line = (value: object) => `${JSON.stringify(value)}\n`;
const answer = (ticketId: string) => ({
  ...{ trial: 'main', ticketId, outcome: 'answered', error: null, elapsedMs: 1 },
  classification: sampleClassification({ reasoning: `It quotes the words of ${ticketId}` }),
});

/** A folder with one run about the tickets "one" and "two"; "two" is by Bo. */
async function openRuns() {
  const folder = await temporaryFolder();
  const runsDir = join(folder.path, 'runs');
  const path = join(runsDir, '20261122-100000-abcd');
  const dataset = join(folder.path, 'test.jsonl');
  await mkdir(path, { recursive: true });
  await writeFile(
    dataset,
    line({ id: 'one', body: 'a', intent: 'a/b' }) +
      line({ id: 'two', body: 'b', intent: 'a/b', requester: { email: 'Bo@Example.com' } }),
  );
  const manifest = {
    ...{ id: '20261122-100000-abcd', startedAt: '2026-11-22T10:00:00.000Z', codeVersion: '0', nodeVersion: 'v26' },
    ...{ classifier: { kind: 'local', why: '' }, settings: '', taxonomy: { file: null, name: '', version: '' } },
    dataset: [{ path: dataset, sha256: '', tickets: 2 }],
    ...{ examples: { count: 0, sha256: '' }, leakage: { dropped: 0, byId: 0, byGroup: 0, byText: 0 } },
    ...{ seed: 1, criteria: [], timeLimitMs: 1 },
  };
  await writeFile(join(path, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(path, 'answers.jsonl'), line(answer('one')) + line(answer('two')));
  await writeFile(join(path, 'ratings.jsonl'), line({ ticketId: 'two', rater: 'ana', rating: 1, comment: 'of two' }));
  await writeFile(
    join(path, 'result.json'),
    JSON.stringify({
      count: 2,
      failures: [
        { id: 'one', reasoning: 'words of one' },
        { id: 'two', reasoning: 'words of two' },
      ],
      criteria: [{ id: 'bias', failed: ['one', 'two'] }],
    }),
  );
  await writeFile(join(path, 'report.html'), '<p>words of two</p>');
  return {
    runsDir,
    path,
    dataset,
    run: '20261122-100000-abcd',
    /** Everything in the run's folder. */
    text: async () =>
      (await Promise.all((await readdir(path)).map((name) => readFile(join(path, name), 'utf8')))).join('\n'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test('answers, ratings, failures and the report of a requester are removed; figures and other tickets stay', async () => {
  await using runs = await openRuns();
  const { runsDir, run, path, dataset } = runs;
  const erase = () => eraseFromRuns({ runsDir, ticketIds: [], requester: 'bo@example.COM' });
  expect(await erase()).toEqual({ runs: [run], busy: [], datasetFiles: [dataset] });
  const text = await runs.text();
  expect(text).not.toContain('two');
  expect(text).toContain('It quotes the words of one');
  expect(JSON.parse(await readFile(join(path, 'result.json'), 'utf8'))).toEqual({
    count: 2,
    failures: [{ id: 'one', reasoning: 'words of one' }],
    criteria: [{ id: 'bias', failed: ['one'] }],
  });
  expect(await readdir(path)).not.toContain('report.html');
  expect((await erase()).runs).toEqual([]);
});

test('a ticket is found by its id, also in half a line that a killed process left', async () => {
  await using runs = await openRuns();
  await writeFile(runs.dataset, '');
  await appendFile(join(runs.path, 'answers.jsonl'), '{"trial":"main","ticketId":"two","classification":{"reas');
  const erased = await eraseFromRuns({ runsDir: runs.runsDir, ticketIds: ['two'], requester: null });
  expect(erased).toEqual({ runs: [runs.run], busy: [], datasetFiles: [] });
  expect(await runs.text()).not.toContain('two');
});

test('a run without these tickets is not changed at all, and a missing folder is not an error', async () => {
  await using runs = await openRuns();
  const before = await runs.text();
  const nobody = { ticketIds: ['three'], requester: 'nobody@example.com' };
  expect(await eraseFromRuns({ runsDir: runs.runsDir, ...nobody })).toEqual({ runs: [], busy: [], datasetFiles: [] });
  expect(await runs.text()).toBe(before);
  expect((await eraseFromRuns({ runsDir: join(runs.runsDir, 'none'), ...nobody })).runs).toEqual([]);
});

test('a run that another process works on is reported and not changed', async () => {
  await using runs = await openRuns();
  await writeFile(join(runs.path, 'lock'), `${process.ppid}`);
  const erased = await eraseFromRuns({ runsDir: runs.runsDir, ticketIds: ['two'], requester: null });
  expect(erased).toMatchObject({ runs: [], busy: [runs.run] });
  expect(await runs.text()).toContain('words of two');
});
