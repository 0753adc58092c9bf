import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectorDefinitions } from '../connectors/registry.ts';
import { ConfigurationError, formatProblem } from '../errors.ts';
import { configSchema } from './config-schema.ts';
import { loadConfig, SAMPLE_DIR } from './load-config.ts';

const connectorTypes = connectorDefinitions.map(({ type }) => type).join(', ');

let dir: string;
let emptyDir: string;
let count = 0;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-config-'));
  await writeFile(join(dir, 'taxonomy.yaml'), 'name: Shop\nintents: [{ id: orders, name: Orders }]\n');
  emptyDir = await mkdtemp(join(tmpdir(), 'switchboard-empty-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true });
  await rm(emptyDir, { recursive: true });
});

/** Writes a configuration file and returns its name. */
async function write(text: string): Promise<string> {
  const name = `config-${count++}.yaml`;
  await writeFile(join(dir, name), text);
  return name;
}

async function problemsOf(options: Parameters<typeof loadConfig>[0]): Promise<string[]> {
  try {
    await loadConfig(options);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map((p) => formatProblem(p).replace(`${dir}/`, ''));
    throw error;
  }
  return [];
}

describe('without a file', () => {
  test('the sample company is used, with the data folder in the working folder', async () => {
    const config = await loadConfig({ cwd: emptyDir, env: {} });
    expect(config).toMatchObject({ isSample: true, file: null });
    expect(config.settings.taxonomy).toBe(join(SAMPLE_DIR, 'taxonomy.yaml'));
    expect(config.settings.dataDir).toBe(join(emptyDir, '.switchboard'));
  });

  test('a file that --config names must exist', async () => {
    expect(await problemsOf({ cwd: dir, env: {}, file: 'nope.yaml' })).toEqual([
      'nope.yaml: the configuration file does not exist. Check --config, or leave it out to use switchboard.yaml in the working folder.',
    ]);
  });
});

