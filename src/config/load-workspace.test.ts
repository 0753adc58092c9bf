import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigurationError, formatProblem } from '../errors.ts';
import { parseTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { describeConfig } from './describe-config.ts';
import { parseLabelledTickets, readLabelledTickets } from './labelled-tickets.ts';
import { loadConfig } from './load-config.ts';
import { loadWorkspace, withStoredExamples, withTaxonomy } from './load-workspace.ts';

const taxonomyText = `name: Shop
intents:
  - id: orders
    name: Orders
    children:
      - { id: orders/returns, name: Returns, examples: [Send it back, Refund me] }
      - { id: orders/status, name: Status }
  - { id: complaints, name: Complaints }
`;
const taxonomy = parseTaxonomy({ text: taxonomyText, file: 't.yaml' });

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-workspace-'));
  await writeFile(join(dir, 'taxonomy.yaml'), taxonomyText);
});
afterAll(() => rm(dir, { recursive: true }));

async function configOf(name: string, text: string, files: Record<string, string> = {}) {
  await writeFile(join(dir, name), text);
  for (const [file, content] of Object.entries(files)) await writeFile(join(dir, file), content);
  return loadConfig({ cwd: dir, env: {}, file: name });
}

async function problemsOf(work: () => Promise<unknown> | unknown): Promise<string[]> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.problems.map((p) => formatProblem(p).replaceAll(`${dir}/`, ''));
    throw error;
  }
  return [];
}

test('examples come from files and from the leaves of the taxonomy; out-of-scope tickets are no examples', async () => {
  const config = await configOf('good.yaml', 'examples: [good.jsonl]', {
    'good.jsonl':
      '{"id":"1","body":"Where is it","intent":"orders/status"}\n\n{"id":"2","body":"Hi","intent":null,"outOfScope":true}\n',
  });
  const workspace = await loadWorkspace(config);
  expect(workspace.examples).toEqual([
    { id: '1', body: 'Where is it', intent: 'orders/status' },
    { id: 'taxonomy:orders/returns:1', body: 'Send it back', intent: 'orders/returns' },
    { id: 'taxonomy:orders/returns:2', body: 'Refund me', intent: 'orders/returns' },
  ]);
  expect(workspace.outOfScope.map((ticket) => ticket.id)).toEqual(['2']);
});

test('a language that is none is a problem of its line in a file of labelled tickets', async () => {
  const line = (language: string) =>
    JSON.stringify({ id: language, body: 'Where is it', intent: 'orders/status', language });
  const text = ['pt_BR', 'xx-klingon', 'de'].map(line).join('\n');
  expect(await problemsOf(() => parseLabelledTickets({ text, file: 'a.jsonl', taxonomy }))).toEqual([
    'a.jsonl:2: language: "xx-klingon" is not the code of a language. Write a code such as en, de or pt-BR.',
  ]);
});

test('examples, rules and modes may name intents by former ids', async () => {
  const config = await configOf(
    'renamed.yaml',
    `taxonomy: renamed-taxonomy.yaml
examples: [renamed.jsonl]
teams: [{ id: triage, name: Triage }]
routing: [{ name: a, when: { intent: purchases }, then: { team: triage } }]
connectors: { desk: { type: file, modes: { "purchases/*": auto } } }
`,
    {
      'renamed-taxonomy.yaml': taxonomyText.replace('name: Orders\n', 'name: Orders\n    aliases: [purchases]\n'),
      'renamed.jsonl':
        '{"id":"1","body":"Where is it","intent":"purchases/status","secondaryIntents":["purchases/returns"]}\n',
    },
  );
  const workspace = await loadWorkspace(config);
  expect(workspace.examples[0]).toMatchObject({ intent: 'orders/status', secondaryIntents: ['orders/returns'] });
  const stored = [
    { id: 's-1', body: 'x', intent: 'purchases/returns' },
    { id: 's-2', body: 'x', intent: 'gone' },
  ];
  expect(withStoredExamples(workspace, stored)).toMatchObject({
    used: [{ id: 's-1', intent: 'orders/returns' }],
    withoutIntent: 1,
  });
});

