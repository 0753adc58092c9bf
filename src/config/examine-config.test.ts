import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigurationError, formatProblem } from '../errors.ts';
import { describeConfig } from './describe-config.ts';
import type { Environment } from './environment.ts';
import { examineConfig } from './examine-config.ts';
import { loadConfig } from './load-config.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-examine-'));
  await writeFile(join(dir, 'taxonomy.yaml'), 'name: Shop\nintents: [{ id: orders, name: Orders }]\n');
});
afterAll(() => rm(dir, { recursive: true }));

async function load(name: string, text: string, env: Environment = {}) {
  await writeFile(join(dir, name), text);
  return loadConfig({ cwd: dir, env, file: name });
}

async function problemsOf(...options: Parameters<typeof load>): Promise<string[]> {
  const error = await examineConfig(await load(...options)).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error === null) return [];
  if (!(error instanceof ConfigurationError)) throw error;
  return error.problems.map((problem) => formatProblem(problem).replaceAll(`${dir}/`, ''));
}

test('a secret without which serve refuses to start is named with the line that needs it', async () => {
  const text = `server:
  host: 0.0.0.0
classifier: claude
retrieval: { embedder: { type: voyage, model: voyage-4 } }
`;
  expect(await problemsOf('bare.yaml', text)).toEqual([
    'bare.yaml:2: server.host is "0.0.0.0", which other machines can reach, and SWITCHBOARD_TOKEN is not set. Set SWITCHBOARD_TOKEN to a long random text (for example from "openssl rand -hex 32"), or bind 127.0.0.1.',
    'bare.yaml:3: classifier is "claude" and ANTHROPIC_API_KEY is not set. Set it, or choose the classifier "auto" or "local".',
    'bare.yaml:4: retrieval.embedder is of the type voyage and VOYAGE_API_KEY is not set. Set it, or choose the embedder "embedded", which needs nothing.',
  ]);
  const secrets = { SWITCHBOARD_TOKEN: 'x'.repeat(16), ANTHROPIC_API_KEY: 'key', VOYAGE_API_KEY: 'key' };
  expect(await problemsOf('full.yaml', text, secrets)).toEqual([]);
  expect(await problemsOf('cascade.yaml', 'classifier: cascade\n')).toEqual([
    'cascade.yaml:1: classifier is "cascade" and ANTHROPIC_API_KEY is not set. Set it, or choose the classifier "auto" or "local".',
  ]);
  expect(await problemsOf('local.yaml', text.replace('claude', 'local'), secrets)).toEqual([]);
});

test('a package that the embedder needs is named, with the command that installs it', async () => {
  const text =
    'classifier: claude\nretrieval: { embedder: { type: transformers, model: Xenova/multilingual-e5-small } }\n';
  expect(await problemsOf('package.yaml', text, { ANTHROPIC_API_KEY: 'key' })).toEqual([
    'package.yaml:2: retrieval.embedder is of the type transformers, and the package @huggingface/transformers is not installed. Run, in the folder of Switchboard: npm install @huggingface/transformers@3. Or choose the embedder "embedded", which needs nothing.',
  ]);
  expect(await problemsOf('package-local.yaml', text.replace('claude', 'local'))).toEqual([]);
});

test('a folder that is a file, and a file that is a folder, are named', async () => {
  const text = `dataDir: ${join(dir, 'taxonomy.yaml')}
connectors: { api: { type: file, path: ${dir} },
  drop: { type: folder, path: taxonomy.yaml } }
`;
  expect(await problemsOf('places.yaml', text)).toEqual([
    'places.yaml:1: dataDir is taxonomy.yaml, which is not a folder. Name a folder; it is made when it is missing.',
    `places.yaml:2: connectors.api.path is ${dir}, which is a folder. Name a file in it.`,
    'places.yaml:3: connectors.drop.path is taxonomy.yaml, which is a file. Name the folder that files are put into.',
  ]);
});