describe('sources', () => {
  test('switchboard.yaml of the working folder is found, and its paths are relative to it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'switchboard-found-'));
    await writeFile(
      join(folder, 'switchboard.yaml'),
      `examples: [a.jsonl, /b.jsonl]
evaluation: { dataset: test.jsonl }
connectors: { drop: { type: folder, path: incoming, out: /decisions.jsonl } }
`,
    );
    const config = await loadConfig({ cwd: folder, env: {} });
    await rm(folder, { recursive: true });
    expect(config).toMatchObject({ isSample: false, file: join(folder, 'switchboard.yaml') });
    expect(config.settings).toMatchObject({
      taxonomy: join(folder, 'taxonomy.yaml'),
      examples: [join(folder, 'a.jsonl'), '/b.jsonl'],
      dataDir: join(folder, '.switchboard'),
      connectors: { drop: { path: join(folder, 'incoming'), out: '/decisions.jsonl' } },
      evaluation: { dataset: [join(folder, 'test.jsonl')] },
    });
  });

  test('an empty file is a configuration of defaults', async () => {
    const { settings } = await loadConfig({ cwd: dir, env: {}, file: await write('') });
    expect(settings).toEqual({
      ...configSchema.parse({}),
      taxonomy: join(dir, 'taxonomy.yaml'),
      dataDir: join(dir, '.switchboard'),
    });
  });

  test('override each other in the order of defaults, file, environment and flags', async () => {
    const file = await write('classifier: local\nserver: { port: 1 }\nclaude: { deadlineMs: 500, effort: high }\n');
    const env = {
      SWITCHBOARD_SERVER__PORT: '2',
      SWITCHBOARD_CLAUDE__DEADLINE_MS: '9000',
      SWITCHBOARD_REDACTION: 'false',
    };
    const { settings } = await loadConfig({
      cwd: dir,
      env,
      file,
      overrides: { server: { port: 3, host: undefined }, classifier: undefined },
    });
    expect(settings.server).toMatchObject({ port: 3, host: '127.0.0.1' });
    expect(settings.claude).toMatchObject({ deadlineMs: 9000, effort: 'high', model: 'claude-haiku-5-5' });
    expect(settings).toMatchObject({ classifier: 'local', redaction: false });
  });

  test('paths from environment and flags are relative to the working folder', async () => {
    const file = await write('taxonomy: here.yaml');
    const env = { SWITCHBOARD_TAXONOMY: 'there.yaml', SWITCHBOARD_EXAMPLES: 'a.jsonl, b.jsonl' };
    const { settings } = await loadConfig({
      cwd: emptyDir,
      env,
      file: join(dir, file),
      overrides: { dataDir: 'data' },
    });
    expect(settings).toMatchObject({
      taxonomy: join(emptyDir, 'there.yaml'),
      examples: [join(emptyDir, 'a.jsonl'), join(emptyDir, 'b.jsonl')],
      dataDir: join(emptyDir, 'data'),
    });
  });

  test('connectors, targets and null can be set from the environment', async () => {
    const file = await write('connectors: { my-desk: { type: file } }\nclaude: { dailyBudgetUsd: 5 }');
    const env = {
      SWITCHBOARD_CONNECTORS__MY_DESK__MODE: 'assist',
      SWITCHBOARD_CLAUDE__DAILY_BUDGET_USD: 'null',
      SWITCHBOARD_CONFIDENCE__TARGET_PRECISION: '0.9',
    };
    const { settings } = await loadConfig({ cwd: dir, env, file });
    expect(settings.connectors['my-desk']).toMatchObject({ type: 'file', mode: 'assist' });
    expect(settings.claude.dailyBudgetUsd).toBeNull();
    expect(settings.confidence).toEqual({ targetPrecision: 0.9 });
  });

  test('times, proxies and learning are read from file and environment', async () => {
    const file = await write(
      'retention: 180d\nserver: { trustProxy: [10.0.0.0/8, "::1"], maxEventStreamsPerAddress: 150 }\nlearning: { feedback: review }',
    );
    const env = { SWITCHBOARD_LEARNING__MAX_CORRECTIONS_PER_HOUR: '5' };
    const { settings } = await loadConfig({ cwd: dir, env, file });
    expect(settings).toMatchObject({
      retention: 180 * 24 * 60 * 60_000,
      server: { trustProxy: ['10.0.0.0/8', '::1'], maxEventStreams: 200, maxEventStreamsPerAddress: 150 },
      learning: { feedback: 'review', maxCorrectionsPerHour: 5 },
    });
    const trusting = await loadConfig({ cwd: dir, env: { SWITCHBOARD_SERVER__TRUST_PROXY: 'true' }, file });
    expect(trusting.settings.server.trustProxy).toBe(true);
    const listed = await loadConfig({
      cwd: dir,
      env: { SWITCHBOARD_SERVER__TRUST_PROXY: '10.1.2.3, 10.2.0.0/16' },
      file,
    });
    expect(listed.settings.server.trustProxy).toEqual(['10.1.2.3', '10.2.0.0/16']);
  });

  test('secrets come from the environment; empty ones are not set', async () => {
    const env = { ANTHROPIC_API_KEY: ' key ', SWITCHBOARD_TOKEN: '', DATABASE_URL: 'postgres://u:p@127.0.0.1/db' };
    expect((await loadConfig({ cwd: emptyDir, env })).secrets).toEqual({
      anthropicApiKey: 'key',
      anthropicBaseUrl: null,
      voyageApiKey: null,
      databaseUrl: 'postgres://u:p@127.0.0.1/db',
      token: null,
      connectors: {},
    });
  });

  test('variables that the launcher and Kubernetes set are not read as settings', async () => {
    const env = {
      SWITCHBOARD_LAUNCHED_BY_PID: '1',
      SWITCHBOARD_PORT: 'tcp://10.0.0.1:3000',
      SWITCHBOARD_SERVICE_HOST: '10.0.0.1',
      SWITCHBOARD_SERVICE_PORT_HTTP: '3000',
      SWITCHBOARD_PORT_3000_TCP_ADDR: '10.0.0.1',
    };
    expect(await problemsOf({ cwd: emptyDir, env })).toEqual([]);
  });
});

