// The whole set-up with a helpdesk in memory, and a person whose answers are a script.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Connector } from '../../connectors/connector.ts';
import { type ConnectorDefinition, defineConnector } from '../../connectors/definition.ts';
import { fileConnector } from '../../connectors/file/definition.ts';
import { webhookConnector } from '../../connectors/webhook/definition.ts';
import { ConnectorError, SwitchboardError } from '../../errors.ts';
import { createAnswersAsker, readAnswers } from './answers.ts';
import type { Asker } from './asker.ts';
import type { InitContext } from './connect-helpdesk.ts';
import { type Examine, runInit } from './run-init.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'switchboard-init-test-'));
});
afterEach(() => rmSync(dir, { recursive: true }));
const read = (name: string) => readFileSync(join(dir, name), 'utf8');

type Script = Readonly<Record<string, unknown>>;

/** A person who answers by the script, a list one by one, and takes what is proposed otherwise. */
function createPerson(script: Script, onQuestion: (name: string) => void = () => {}) {
  const left = new Map(Object.entries(script).map(([name, value]) => [name, [value].flat()]));
  const asked: string[] = [];
  const said: string[] = [];
  const take = (name: string, initial: unknown): unknown => {
    onQuestion(name);
    asked.push(name);
    const [next, ...rest] = left.get(name) ?? [];
    if (rest.length > 0) left.set(name, rest);
    const answer = next ?? initial;
    if (answer === undefined) throw new TypeError(`the script has no answer to ${name}`);
    return answer;
  };
  const asker: Asker = {
    canAskAgain: true,
    async text({ name, suggested, initial = suggested, isOptional = false, findFault }) {
      const text = String(take(name, initial ?? (isOptional ? '' : undefined)));
      const fault = text === '' ? null : (findFault?.(text) ?? null);
      if (fault === null) return text;
      said.push(fault);
      return asker.text({ name, message: '', isOptional, ...(findFault && { findFault }) });
    },
    secret: async ({ name, isOptional }) => String(take(name, isOptional ? '' : undefined)),
    choose: async ({ name, choices, initial }) => {
      const value = String(take(name, initial));
      if (!choices.some((choice) => choice.value === value)) throw new TypeError(`${name} has no choice ${value}`);
      return value;
    },
    // The script lists what is chosen in one text, since a list is one answer after another.
    chooseMany: async ({ name, initial }) =>
      String(take(name, initial.join(',')))
        .split(',')
        .filter((item) => item !== ''),
    confirm: async ({ name, initial }) => take(name, initial) === true,
    say: (text) => void said.push(text),
  };
  return { asker, asked, said };
}

/** A helpdesk with one right key, groups and categories, that makes webhooks and chooses their secret. */
function createDesk() {
  const made: string[] = [];
  const checked: (readonly string[])[] = [];
  const built: unknown[] = [];
  let isClosed = 0;
  const definition: ConnectorDefinition = defineConnector({
    type: 'desk-in-memory',
    description: 'A helpdesk for tests.',
    settings: z.strictObject({ url: z.url().describe('Address of the desk.'), closed: z.string().optional() }),
    secrets: [
      { name: 'TOKEN', required: true, description: 'its key' },
      { name: 'WEBHOOK_SECRET', required: false, description: 'signs webhooks' },
    ],
    about: { title: 'Desk', rights: ['Read tickets.'], limits: ['Ten calls a minute.'] },
    async create({ name, settings, secrets }): Promise<Connector> {
      built.push({ settings, secrets });
      return {
        name,
        type: 'desk-in-memory',
        deliver: () => Promise.reject(new Error('nothing is delivered')),
        listChanged: () => Promise.reject(new Error('nothing is listed')),
        async check({ groups }) {
          checked.push(groups);
          if (secrets.TOKEN === 'away') {
            const about = { connector: name, status: 503, retryable: true };
            throw new ConnectorError({ ...about, message: 'Desk is away (503).' });
          }
          if (secrets.TOKEN !== 'right') return [{ status: 'failed', detail: 'Desk refused the key (401).' }];
          return [{ status: 'ok', detail: 'The key works.' }];
        },
        listGroups: async () => [
          { id: '10', name: 'Incoming' },
          { id: '11', name: 'Billing' },
          { id: '12', name: 'Technical' },
        ],
        listCategories: async () => [
          { id: 'a', name: 'Orders / Late' },
          { id: 'b', name: 'Bills' },
        ],
        async createWebhook({ url }) {
          made.push(url);
          return { secret: 'chosen-by-the-desk' };
        },
        close: async () => void isClosed++,
      };
    },
  });
  return { definition, made, checked, built, closed: () => isClosed };
}