test('missing files of the evaluation and mistakes in the others are named at once', async () => {
  await writeFile(join(dir, 'test.jsonl'), '{"id":"1","body":"x","intent":"order"}\n');
  const text = `evaluation:
  dataset:
    - test.jsonl
    - edge.jsonl
  adaptation:
    taxonomy: new.yaml
    train: train.jsonl
`;
  expect(await problemsOf('files.yaml', text)).toEqual([
    'files.yaml:4: evaluation.dataset[1]: there is no file edge.jsonl. Correct the path, or remove the line.',
    'files.yaml:6: evaluation.adaptation.taxonomy: there is no file new.yaml. Correct the path, or remove the line.',
    'files.yaml:7: evaluation.adaptation.train: there is no file train.jsonl. Correct the path, or remove the line.',
    'test.jsonl:1: intent: there is no intent "order". Did you mean "orders"?',
  ]);
  expect(await problemsOf('one.yaml', '\nevaluation: { dataset: nowhere.jsonl }\n')).toEqual([
    'one.yaml:2: evaluation.dataset: there is no file nowhere.jsonl. Correct the path, or remove the line.',
  ]);
});

test('an example that has an intent and is out of scope is named with its line', async () => {
  const lines = [
    '{"id":"1","body":"x","intent":"orders"}',
    '{"id":"2","body":"x","intent":"orders","outOfScope":true}',
  ];
  await writeFile(join(dir, 'both.jsonl'), lines.join('\n'));
  expect(await problemsOf('both.yaml', 'examples: [both.jsonl]')).toEqual([
    'both.jsonl:2: outOfScope: a ticket with an intent is not out of scope. Remove one of the two.',
  ]);
});

test('warns of a tier that is spelt almost like one in tickets or other rules', async () => {
  await writeFile(
    join(dir, 'tiers.jsonl'),
    '{"id":"1","body":"x","intent":"orders","requester":{"tier":"Enterprise"}}\n',
  );
  const rule = (name: string, tier: string) => `  - { name: ${name}, when: { tier: ${tier} }, then: { team: triage } }`;
  const config = await load(
    'tiers.yaml',
    `evaluation: { dataset: tiers.jsonl }
teams: [{ id: triage, name: Triage }]
routing:
${[rule('a', 'enterprize'), rule('b', 'business'), rule('c', '[busines, Business]'), rule('d', 'gold')].join('\n')}
`,
  );
  const { warnings } = describeConfig({ config, ...(await examineConfig(config)) });
  const ofTiers = warnings.filter(({ message }) => message.includes('tier'));
  expect(ofTiers.map((problem) => formatProblem(problem).replaceAll(`${dir}/`, ''))).toEqual([
    'tiers.yaml:4: the rule "a" needs the tier "enterprize", which no example and no other rule has. Did you mean "enterprise"?',
    'tiers.yaml:6: the rule "c" needs the tier "busines", which no example and no other rule has. Did you mean "business"?',
  ]);
});

test('calendars: unknown names, unknown regions and targets that are never due are problems, days a warning', async () => {
  const week = 'timeZone: Europe/Berlin, hours: { mon-fri: 09:00-17:00 }';
  const wrong = `slas: { p1: { firstResponse: 4h, calendar: ofice }, p2: { resolution: 30000d, calendar: office } }
calendars:
  office: { ${week} }
  munich: { ${week}, holidays: DE-XX }
`;
  const problems = await problemsOf('calendars.yaml', wrong.replace('ofice', 'office'));
  expect(problems).toEqual([
    expect.stringMatching(/^calendars\.yaml:4: no public holidays are known of "DE-XX"\. Use one of: .*BY/),
    'calendars.yaml:1: the target of slas.p2 is not reached within ten years of the hours of the calendar "office". Write a shorter time, or more hours.',
  ]);
  await expect(load('unknown.yaml', wrong)).rejects.toMatchObject({
    problems: [{ line: 1, message: 'slas.p1.calendar: there is no calendar "ofice"', cure: 'Did you mean "office"?' }],
  });
  const config = await load(
    'days.yaml',
    `slas: { p2: { firstResponse: 4h, resolution: 2d, calendar: office } }\ncalendars: { office: { ${week} } }\n`,
  );
  const { warnings } = describeConfig({ config, ...(await examineConfig(config)) });
  expect(warnings.map(({ message }) => message)).toContain(
    'the resolution of "p2" is due after 48 open hours, which are 1.2 weeks of the calendar "office"',
  );
});
