import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findOpenEntries } from '../../base/private-files.ts';
import { scriptedClassifier } from '../../testing/scripted-classifier.ts';
import { shopExamples, shopIntents, shopQuestions, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { hashTickets } from '../dataset/load-dataset.ts';
import { type Evaluation, evaluate } from '../evaluate.ts';
import { renderJunit, writeJunit } from '../export/junit.ts';
import { html } from './html.ts';
import { confusionPlots } from './plots/confusion-tree.ts';
import { writeReport } from './write-report.ts';

const hostile = '<script>alert("x")</script><img src="https://elsewhere.example/x.png"> & more';
const tickets = [
  ...shopQuestions.map((question, i) => ({ id: `q-${i}`, ...question })),
  // A body is read as HTML and reduced to its text; a subject is shown unchanged.
  { id: 'hostile', subject: hostile, body: 'Refund, please.', intent: 'billing' },
];

function evaluateShop(runsDir: string): Promise<Evaluation> {
  return evaluate({
    subject: {
      engine: { kind: 'scripted', why: 'a test' },
      taxonomy: smallTaxonomy(shopIntents),
      taxonomyFile: null,
      examples: shopExamples(),
      build: async () =>
        scriptedClassifier(({ id }) => ({
          intent: id === 'hostile' ? 'returns' : (tickets.find((ticket) => ticket.id === id)?.intent ?? null),
          confidence: 0.8,
          reasoning: 'Because <b>so</b>.',
          nearestExamples: [{ id: 'billing-1', intent: 'billing', similarity: 0.5 }],
        })),
      settings: {},
      routing: null,
    },
    dataset: { files: [{ path: 'q.jsonl', sha256: hashTickets(tickets), tickets: tickets.length }], tickets },
    required: ['routing-accuracy', 'cost'],
    runsDir,
    codeVersion: '0.0.0',
  });
}

test('the page needs no other file, gives the verdict, and never uses ticket text as markup', async () => {
  await using folder = await temporaryFolder();
  const evaluation = await evaluateShop(join(folder.path, 'runs'));
  const page = await readFile(await writeReport({ dir: join(folder.path, 'out'), evaluation }), 'utf8');
  await writeJunit({ file: join(folder.path, 'ci/junit.xml'), evaluation });
  // Runs and reports quote tickets: no other account reads them.
  expect(await findOpenEntries(folder.path)).toEqual([]);
  expect(page).not.toMatch(/<(script|img|link|iframe)\b/i);
  expect(page).not.toMatch(/(src|href)="(?!#)/);
  expect(page).not.toMatch(/url\(|@import/);
  expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
  expect(page).toContain('Because &lt;b&gt;so&lt;/b&gt;.');
  expect(page).toContain('Not yet: 0 of 2 required criteria passed');
  expect(page).toContain('I was charged twice for the same invoice'); // the nearest example, in its own words
  expect(page).toContain('prefers-color-scheme: dark');
  expect(page).toContain('@media print');
});

test('report.json has the figures, the matrix and the failures with their texts', async () => {
  await using folder = await temporaryFolder();
  const evaluation = await evaluateShop(join(folder.path, 'runs'));
  await writeReport({ dir: folder.path, evaluation });
  const report = JSON.parse(await readFile(join(folder.path, 'report.json'), 'utf8'));
  expect(report).toMatchObject({
    count: 9,
    correct: 8,
    confusion: { labels: ['billing', 'password-reset', 'returns', 'shipping'] },
    failures: [{ id: 'hostile', expected: 'billing', predicted: 'returns', text: `${hostile}\nRefund, please.` }],
    manifest: { classifier: { kind: 'scripted' } },
  });
});

test('a large tree folds into its groups, the worst open', () => {
  const leaves = Array.from({ length: 10 }, (_, group) =>
    Array.from({ length: 12 }, (_, i) => `g${group}/i${i}`),
  ).flat();
  const judged = leaves.flatMap((expected, i) => [
    { expected, predicted: expected },
    { expected, predicted: i === 3 ? 'g5/i0' : i === 4 ? 'g0/i5' : expected },
  ]);
  const { markup } = confusionPlots({ judged, order: leaves });
  expect(markup.match(/<svg/g)).toHaveLength(11);
  expect(markup).toContain('120 intents in 10 groups');
  expect(markup.indexOf('g0 <span class="quiet">24 tickets, 2 wrong')).toBeGreaterThan(0);
  expect(confusionPlots({ judged: judged.slice(0, 40), order: leaves }).markup.match(/<svg/g)).toHaveLength(1);
});

test('JUnit fails what is required and not passed, and skips the rest', async () => {
  await using folder = await temporaryFolder();
  const { result } = await evaluateShop(folder.path);
  const xml = renderJunit(result!);
  expect(xml).toContain('tests="12" failures="2"');
  expect(xml).toMatch(/name="routing-accuracy: Routing accuracy">\s*<failure type="missed"/);
  expect(xml).toMatch(/name="cost: Cost">\s*<failure type="not-measured"/);
  expect(xml).toMatch(/name="bias: Bias">\s*<skipped/);
  expect(xml).toContain('Failed tickets: hostile');
  expect(xml.match(/<testcase/g)).toHaveLength(12);
});

test('markup escapes every value but markup', () => {
  const inner = html`<b>${'<i>'}</b>`;
  expect(html`<p title="${'"'}">${inner}${['a', inner]}${null}${3}</p>`.markup).toBe(
    '<p title="&quot;"><b>&lt;i&gt;</b>a<b>&lt;i&gt;</b>3</p>',
  );
});