/** The configuration's schema has no type for tests; what is composed for the real types is checked as it is. */
const examineNothing: Examine = async () => {};

function setUp(options: {
  script: Script;
  definitions: readonly ConnectorDefinition[];
  env?: Readonly<Record<string, string>>;
  examine?: Examine;
  onQuestion?: (name: string) => void;
}) {
  const { script, definitions, env = {}, examine, onQuestion } = options;
  const person = createPerson(script, onQuestion);
  const context: InitContext = { asker: person.asker, definitions, env, dir, createSecret: () => 'made-here' };
  return { ...person, result: runInit(context, examine === undefined ? {} : { examine }) };
}

const answers = {
  type: 'desk-in-memory',
  'settings.url': 'https://desk.example',
  'secrets.TOKEN': 'right',
  groups: '10',
  taxonomy: 'categories',
  teams: 'orders',
  'teams.orders': '12',
};

test('a helpdesk is connected, its groups become teams, and its categories the tree', async () => {
  const desk = createDesk();
  const { result, asked } = setUp({ script: answers, definitions: [desk.definition], examine: examineNothing });
  const { files, environment, webhook, connector, findings } = await result;
  expect(files).toEqual(['taxonomy.yaml', 'switchboard.yaml']);
  expect(readdirSync(dir).sort()).toEqual(['switchboard.yaml', 'taxonomy.yaml']);
  expect(connector).toEqual({ name: 'desk', type: 'desk-in-memory', title: 'Desk', mode: 'shadow' });
  expect(environment).toEqual({ SWITCHBOARD_CONNECTORS__DESK__TOKEN: 'right' });
  expect(webhook).toBeNull();
  expect(findings).toEqual([{ status: 'ok', detail: 'The key works.' }]);
  expect(asked).toEqual([
    ...['type', 'name', 'settings.url', 'settings.customFields.intent', 'settings.customFields.confidence'],
    ...['secrets.TOKEN', 'groups', 'taxonomy', 'triage', 'teams', 'teams.orders'],
    ...['webhook', 'secretsTo', 'write'],
  ]);
  expect(parse(read('switchboard.yaml'))).toMatchObject({
    taxonomy: 'taxonomy.yaml',
    triageTeam: 'triage',
    teams: [
      { id: 'triage', name: 'Incoming', owners: { desk: '10' } },
      { id: 'billing', name: 'Billing', owners: { desk: '11' } },
      { id: 'technical', name: 'Technical', owners: { desk: '12' } },
    ],
    connectors: {
      desk: { type: 'desk-in-memory', url: 'https://desk.example', groups: ['Incoming'], mode: 'shadow' },
    },
  });
  const rules = read('switchboard.yaml').match(/^ {2}- \{ name: .*when: .*$/gm);
  expect(rules).toEqual([
    '  - { name: danger, when: { urgency: critical }, then: { team: triage, priority: urgent } }',
    '  - { name: to-billing, when: { intent: bills }, then: { team: billing } }',
    '  - { name: to-technical, when: { intent: orders }, then: { team: technical } }',
  ]);
  expect(desk.checked).toEqual([[], ['10', '11', '12', 'Incoming']]);
  expect(desk.closed()).toBe(desk.built.length);
});

test('no file but that of the environment has a secret', async () => {
  const desk = createDesk();
  const script = { ...answers, webhook: true, webhookUrl: 'https://hooks.example/', secretsTo: 'file' };
  const { result } = setUp({ script, definitions: [desk.definition], examine: examineNothing });
  const { files, environment, environmentFile, webhook } = await result;
  expect(environment).toEqual({});
  expect(environmentFile).toBe('.env.switchboard');
  expect(webhook).toEqual({
    ...{ url: 'https://hooks.example/webhooks/desk', state: 'created', detail: '' },
    reach: expect.stringContaining('`serve` listens on 127.0.0.1:3000: have a proxy'),
  });
  expect(parse(read('switchboard.yaml'))).not.toHaveProperty('server');
  expect(desk.made).toEqual(['https://hooks.example/webhooks/desk']);
  expect(read('.env.switchboard').split('\n').slice(1)).toEqual([
    'SWITCHBOARD_CONNECTORS__DESK__TOKEN=right',
    'SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET=chosen-by-the-desk',
    '',
  ]);
  if (process.platform !== 'win32') expect(statSync(join(dir, '.env.switchboard')).mode & 0o777).toBe(0o600);
  expect(read('.gitignore')).toContain('.env.switchboard\n');
  expect(files).toEqual(['taxonomy.yaml', 'switchboard.yaml', '.env.switchboard', '.gitignore']);
  expect(read('switchboard.yaml')).toContain('# Needs SWITCHBOARD_CONNECTORS__DESK__TOKEN from the environment.');
  expect(`${read('switchboard.yaml')}${read('taxonomy.yaml')}`).not.toMatch(/: right|chosen-by-the-desk/);
});

test.each([
  ['http://127.0.0.1:3456', { port: 3456 }],
  ['http://localhost:3456/webhooks/desk', { port: 3456 }],
  ['http://[::1]:3456/', { host: '::1', port: 3456 }],
  ['https://127.0.0.1:3456', undefined],
  ['http://10.0.0.7:3456', undefined],
])('the server listens where webhooks are sent to on this machine: %s', async (webhookUrl, server) => {
  const script = { ...answers, webhook: true, webhookUrl };
  const { result } = setUp({ script, definitions: [createDesk().definition], examine: examineNothing });
  await result;
  expect(parse(read('switchboard.yaml')).server).toEqual(server);
});

test("the helpdesk's own word for groups is asked for and written, and its fields where they are given", async () => {
  const { definition } = createDesk();
  const about = { ...definition.about, groupsAre: 'queues' as const };
  const script = { ...answers, 'settings.customFields.intent': 'Topic' };
  await setUp({ script, definitions: [{ ...definition, about }], examine: examineNothing }).result;
  expect(parse(read('switchboard.yaml')).connectors.desk).toEqual({
    ...{ type: 'desk-in-memory', url: 'https://desk.example', customFields: { intent: 'Topic' } },
    ...{ queues: ['Incoming'], mode: 'shadow' },
  });
  expect(read('switchboard.yaml')).not.toContain('$schema');
});

test('an answer for an intent below the top gets the ids that can be answered for', async () => {
  const given = { type: 'desk-in-memory', settings: { url: 'https://desk.example' }, secrets: { TOKEN: 'right' } };
  const file = join(dir, 'answers.yaml');
  writeFileSync(file, JSON.stringify({ ...given, taxonomy: 'categories', teams: { 'orders/late': 'Billing' } }));
  const asker = createAnswersAsker(await readAnswers(file), () => {});
  const definitions = [createDesk().definition];
  const context: InitContext = { asker, definitions, env: {}, dir, createSecret: () => 'x', settings: given.settings };
  await expect(runInit(context, { examine: examineNothing })).rejects.toThrow(
    'there is no "orders/late". Write ids of top-level intents: orders, bills; add a rule for a single one below',
  );
});

test('address and key are asked for until the check has nothing against them', async () => {
  const desk = createDesk();
  const script = {
    ...answers,
    'settings.url': ['desk.example', 'https://wrong.example', 'https://away.example', 'https://desk.example'],
    'secrets.TOKEN': ['wrong', 'away', 'right'],
  };
  const { result, said } = setUp({ script, definitions: [desk.definition], examine: examineNothing });
  await result;
  expect(said).toContainEqual(
    expect.stringMatching(/desk\.url is "desk\.example"\. It must begin with http:\/\/ or https:\/\//),
  );
  expect(said).toContainEqual('This does not work yet:\n- Desk refused the key (401).');
  expect(said).toContainEqual('This does not work yet:\n- Desk is away (503).');
  expect(parse(read('switchboard.yaml')).connectors.desk.url).toBe('https://desk.example');
  expect(desk.closed()).toBe(desk.built.length);
});

test('whoever stops at a failed check, or goes on with it, gets what they chose', async () => {
  const desk = createDesk();
  const script = { ...answers, 'secrets.TOKEN': 'wrong' };
  const given = { definitions: [desk.definition], examine: examineNothing };
  const stopped = setUp({ ...given, script: { ...script, whenCheckFails: 'stop' } });
  await expect(stopped.result).rejects.toThrow('Desk refused the key (401).\nNothing was written.');
  expect(readdirSync(dir)).toEqual([]);
  await setUp({ ...given, script: { ...script, whenCheckFails: 'go-on' } }).result;
  expect(existsSync(join(dir, 'switchboard.yaml'))).toBe(true);
});

test('wherever somebody stops, nothing is written and no webhook is made', async () => {
  const script = { ...answers, webhook: true, webhookUrl: 'https://hooks.example', secretsTo: 'file' };
  const questions: string[] = [];
  const options = { script, examine: examineNothing };
  await setUp({ ...options, definitions: [createDesk().definition], onQuestion: (name) => questions.push(name) })
    .result;
  for (const name of readdirSync(dir)) rmSync(join(dir, name));
  expect(questions.at(-1)).toBe('write');
  for (const [index] of questions.entries()) {
    const desk = createDesk();
    let count = 0;
    const onQuestion = () => {
      if (count++ === index) throw new SwitchboardError({ code: 'internal', message: 'Stopped.' });
    };
    await expect(setUp({ ...options, definitions: [desk.definition], onQuestion }).result).rejects.toThrow('Stopped.');
    expect([questions[index], readdirSync(dir), desk.made]).toEqual([questions[index], [], []]);
    expect(desk.closed()).toBe(desk.built.length);
  }
});

test('a secret in the environment is not asked for, and not printed again', async () => {
  const desk = createDesk();
  const env = { SWITCHBOARD_CONNECTORS__DESK__TOKEN: 'right' };
  const { result, asked } = setUp({ script: answers, definitions: [desk.definition], env, examine: examineNothing });
  expect((await result).environment).toEqual({});
  expect(asked).not.toContain('secrets.TOKEN');
});

test('a file that exists is replaced only with a yes, before anything else is asked', async () => {
  writeFileSync(join(dir, 'switchboard.yaml'), 'mine');
  const desk = createDesk();
  const given = { definitions: [desk.definition], examine: examineNothing };
  const refused = setUp({ ...given, script: answers });
  await expect(refused.result).rejects.toThrow(/switchboard\.yaml exists in .*nothing was written/);
  expect(refused.asked).toEqual(['overwrite']);
  expect(read('switchboard.yaml')).toBe('mine');

  writeFileSync(join(dir, 'taxonomy.yaml'), 'mine too');
  const half = setUp({ ...given, script: { ...answers, overwrite: [true, false] } });
  await expect(half.result).rejects.toThrow(/taxonomy\.yaml exists/);
  expect([read('switchboard.yaml'), read('taxonomy.yaml')]).toEqual(['mine', 'mine too']);

  await setUp({ ...given, script: { ...answers, overwrite: true } }).result;
  expect(read('switchboard.yaml')).toContain('type: desk-in-memory');
});

test('a webhook that cannot be made is no reason to write nothing', async () => {
  const desk = createDesk();
  const definition: ConnectorDefinition = {
    ...desk.definition,
    create: async (context) => ({
      ...(await desk.definition.create(context)),
      createWebhook: () =>
        Promise.reject(
          new ConnectorError({ connector: 'desk', status: 403, retryable: false, message: 'Only for administrators.' }),
        ),
    }),
  };
  const script = { ...answers, webhook: true, webhookUrl: 'https://hooks.example' };
  const { environment, webhook } = await setUp({ script, definitions: [definition], examine: examineNothing }).result;
  expect(webhook).toMatchObject({ state: 'failed', detail: expect.stringContaining('Only for administrators.') });
  expect(environment).toMatchObject({ SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET: 'made-here' });
  expect(existsSync(join(dir, 'switchboard.yaml'))).toBe(true);
});

test('the generic webhook gets its mapping and a secret, and can be used as it is', async () => {
  const script = {
    ...{ type: 'webhook', taxonomy: 'sample', examples: 'none' },
    ...{ 'settings.receive.id': ['not a path', 'ticket.id'], 'settings.receive.body': 'ticket.text' },
    ...{ 'settings.receive.signature.header': 'X-Signature', webhook: true, webhookUrl: 'https://hooks.example' },
  };
  const { result } = setUp({ script, definitions: [fileConnector, webhookConnector] });
  const { webhook, environment } = await result;
  expect(environment).toEqual({ SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET: 'made-here' });
  expect(webhook).toMatchObject({ state: 'by-hand', url: 'https://hooks.example/webhooks/desk' });
  expect(parse(read('switchboard.yaml')).connectors.desk).toEqual({
    type: 'webhook',
    receive: { id: 'ticket.id', body: 'ticket.text', signature: { header: 'X-Signature' } },
    mode: 'shadow',
  });
});

test('a file of the user is used as it is, and asked for again when it is wrong', async () => {
  writeFileSync(join(dir, 'taxonomy.yaml'), 'name: Mine\nintents: [{ id: a, name: A }, { id: b, name: B }]\n');
  writeFileSync(join(dir, 'mine.jsonl'), `${JSON.stringify({ id: '1', body: 'hello', intent: 'a' })}\n`);
  const script = {
    ...{ type: 'file', taxonomyFile: ['missing.yaml', 'taxonomy.yaml'] },
    ...{ examples: 'file', examplesFile: ['nothing.jsonl', 'mine.jsonl'] },
  };
  const { result, said } = setUp({ script, definitions: [fileConnector] });
  expect((await result).files).toEqual(['switchboard.yaml']);
  expect(said).toContainEqual(expect.stringContaining('the taxonomy file does not exist'));
  expect(parse(read('switchboard.yaml'))).toMatchObject({ taxonomy: 'taxonomy.yaml', examples: ['mine.jsonl'] });
});

test('examples that do not fit the tree are named, and nothing is written', async () => {
  writeFileSync(join(dir, 'tree.yaml'), 'name: Mine\nintents: [{ id: a, name: A }]\n');
  writeFileSync(join(dir, 'mine.jsonl'), `${JSON.stringify({ id: '1', body: 'hello', intent: 'other' })}\n`);
  const script = {
    type: 'file',
    taxonomy: 'file',
    taxonomyFile: 'tree.yaml',
    examples: 'file',
    examplesFile: 'mine.jsonl',
  };
  await expect(setUp({ script, definitions: [fileConnector] }).result).rejects.toThrow(/mine\.jsonl:1: .*"other"/);
  expect(readdirSync(dir).sort()).toEqual(['mine.jsonl', 'tree.yaml']);
});
