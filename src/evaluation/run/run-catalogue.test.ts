import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NotFoundError } from '../../errors.ts';
import { evaluatedFolder } from '../../testing/evaluated-folder.ts';
import { openRunCatalogue } from './run-catalogue.ts';

test('lists runs, the newest first, and leaves out what is no run', async () => {
  await using folder = await evaluatedFolder();
  const runs = openRunCatalogue(folder.config);
  expect(await runs.list({ limit: 10 })).toEqual({ total: 0, items: [] });
  const first = await folder.run({ wrong: [1, 2] });
  const second = await folder.run({ wrong: [], stopsAt: 5 });
  await mkdir(join(runs.folder, 'damaged'));
  await writeFile(join(runs.folder, 'damaged', 'manifest.json'), '{"id":');
  const { total, items } = await runs.list({ limit: 10 });
  expect(total).toBe(2);
  expect(new Set(items.map(({ run }) => run))).toEqual(new Set([first, second]));
  expect(items.find(({ run }) => run === first)).toMatchObject({ complete: true, tickets: 40, criteria: 2 });
  expect(items.find(({ run }) => run === second)).toMatchObject({ complete: false, accuracy: null });
  expect(items[0]?.dataset).toBe(items[1]?.dataset);
  expect((await runs.list({ limit: 1 })).items).toHaveLength(1);
});

test('a run that goes on is summed up again', async () => {
  await using folder = await evaluatedFolder();
  const runs = openRunCatalogue(folder.config);
  const id = await folder.run({ wrong: [], stopsAt: 3 });
  const [before] = (await runs.list({ limit: 1 })).items;
  const answer = (await runs.get(id)).answers;
  await appendFile(join(runs.folder, id, 'answers.jsonl'), await oneMoreAnswer(join(runs.folder, id)));
  const [after] = (await runs.list({ limit: 1 })).items;
  expect(after?.answers).toBe((before?.answers ?? 0) + 1);
  expect((await runs.get(id)).answers).toBe(answer + 1);
});

async function oneMoreAnswer(path: string): Promise<string> {
  const [line = '{}'] = (await readFile(join(path, 'answers.jsonl'), 'utf8')).split('\n');
  return `${JSON.stringify({ ...JSON.parse(line), ticketId: 't-39' })}\n`;
}

test('shows a run by the beginning of its id, and says when there is none', async () => {
  await using folder = await evaluatedFolder();
  const runs = openRunCatalogue(folder.config);
  const id = await folder.run({ wrong: [1, 2] });
  const run = await runs.get(id.slice(0, 12));
  expect(run.manifest.id).toBe(id);
  expect(run.score?.accuracy?.value).toBeCloseTo(38 / 40, 10);
  expect(run.gate).toMatchObject({
    passed: false,
    missing: expect.any(Array),
    leftOut: expect.arrayContaining(['cost']),
  });
  expect(run.scales['response-time']).toEqual({ unit: 'milliseconds', better: 'lower' });
  await expect(runs.get('20200101')).rejects.toThrow(NotFoundError);
  await expect(runs.get('../evaluations')).rejects.toThrow(NotFoundError);
});

test('makes the report of a complete run, in which texts of tickets are no markup', async () => {
  await using folder = await evaluatedFolder();
  const runs = openRunCatalogue(folder.config);
  const report = await runs.report(await folder.run({ wrong: [1, 2] }));
  expect(report).toContain('May it go live? A shop');
  expect(report).toContain('number 1');
  expect(report).not.toContain('<b>ticket</b>');
  await expect(runs.report(await folder.run({ wrong: [], stopsAt: 5 }))).rejects.toMatchObject({ code: 'conflict' });
});

test('makes no report, and no comparison, of tickets that have changed since', async () => {
  await using folder = await evaluatedFolder();
  const runs = openRunCatalogue(folder.config);
  const first = await folder.run({ wrong: [1] });
  await appendFile(folder.dataset, '\n{"id":"t-new","body":"Another","intent":"orders"}');
  await expect(runs.report(first)).rejects.toThrow(/has changed since/);
  const second = await folder.run({ wrong: [1] });
  await expect(runs.compare({ first, second })).rejects.toThrow(/are about different tickets/);
  await writeFile(folder.dataset, '');
  await expect(runs.report(second)).rejects.toMatchObject({ code: 'invalid-input' });
});

test('compares two runs', async () => {
  await using folder = await evaluatedFolder();
  const runs = openRunCatalogue(folder.config);
  const first = await folder.run({ wrong: Array.from({ length: 12 }, (_, i) => i) });
  const second = await folder.run({ wrong: [] });
  expect(await runs.compare({ first, second })).toMatchObject({ verdict: 'second-better', count: 40 });
});