test('the problems of rules, modes and every example file are named at once', async () => {
  const config = await configOf(
    'bad.yaml',
    `examples: [bad.jsonl, missing.jsonl]
teams: [{ id: triage, name: Triage }]
routing:
  - name: a
    when: { intent: [complaints, order] }
    then: { team: triage }
  - name: b
    when: { intent: complaint }
    then: { team: triage }
connectors: { desk: { type: file, modes: { "order/*": auto, "*": assist, orders: auto } } }
`,
    {
      'bad.jsonl': [
        '{"id":"1","body":"x","intent":"orders"}',
        '{"id":"1","body":"x","intent":"orders/return"}',
        '{my secret ticket',
        '{"id":2,"intent":null}',
        '[]',
        '{"id":"3","body":"b","intent":null}',
        '{"id":"4","body":"b","intent":"complaints","secondaryIntents":["nope"],"urgency":"now"}',
        '{"id":"5","body":"b","intent":"complaints","secondaryIntents":["nope"]}',
        '{"id":"6","text":"b","intent":"complaints"}',
      ].join('\n'),
    },
  );
  expect(await problemsOf(() => loadWorkspace(config))).toEqual([
    'bad.yaml:5: routing[0].when.intent[1]: there is no intent "order" in the taxonomy. Did you mean "orders"?',
    'bad.yaml:8: routing[1].when.intent: there is no intent "complaint" in the taxonomy. Did you mean "complaints"?',
    'bad.yaml:10: connectors.desk.modes["order/*"]: there is no intent "order/*" in the taxonomy. Did you mean "orders"?',
    'bad.jsonl:1: intent: "orders" has intents below it, and a ticket needs one without. Name one of orders/returns, orders/status.',
    'bad.jsonl:2: the id "1" is used twice (first on line 1). Give one of the two another id.',
    'bad.jsonl:2: intent: there is no intent "orders/return". Did you mean "orders/returns"?',
    'bad.jsonl:3: this line is not JSON. Write one ticket a line, as a JSON object.',
    'bad.jsonl:4: id must be a text, not 2. Put it in quotes, for example "billing".',
    'bad.jsonl:5: the line must be a map of fields, not a list. Write its fields as a map of `name: value`.',
    'bad.jsonl:6: intent: intent is null, so outOfScope must be true. Change the value.',
    'bad.jsonl:7: urgency is "now". Write one of low, normal, high, critical.',
    'bad.jsonl:8: secondaryIntents[0]: there is no intent "nope". Name a leaf of the taxonomy. If the intent was renamed, list this id under its `aliases`.',
    'bad.jsonl:9: body: a ticket needs a subject or a body with some text in it. Change the value.',
    'bad.jsonl:9: text is not a field of a ticket. If the text of the ticket is there, name it body.',
    'missing.jsonl: the file of labelled tickets does not exist. Check the path in the configuration or on the command line.',
  ]);
});

test('a broken taxonomy does not hide broken examples', async () => {
  const config = await configOf('broken.yaml', 'taxonomy: broken-taxonomy.yaml\nexamples: [broken.jsonl]', {
    'broken-taxonomy.yaml': 'name: x\nintents: []\n',
    'broken.jsonl': 'nonsense\n',
  });
  expect(await problemsOf(() => loadWorkspace(config))).toEqual([
    'broken-taxonomy.yaml:2: intents is empty. Fill it in.',
    'broken.jsonl:1: this line is not JSON. Write one ticket a line, as a JSON object.',
  ]);
});

test('the same id in two files is a problem', async () => {
  const line = '{"id":"1","body":"x","intent":"complaints"}\n';
  const config = await configOf('twice.yaml', 'examples: [one.jsonl, two.jsonl]', {
    'one.jsonl': line,
    'two.jsonl': line,
  });
  expect(await problemsOf(() => loadWorkspace(config))).toEqual([
    'two.jsonl: the id "1" is also used in one.jsonl. Give one of the two another id.',
  ]);
});

test('of a file that is wrong on every line, the first fifty problems are listed', async () => {
  const text = 'nonsense\n'.repeat(5_000);
  const problems = await problemsOf(() => parseLabelledTickets({ text, file: 'x.jsonl', taxonomy }));
  expect(problems).toHaveLength(51);
  expect(problems.at(-1)).toBe('x.jsonl: there are 4950 more problems in this file. Correct the ones above first.');
});

test('labelled tickets are repaired like other tickets, and a byte order mark is skipped', async () => {
  await writeFile(join(dir, 'marked.jsonl'), '\uFEFF{"id":"1","body":"a\\u0000b \\ud800","intent":"complaints"}\r\n');
  expect(await readLabelledTickets({ file: join(dir, 'marked.jsonl'), taxonomy })).toEqual([
    { id: '1', body: 'ab \uFFFD', intent: 'complaints' },
  ]);
});

