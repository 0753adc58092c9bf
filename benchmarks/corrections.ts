// Measures how long the identical ticket is still decided wrong after a correction, and how its confidence changes, with
// the embedded engine of the sample company on an embedded store. The figures go to results/corrections.json. Needs no key.
//   npm run bench:corrections -- [checkout of another version, to measure that]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { readLabelledTickets } from '../src/config/labelled-tickets.ts';
import { percentile } from '../src/evaluation/metrics/percentile.ts';
import { loadTaxonomy } from '../src/taxonomy/parse-taxonomy.ts';
import { saveVersion } from './save-version.ts';

const TICKETS = 6;
const MAX_WAIT_MS = 20_000;
const PAUSE_MS = 50;

const root = join(import.meta.dirname, '..');
const measured = process.argv[2] ?? root;
const moduleOf = (path: string): Promise<unknown> => import(pathToFileURL(join(measured, path)).href);
// The same functions in every version.
const { createApp } = (await moduleOf('src/app.ts')) as typeof import('../src/app.ts');
const { loadConfig } = (await moduleOf('src/config/load-config.ts')) as typeof import('../src/config/load-config.ts');

const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-'));
const taxonomy = await loadTaxonomy(join(root, 'sample/taxonomy.yaml'));
const tickets = await readLabelledTickets({ file: join(root, 'sample/test.jsonl'), taxonomy });
const config = await loadConfig({
  cwd: root,
  file: join(root, 'sample/switchboard.yaml'),
  env: {},
  overrides: { classifier: 'local', dataDir },
});
const app = await createApp({ config });

type Measured = { waitMs: number; isRight: boolean; before: number; atOnce: number; lowest: number; trained: number };
const cases: Measured[] = [];
const actor = { kind: 'user', id: 'benchmark' } as const;
for (const { id, intent, subject, body } of tickets) {
  if (cases.length === TICKETS) break;
  const ask = async () => (await app.route({ subject, body })).classification;
  const before = await ask();
  // Only what is decided wrong needs a correction.
  if (intent === null || before.intent === intent) continue;
  const { ticketId } = await app.intake({ connector: 'api', ticket: { id, subject, body }, actor });
  await app.feedback({ ticketId, feedback: { intent }, actor });
  const startedAt = performance.now();
  let answer = await ask();
  const atOnce = answer.confidence;
  let lowest = atOnce;
  while (answer.intent !== intent && performance.now() - startedAt < MAX_WAIT_MS) {
    await setTimeout(PAUSE_MS);
    answer = await ask();
    lowest = Math.min(lowest, answer.confidence);
  }
  const waitMs = performance.now() - startedAt;
  // Waits for the training, so that the next ticket finds the engine at rest.
  await app.eraseTraces();
  const trained = (await ask()).confidence;
  cases.push({ waitMs, isRight: answer.intent === intent, before: before.confidence, atOnce, lowest, trained });
}
await app.close();
rmSync(dataDir, { recursive: true, force: true });

const waits = cases.map(({ waitMs }) => Math.round(waitMs));
const count = (test: (one: Measured) => boolean) => cases.filter(test).length;
saveVersion({
  name: 'corrections',
  checkout: measured,
  figures: {
    corrections: cases.length,
    waitedAtMostMs: MAX_WAIT_MS,
    untilDecidedRightMs: { p50: percentile(waits, 0.5), max: Math.max(...waits) },
    stillWrongAtTheEnd: count(({ isRight }) => !isRight),
    lowerConfidenceRightAfter: count(({ before, lowest }) => lowest < before),
    lowerConfidenceAfterTraining: count(({ before, trained }) => trained < before),
  },
});
