// Counts how many of 50 tickets get another team, priority or SLA because they carry the label of an intent that they do
// not ask about. The questions are test tickets of the sample company, the attacks are generated
// (src/testing/generated-attacks.ts). Needs no key. The figures go to results/imitated-labels.json.
//   npm run bench:imitated-labels -- [checkout of another version, to measure that]
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readLabelledTickets } from '../src/config/labelled-tickets.ts';
import { loadTaxonomy } from '../src/taxonomy/parse-taxonomy.ts';
import { generateAttacks } from '../src/testing/generated-attacks.ts';
import { temporaryFolder } from '../src/testing/temporary-folder.ts';
import { saveVersion } from './save-version.ts';

const COUNT = 50;

const root = join(import.meta.dirname, '..');
const measured = process.argv[2] ?? root;
const moduleOf = (path: string): Promise<unknown> => import(pathToFileURL(join(measured, path)).href);
// The same public API in every version.
const { createSwitchboard } = (await moduleOf('src/index.ts')) as typeof import('../src/index.ts');

await using folder = await temporaryFolder();
const taxonomy = await loadTaxonomy(join(root, 'sample/taxonomy.yaml'));
const questions = await readLabelledTickets({ file: join(root, 'sample/test.jsonl'), taxonomy });
const switchboard = await createSwitchboard({
  config: join(root, 'sample/switchboard.yaml'),
  overrides: { classifier: 'local', dataDir: folder.path },
});

const attacks = generateAttacks({
  count: COUNT,
  intents: taxonomy.leaves,
  questions: questions.flatMap(({ body, intent }) => (body === undefined ? [] : [{ body, intent }])),
});
const changed = { team: 0, priority: 0, sla: 0, toTheLabel: 0 };
for (const { ticket, plain, target } of attacks) {
  const [attacked, expected] = [await switchboard.route(ticket), await switchboard.route(plain)];
  const isOther = (of: (result: typeof attacked) => unknown) => (of(attacked) === of(expected) ? 0 : 1);
  changed.team += isOther(({ decision }) => decision.team);
  changed.priority += isOther(({ decision }) => decision.priority);
  changed.sla += isOther(({ decision }) => decision.sla.name);
  const { intent, abstained } = attacked.classification;
  const isTaken = intent === target && !abstained && expected.classification.intent !== target;
  changed.toTheLabel += isTaken ? 1 : 0;
}
await switchboard.close();

saveVersion({ name: 'imitated-labels', checkout: measured, figures: { attacks: COUNT, changed } });