test('with another taxonomy, the teams, rules and examples of the configuration are left out', async () => {
  const config = await loadConfig({ cwd: dir, env: {}, file: await sampleFile() });
  const own = withTaxonomy(config, { taxonomy: join(dir, 'taxonomy.yaml'), examples: [] });
  expect(own.settings).toMatchObject({ teams: [], routing: [], slas: {}, connectors: {}, examples: [] });
  expect((await loadWorkspace(own)).taxonomy.name).toBe('Shop');
});

async function sampleFile(): Promise<string> {
  const { SAMPLE_DIR } = await import('./load-config.ts');
  return join(SAMPLE_DIR, 'switchboard.yaml');
}

test('the configuration of the sample company has no problems and no warnings', async () => {
  const config = await loadConfig({ cwd: dir, env: { SWITCHBOARD_TOKEN: 'x' }, file: await sampleFile() });
  const description = describeConfig({ config, workspace: await loadWorkspace(config) });
  expect(description.warnings).toEqual([]);
  expect(description.taxonomy.leaves).toBe(43);
  expect(description.secrets).toEqual(['SWITCHBOARD_TOKEN']);
});

test('warns of what is allowed but probably a mistake', async () => {
  const config = await configOf(
    'odd.yaml',
    `teams: [{ id: triage, name: Triage }, { id: idle, name: Idle, owners: { desk: "1" } }]
routing:
  - { name: all-orders, when: { intent: orders }, then: { team: triage } }
  - { name: german-returns, when: { intent: orders/returns, language: de }, then: { team: triage } }
`,
  );
  const { warnings } = describeConfig({ config, workspace: await loadWorkspace(config) });
  expect(warnings.map((problem) => formatProblem(problem).replaceAll(`${dir}/`, ''))).toEqual([
    'odd.yaml:4: the rule "german-returns" never matches: "all-orders" above it matches all its tickets. Move it up, or remove it.',
    'odd.yaml:2: no rule looks at `urgency: critical`, so a ticket about a fire or a person who is hurt waits as long as any other. Add one, for example `{ name: danger-in-triage, when: { urgency: critical }, then: { team: triage, priority: urgent } }`.',
    'odd.yaml:1: no rule leads to the team "idle". Add a rule, or remove the team.',
    'odd.yaml:1: teams[1].owners names the connector "desk", which does not exist. Add the connector, or correct the name.',
    'odd.yaml:2: no rule matches an ordinary ticket of complaints. Such tickets go to "triage"; add rules if you do not want that.',
    'odd.yaml:1: there are fewer than 3 examples for orders/returns, orders/status and complaints. Add labelled tickets: the embedded engine learns from them, and Claude gets them in its prompt.',
    'odd.yaml:1: decisions are stored and shown but not delivered: there is no connectors.api. Add connectors.api, for example `api: { type: file, mode: auto }`.',
  ]);
});

test('says that a rule is covered only where the one above it takes automatic mail as well', async () => {
  const config = await configOf(
    'automatic.yaml',
    `teams: [{ id: triage, name: Triage }, { id: shop, name: Shop }]
routing:
  - { name: people, when: { automatic: false }, then: { team: shop } }
  - { name: all, then: { team: shop } }
  - { name: machines, when: { automatic: true }, then: { team: shop } }
  - { name: bounces, when: { automatic: true, channel: email }, then: { team: shop } }
`,
  );
  const { warnings } = describeConfig({ config, workspace: await loadWorkspace(config) });
  expect(warnings.map(({ message }) => message).filter((message) => message.includes('never matches'))).toEqual([
    'the rule "bounces" never matches: "machines" above it matches all its tickets',
  ]);
});

