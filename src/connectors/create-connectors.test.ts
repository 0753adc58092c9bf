import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigurationError, ConnectorError } from '../errors.ts';
import { sampleClassification, sampleDecision } from '../testing/sample-values.ts';
import { connectorsSchema, connectorsSchemaOf, sharedFieldsSchema } from './connector-settings.ts';
import { createConnectors, findEntryDoubts } from './create-connectors.ts';
import { defineConnector } from './definition.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'switchboard-connectors-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const file = 'switchboard.yaml';
const closed: string[] = [];

/** A helpdesk with a required and an optional secret. */
const sampleDesk = defineConnector({
  type: 'sample-desk',
  description: 'Writes decisions to a sample helpdesk.',
  settings: z.strictObject({ url: z.url(), retries: z.number().int().default(3) }),
  secrets: [
    { name: 'TOKEN', required: true, description: 'the API token of the helpdesk' },
    { name: 'WEBHOOK_SECRET', required: false, description: 'the secret that signs webhooks' },
  ],
  about: { title: 'Sample desk', rights: [], limits: [] },
  async create({ name, settings, secrets }) {
    if (settings.url.endsWith('/closed')) {
      throw new ConnectorError({ connector: name, retryable: false, message: 'The helpdesk is closed.' });
    }
    return {
      name,
      type: 'sample-desk',
      deliver: async () => ({
        state: 'delivered',
        detail: `${settings.retries} retries, token ${secrets.TOKEN}, ${secrets.WEBHOOK_SECRET ?? 'no webhook secret'}`,
      }),
      close: async () => void closed.push(name),
    };
  },
});
const definitions = [sampleDesk];
const settingsOf = (value: unknown) => connectorsSchemaOf(definitions).parse(value);
const request = {
  ticket: { id: 't-1', body: 'Where is it?' },
  classification: sampleClassification(),
  owner: null,
  based: null,
  note: '',
  decision: sampleDecision({ id: 'd-1' }),
};

test('a connector is built with its own settings and secrets', async () => {
  const settings = settingsOf({ desk: { type: 'sample-desk', url: 'http://127.0.0.1', mode: 'auto' } });
  const secrets = { desk: { TOKEN: 'abc' } };
  const connectors = await createConnectors({ settings, secrets, dataDir, file, definitions });
  expect(await connectors.get('desk')?.deliver(request)).toEqual({
    state: 'delivered',
    detail: '3 retries, token abc, no webhook secret',
  });
});

test('every missing secret and every unknown type is listed', async () => {
  const settings = {
    ...settingsOf({
      'north-desk': { type: 'sample-desk', url: 'http://127.0.0.1' },
      desk: { type: 'sample-desk', url: 'http://127.0.0.1' },
    }),
    other: { ...sharedFieldsSchema.parse({ mode: 'auto' }), type: 'unknown' },
  };
  const building = createConnectors({
    settings,
    secrets: { desk: { WEBHOOK_SECRET: 'x' } },
    dataDir,
    file,
    definitions,
  });
  const error = await building.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({
    problems: [
      { message: 'connectors.north-desk needs SWITCHBOARD_CONNECTORS__NORTH_DESK__TOKEN, which is not set' },
      {
        message: 'connectors.desk needs SWITCHBOARD_CONNECTORS__DESK__TOKEN, which is not set',
        cure: 'Set it in the environment: the API token of the helpdesk.',
      },
      { message: 'connectors.other.type: there is no connector type "unknown"', cure: 'Use one of: sample-desk.' },
    ],
  });
});

test('connectors that were built are closed when a later one cannot be built', async () => {
  const settings = settingsOf({
    first: { type: 'sample-desk', url: 'http://127.0.0.1' },
    second: { type: 'sample-desk', url: 'http://127.0.0.1/closed' },
  });
  const secrets = { first: { TOKEN: 'a' }, second: { TOKEN: 'b' } };
  const building = createConnectors({ settings, secrets, dataDir, file, definitions });
  await expect(building).rejects.toBeInstanceOf(ConnectorError);
  expect(closed).toEqual(['first']);
});

test('shared fields that do nothing for a type are doubted, where somebody has set them', () => {
  const timestamp = { header: 'X-Time', format: 'seconds' };
  const receive = { id: 'id', body: 'text', deliveryId: 'X-Id', signature: { header: 'X-Signature', timestamp } };
  const doubtsOf = (entry: object) =>
    findEntryDoubts({ settings: connectorsSchema.parse({ desk: entry }), secrets: {}, file }).map(
      ({ message }) => message,
    );
  expect(doubtsOf({ type: 'file' })).toEqual([]);
  expect(doubtsOf({ type: 'file', mode: 'auto', poll: 'off' })).toEqual([]);
  expect(doubtsOf({ type: 'file', poll: '30s', groups: 'Incoming', customFields: { intent: 7 } })).toEqual([
    'connectors.desk.poll: a connector of the type "file" does nothing with it',
    'connectors.desk.groups: a connector of the type "file" does nothing with it',
    'connectors.desk.customFields: a connector of the type "file" does nothing with it',
  ]);
  expect(doubtsOf({ type: 'webhook', receive, groups: 'Incoming', note: 'To {team}' })).toEqual([
    'connectors.desk.groups: which group a ticket is in is not known, so none of them is in these',
    'connectors.desk.note: neither `deliver` nor `assist` sends the note',
  ]);
  const deliver = { url: 'https://desk.example/notes', body: { text: 'Hello. {note}' } };
  const sound = {
    type: 'webhook',
    receive: { ...receive, group: 'queue' },
    deliver,
    groups: 'Incoming',
    note: '{team}',
  };
  expect(doubtsOf(sound)).toEqual([]);
  expect(doubtsOf({ ...sound, note: '{teem} {team} {Decision}' })).toEqual([
    'connectors.desk.note: there is no field {teem}, so it stays as it is',
    'connectors.desk.note: there is no field {Decision}, so it stays as it is',
  ]);
});

test('the file connector writes to the configured path', async () => {
  const settings = connectorsSchema.parse({ crm: { type: 'file', path: 'here/lines.jsonl' } });
  const [connector] = (await createConnectors({ settings, secrets: {}, dataDir, file })).values();
  await connector?.deliver(request);
  await connector?.close?.();
  expect(await readFile(join(dataDir, 'here/lines.jsonl'), 'utf8')).toContain('d-1');
});

test('two connectors of one helpdesk that take in the same tickets are doubted', () => {
  const rt = { type: 'request-tracker', url: 'https://rt.acme.example/' };
  const doubtsOf = (first: object, second: object) =>
    findEntryDoubts({
      settings: connectorsSchema.parse({ first: { ...rt, ...first }, second: { ...rt, ...second } }),
      secrets: { first: { TOKEN: 'a' }, second: { TOKEN: 'b' } },
      file,
    }).map(({ message }) => message);
  const doubt =
    'connectors.second.url: "first" is the same helpdesk and takes in the same tickets, so each of them is decided and written twice';
  expect(doubtsOf({}, { url: 'https://RT.acme.example' })).toEqual([doubt]);
  expect(doubtsOf({ queues: ['General'] }, {})).toEqual([doubt]);
  expect(doubtsOf({ queues: ['General', 'Sales'] }, { groups: ['sales'] })).toEqual([doubt]);
  expect(doubtsOf({ queues: ['General'] }, { queues: ['Sales'] })).toEqual([]);
  expect(doubtsOf({}, { url: 'https://rt.other.example' })).toEqual([]);
});