describe('problems', () => {
  test('are named all at once, with place and cure', async () => {
    const file = await write(`classifer: local
examples: x.jsonl
server: { port: 99999, hots: a }
claude: { effort: huge, apiKey: sk-123 }
confidence: { wrongRouteUsd: 5 }
triageTeam: triag
teams:
  - { id: triage, name: Triage }
  - { id: billing, name: Billing, members: [{ id: ana, languages: [es, "not a tag"] }, { id: ana }] }
  - { id: billing, name: B2 }
routing:
  - name: a
    when: { urgency: [hig], minConfidence: 0.9, maxConfidence: 0.2 }
    then: { team: biling, sla: p9 }
  - name: a
    when: { langauge: en }
    then: { team: billing, assignee: bob, priority: 5 }
  - { name: triage }
slas: { p1: { firstResponse: 15 minutes }, p2: { firstResponse: 5h, resolution: 4h } }
connectors: { desk: { type: pigeon, token: abc, mode: live } }
evaluation: { targets: { acuracy: 1 }, required: [cost] }
`);
    const env = {
      SWITCHBOARD_SERVER__PORTS: '1',
      SWITCHBOARD_REDACTION: 'yes',
      SWITCHBOARD_TEAMS: 'x',
      SWITCHBOARD_PORT: '3000',
      DATABASE_URL: 'mysql://user:hidden@host/x',
      SWITCHBOARD_TOKEN: 'two words hidden',
    };
    const problems = await problemsOf({ cwd: dir, env, file });
    expect(problems.toSorted()).toEqual(
      [
        `${file}:1: classifer is not a known field. Did you mean "classifier"?`,
        `${file}:2: examples must be a list, not a text. Write it as a list, for example [a, b].`,
        `${file}:3: server.port is 99999. The limit is 65535.`,
        `${file}:3: server.hots is not a known field. Did you mean "host"?`,
        `${file}:4: claude.effort is "huge". Write one of low, medium, high, xhigh, max.`,
        `${file}:4: claude.apiKey is not a known field. It is read only from the environment: remove it here and set ANTHROPIC_API_KEY.`,
        `${file}:5: confidence.humanLookUsd is missing. Add it; it must be a number.`,
        `${file}:6: triageTeam: there is no team "triag". Did you mean "triage"?`,
        `${file}:9: teams[1].members[1].id: the member "ana" is in this team twice. Keep one of the two.`,
        `${file}:9: teams[1].members[0].languages[1]: "not a tag" is not a language tag. Write a code such as en, de or pt-BR.`,
        `${file}:10: teams[2].id: the team id "billing" is used twice (first by teams[1]). Give one of the two another id.`,
        `${file}:13: routing[0].when.urgency[0] is "hig". Write one of low, normal, high, critical.`,
        `${file}:13: routing[0].when.minConfidence: no confidence is at least 0.9 and at most 0.2, so the rule never matches. Swap minConfidence and maxConfidence.`,
        `${file}:14: routing[0].then.team: there is no team "biling". Did you mean "billing"?`,
        `${file}:14: routing[0].then.sla: there is no SLA "p9". Did you mean "p1"?`,
        `${file}:15: routing[1].name: the rule name "a" is used twice (first by routing[0]). Decisions name their rule: give one of the two another name.`,
        `${file}:16: routing[1].when.langauge is not a known field. Did you mean "language"?`,
        `${file}:17: routing[1].then.priority is 5. Write one of low, normal, high, urgent.`,
        `${file}:17: routing[1].then.assignee: "bob" is not a member of the team "billing". Add the member to the team, or leave \`assignee\` out.`,
        `${file}:18: routing[2].then is missing. Add it; it must be a map of fields.`,
        `${file}:18: routing[2].name: "triage" is the name that decisions give when no rule matched. Give the rule another name.`,
        `${file}:19: slas.p1.firstResponse is "15 minutes". Write a duration such as 90s, 15m, 4h or 2d.`,
        `${file}:19: slas.p2: the first response is due after the resolution. Swap firstResponse and resolution, or correct one of them.`,
        `${file}:20: connectors.desk.mode: there is no mode "live". Write one of shadow, assist, auto.`,
        `${file}:20: connectors.desk.type is "pigeon". Write one of ${connectorTypes}.`,
        `${file}:20: connectors.desk.token: a secret does not belong in this file. It is read only from the environment: remove it here.`,
        `${file}:21: evaluation.targets.acuracy: there is no criterion "acuracy". Known: routing-accuracy, consistency, adaptation, multilingual, edge-cases, bias, prompt-efficiency, explainability, abstention, calibration, cost, response-time.`,
        'environment variable SWITCHBOARD_REDACTION: redaction must be true or false, not "yes". Write true or false, without quotes.',
        'environment variable SWITCHBOARD_SERVER__PORTS: there is no such setting. Did you mean "SWITCHBOARD_SERVER__PORT"?',
        'environment variable SWITCHBOARD_TEAMS: teams is not a single value, and a variable can only set one. Set it in the configuration file.',
        'environment variable SWITCHBOARD_PORT: there is no such setting. Did you mean "SWITCHBOARD_SERVER__PORT"?',
        'environment variable SWITCHBOARD_TOKEN: it contains a space or another character that cannot be sent in a request. Use only ASCII letters, digits and signs without spaces, for example from "openssl rand -hex 32".',
        'environment variable DATABASE_URL: it is not the address of a PostgreSQL database. Write it as postgres://user:password@host:5432/database, or unset it to use the embedded store.',
      ].toSorted(),
    );
  });

  test('of settings that would fail only with the first ticket are found', async () => {
    const file = await write(`claude: { model: "" }
retention: 99999999999d
slas: { p1: { firstResponse: 99999999999d } }
`);
    expect(await problemsOf({ cwd: dir, env: {}, file })).toEqual([
      `${file}:1: claude.model is empty. Fill it in.`,
      `${file}:2: retention: this is longer than 100 years. Write 36500d or less.`,
      `${file}:3: slas.p1.firstResponse: this is longer than 100 years. Write 36500d or less.`,
    ]);
    for (const url of ['ftp://classifier.example/', 'http://user:secret@classifier.example/']) {
      const problems = await problemsOf({ cwd: dir, env: {}, file: await write(`classifier: { http: "${url}" }\n`) });
      expect(problems).toEqual([expect.stringContaining('Write it as https://host/path.')]);
    }
    expect(
      await problemsOf({ cwd: dir, env: {}, file: await write('classifier: { http: "http://[::1]:8080/a@b" }\n') }),
    ).toEqual([]);
  });

  test('of settings that do not fit together explain why', async () => {
    const file = await write(`claude: { deadlineMs: 600000 }
confidence: { targetPrecision: 0.95, wrongRouteUsd: 3 }
retention: 1h
learning: { feedback: later, maxCorrectionsPerHour: 0 }
server: { trustProxy: [10.0.0.0/8, my-proxy] }
`);
    expect(await problemsOf({ cwd: dir, env: {}, file })).toEqual([
      `${file}:1: claude.deadlineMs is 600000. Write at most 120000: the job of a ticket expires after 180 s, and a slower answer would be asked for, and paid, again.`,
      `${file}:2: confidence.wrongRouteUsd: this and targetPrecision exclude each other. Keep targetPrecision, or the two costs.`,
      `${file}:3: retention: tickets would be deleted before anybody has seen them. Write 1d or more, such as 180d.`,
      `${file}:4: learning.feedback is "later". Write one of immediate, review.`,
      `${file}:4: learning.maxCorrectionsPerHour is 0. It must be at least 1.`,
      `${file}:5: server.trustProxy[1]: this is not an IP address. Write an address such as 10.0.0.7, or a range such as 10.0.0.0/8.`,
    ]);
  });

  test('name a port for webhooks that is also the port of the API', async () => {
    const both = await write('server: { port: 8080, webhookPort: 8080 }\n');
    const cure = 'Choose another port, or leave `webhookPort` out: webhooks and the API then share one.';
    expect(await problemsOf({ cwd: dir, env: {}, file: both })).toEqual([
      `${both}:1: server.webhookPort: 8080 is also the port of the API. ${cure}`,
    ]);
    const asDefault = await write('server: { webhookPort: 3000 }\n');
    expect(await problemsOf({ cwd: dir, env: {}, file: asDefault })).toEqual([
      `${asDefault}:1: server.webhookPort: 3000 is also the port of the API. ${cure}`,
    ]);
    const overrides = { server: { port: 3001 } };
    const moved = { cwd: dir, env: { SWITCHBOARD_SERVER__WEBHOOK_PORT: '3001' }, overrides };
    expect(await problemsOf(moved)).toEqual([
      `environment variable SWITCHBOARD_SERVER__WEBHOOK_PORT: server.webhookPort: 3001 is also the port of the API. ${cure}`,
    ]);
    expect(await problemsOf({ cwd: dir, env: {}, file: asDefault, overrides })).toEqual([]);
  });

  test('of connectors name the fields that their type does not have', async () => {
    const file = await write(`connectors:
  api: { type: file, path: 7 }
  desk: { type: file, pth: out.jsonl, token: abc }
  "../../x": { type: file }
  Desk_2: { type: file }
  mail: { mode: live }
  crm: { type: fil }
  drop: file
`);
    expect(await problemsOf({ cwd: dir, env: {}, file })).toEqual([
      `${file}:2: connectors.api.path must be a text, not 7. Put it in quotes, for example "billing".`,
      `${file}:3: connectors.desk.pth is not a known field. Did you mean "path"?`,
      `${file}:3: connectors.desk.token is not a known field. It is read only from the environment: remove it here.`,
      `${file}:4: connectors["../../x"] is "../../x". Write the name in small letters, digits and dashes, such as help-desk.`,
      `${file}:5: connectors.Desk_2 is "Desk_2". Write the name in small letters, digits and dashes, such as help-desk.`,
      `${file}:6: connectors.mail.type is missing. Write one of ${connectorTypes}.`,
      `${file}:6: connectors.mail.mode: there is no mode "live". Write one of shadow, assist, auto.`,
      `${file}:7: connectors.crm.type is "fil". Did you mean "file"?`,
      `${file}:8: connectors.drop must be a map of fields, not a text. Write its fields as a map of \`name: value\`.`,
    ]);
  });

  test('find rules that automatic mail can never match', async () => {
    const file = await write(`teams: [{ id: triage, name: Triage }]
routing:
  - { name: a, when: { automatic: true, intent: orders, minConfidence: 0.5, urgency: high }, then: { team: triage } }
  - { name: b, when: { automatic: true, minConfidence: 0, urgency: [normal, high] }, then: { team: triage } }
  - { name: c, when: { automatic: false, intent: orders, urgency: high }, then: { team: triage } }
`);
    const why = 'automatic mail has no intent, no confidence and a normal urgency, so the rule never matches';
    expect(await problemsOf({ cwd: dir, env: {}, file })).toEqual([
      `${file}:3: routing[0].when.intent: ${why}. Leave out \`intent\` or \`automatic\`.`,
      `${file}:3: routing[0].when.minConfidence: ${why}. Leave out \`minConfidence\` or \`automatic\`.`,
      `${file}:3: routing[0].when.urgency: ${why}. Leave out \`urgency\` or \`automatic\`.`,
    ]);
  });

  test('suggest the language code, the share or the unit that was meant', async () => {
    const file = await write(`teams:
  - { id: triage, name: Triage, members: [{ id: a, languages: [german, Deutsch, jp, pt_BR, klingonisch, gsw, zh-Hant, EN] }] }
routing:
  - { name: a, when: { language: english, minConfidence: 80 }, then: { team: triage } }
confidence: { targetPrecision: 95 }
retrieval: { minSimilarity: 20 }
evaluation:
  targets: { routing-accuracy: 90, bias: 2.5, cost: 50, explainability: 80, response-time: 0, edge-cases: 0.8 }
`);
    expect(await problemsOf({ cwd: dir, env: {}, file })).toEqual([
      `${file}:2: teams[0].members[0].languages[0]: "german" is not the code of a language. Write de.`,
      `${file}:2: teams[0].members[0].languages[1]: "Deutsch" is not the code of a language. Write de.`,
      `${file}:2: teams[0].members[0].languages[2]: "jp" is not the code of a language. Write ja.`,
      `${file}:2: teams[0].members[0].languages[3]: "pt_BR" is not a language tag. Write pt-BR.`,
      `${file}:2: teams[0].members[0].languages[4]: "klingonisch" is not a language tag. Write a code such as en, de or pt-BR.`,
      `${file}:4: routing[0].when.minConfidence is 80. Write it as a share between 0 and 1: 0.8.`,
      `${file}:4: routing[0].when.language: "english" is not the code of a language. Write en.`,
      `${file}:5: confidence.targetPrecision is 95. Write it as a share between 0 and 1: 0.95.`,
      `${file}:6: retrieval.minSimilarity is 20. Write it as a share between 0 and 1: 0.2.`,
      `${file}:8: evaluation.targets.routing-accuracy: the target is 90. Write it as a share between 0 and 1: 0.9.`,
      `${file}:8: evaluation.targets.bias: the target is 2.5. Write it as a share between 0 and 1: 0.025.`,
      `${file}:8: evaluation.targets.cost: the target is 50. Write a share of the cost of the current method, such as 0.5.`,
      `${file}:8: evaluation.targets.explainability: the target is 80. Write a rating from 1 to 5.`,
      `${file}:8: evaluation.targets.response-time: the target is 0. Write a time in milliseconds.`,
    ]);
  });

  test('name a precision that is given together with the two costs', async () => {
    const file = await write('confidence: { wrongRouteUsd: 3, humanLookUsd: 1, targetPrecision: 0.9 }');
    expect(await problemsOf({ cwd: dir, env: {}, file })).toEqual([
      `${file}:1: confidence.targetPrecision: this and wrongRouteUsd with humanLookUsd exclude each other. Keep targetPrecision, or the two costs.`,
    ]);
  });

  test('are sorted by line, with those of the environment after those of the file', async () => {
    const file = await write('server: { port: -1 }\nclassifier: x\nredaction: 5\n');
    const problems = await problemsOf({ cwd: dir, env: { SWITCHBOARD_NOPE: '1' }, file });
    expect(problems.map((problem) => problem.split(': ')[0])).toEqual([
      `${file}:1`,
      `${file}:2`,
      `${file}:3`,
      'environment variable SWITCHBOARD_NOPE',
    ]);
  });

  test('include those of the files that a wrong configuration names', async () => {
    await writeFile(join(dir, 'broken.jsonl'), 'nonsense\n');
    const file = await write(`redaction: 5
examples: [broken.jsonl, missing.jsonl]
teams: [{ id: triage, name: Triage }]
routing: [{ name: a, when: { intent: order }, then: { team: triage } }]
`);
    expect(await problemsOf({ cwd: dir, env: {}, file })).toEqual([
      `${file}:1: redaction must be true or false, not 5. Write true or false, without quotes.`,
      `${file}:4: routing[0].when.intent: there is no intent "order" in the taxonomy. Did you mean "orders"?`,
      'broken.jsonl:1: this line is not JSON. Write one ticket a line, as a JSON object.',
      'missing.jsonl: the file of labelled tickets does not exist. Check the path in the configuration or on the command line.',
    ]);
    const other = await write('redaction: 5\ntaxonomy: nowhere.yaml\n');
    expect(await problemsOf({ cwd: dir, env: {}, file: other })).toEqual([
      `${other}:1: redaction must be true or false, not 5. Write true or false, without quotes.`,
      'nowhere.yaml: the taxonomy file does not exist. Check `taxonomy:` in the configuration, or --taxonomy.',
    ]);
  });

  test('of a flag say that it comes from the command line', async () => {
    const problems = await problemsOf({ cwd: emptyDir, env: {}, overrides: { server: { port: 70_000 } } });
    expect(problems).toEqual(['command line: server.port is 70000. The limit is 65535.']);
  });

  test('of invalid YAML name the line', async () => {
    const file = await write('a: 1\n\tb: 2\n');
    expect(await problemsOf({ cwd: dir, env: {}, file })).toEqual([
      `${file}:2: this is not valid YAML: Tabs are not allowed as indentation. Indent with spaces.`,
    ]);
  });

  test('never contain a password', async () => {
    const problems = await problemsOf({
      cwd: emptyDir,
      env: { DATABASE_URL: 'mysql://u:hidden@h/x', ANTHROPIC_BASE_URL: 'hidden' },
    });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('hidden');
  });
});