test('warns of rules for tickets on which the engine abstained that take a guess of any confidence', async () => {
  const config = await configOf(
    'guesses.yaml',
    `teams: [{ id: triage, name: Triage }, { id: shop, name: Shop }]
slas: { p1: { firstResponse: 15m } }
routing:
  - { name: loose, when: { intent: orders, maxConfidence: 0.5 }, then: { team: triage, sla: p1 } }
  - { name: zero, when: { intent: complaints, minConfidence: 0 }, then: { team: triage, priority: urgent } }
  - { name: bounded, when: { intent: orders, minConfidence: 0.3 }, then: { team: triage, sla: p1 } }
  - { name: shop, when: { intent: orders }, then: { team: shop, sla: p1 } }
  - { name: plain, when: { intent: complaints }, then: { team: triage } }
  - { name: unsure, when: { maxConfidence: 0.5 }, then: { team: triage, sla: p1 } }
  - { name: gold, when: { tier: gold, maxConfidence: 0.5 }, then: { team: triage, sla: p1 } }
  - { name: faint, when: { intent: complaints, minConfidence: 0.01 }, then: { team: triage, sla: p1 } }
`,
  );
  const { warnings } = describeConfig({ config, workspace: await loadWorkspace(config) });
  const named = (part: string) => warnings.flatMap(({ message }) => (message.includes(part) ? [message] : []));
  expect(named('an upper bound of the confidence alone')).toEqual([expect.stringContaining('"unsure"')]);
  expect(named('from a confidence of 1 % on')).toEqual([expect.stringContaining('"faint"')]);
  const ofGuesses = warnings.filter(({ message }) => message.includes('without a lower bound'));
  expect(ofGuesses.map((problem) => formatProblem(problem).replaceAll(`${dir}/`, ''))).toEqual(
    [
      ['4', 'loose'],
      ['5', 'zero'],
    ].map(
      ([line, name]) =>
        `guesses.yaml:${line}: the rule "${name}" leads to "triage" by an intent without a lower bound, so it does not count where the engine abstained: a guess of any confidence would set priority and SLA. Add the least confidence that a guess must have, for example \`minConfidence: 0.25\`.`,
    ),
  );
});

test('does not call a rule covered that alone counts where the engine abstained', async () => {
  const config = await configOf(
    'covered.yaml',
    `teams: [{ id: triage, name: Triage }, { id: shop, name: Shop }]
routing:
  - { name: orders, when: { intent: orders }, then: { team: shop } }
  - { name: any, when: { intent: orders }, then: { team: triage } }
  - { name: likely, when: { intent: orders, minConfidence: 0.3 }, then: { team: triage, priority: high } }
  - { name: likelier, when: { intent: orders, minConfidence: 0.4 }, then: { team: triage, priority: high } }
`,
  );
  const { warnings } = describeConfig({ config, workspace: await loadWorkspace(config) });
  expect(warnings.map(({ message }) => message).filter((message) => message.includes('never matches'))).toEqual([
    'the rule "any" never matches: "orders" above it matches all its tickets',
    'the rule "likelier" never matches: "likely" above it matches all its tickets',
  ]);
});

test('warns where a few intents have most of the examples', async () => {
  const config = await configOf('lopsided.yaml', 'connectors: { api: { type: file, mode: shadow } }');
  const workspace = await loadWorkspace(config);
  const [large = '', thin = ''] = workspace.taxonomy.leaves.map(({ id }) => id);
  const examples = Array.from({ length: 104 }, (_, i) => ({ id: `e-${i}`, body: 'x', intent: i < 100 ? large : thin }));
  const messages = describeConfig({ config, workspace: { ...workspace, examples } }).warnings.map(
    ({ message }) => message,
  );
  expect(messages).toContainEqual(expect.stringContaining(`fewer than 10 examples, and "${large}" has 100`));
});

test('warns of a configuration without teams, rules and examples, and of a first rule that matches everything', async () => {
  const bare = await configOf('bare.yaml', 'connectors: { api: { type: file, mode: shadow } }');
  const taxonomy = { ...(await loadWorkspace(bare)), examples: [] };
  expect(describeConfig({ config: bare, workspace: taxonomy }).warnings.map(({ message }) => message)).toEqual([
    'there are no teams',
    'there are no rules',
    'there are no examples',
    'decisions are stored and shown but not delivered: connectors.api is in shadow mode',
  ]);
  const greedy = await configOf(
    'greedy.yaml',
    `teams: [{ id: triage, name: Triage }]
connectors: { api: { type: file, mode: auto } }
routing:
  - { name: all, when: {}, then: { team: triage } }
  - { name: some, when: { intent: orders }, then: { team: triage } }
`,
  );
  const { warnings } = describeConfig({ config: greedy, workspace: await loadWorkspace(greedy) });
  expect(warnings.map(({ message }) => message)).toContain(
    'the rule "some" never matches: "all" above it matches all its tickets',
  );
});
