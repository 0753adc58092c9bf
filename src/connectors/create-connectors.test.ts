import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigurationError, ConnectorError } from '../errors.ts';
import { sampleClassification, sampleDecision } from '../testing/sample-values.ts';
import { connectorsSchema, connectorsSchemaOf } from './connector-settings.ts';
import { createConnectors } from './create-connectors.ts';
import { defineConnector } from './definition.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'switchboard-connectors-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const file = 'switchboard.yaml';
const closed: string[] = [];

/** A helpdesk with a required and an optional secret. */
const pigeonLoft = defineConnector({
  type: 'pigeon-loft',
  description: 'Ties decisions to pigeons.',
  settings: z.strictObject({ url: z.url(), pigeons: z.number().int().default(3) }),
  secrets: [
    { name: 'TOKEN', required: true, description: 'the token that the loft keeper hands out' },
    { name: 'WEBHOOK_SECRET', required: false, description: 'what pigeons are ringed with' },
  ],
  async create({ name, settings, secrets }) {
    if (settings.url.endsWith('/closed')) {
      throw new ConnectorError({ connector: name, retryable: false, message: 'The loft is closed.' });
    }
    return {
      name,
      type: 'pigeon-loft',
      deliver: async () => ({
        state: 'delivered',
        detail: `${settings.pigeons} pigeons, ${secrets.TOKEN.length} letters, ${secrets.WEBHOOK_SECRET ?? 'no ring'}`,
      }),
      close: async () => void closed.push(name),
    };
  },
});
const definitions = [pigeonLoft];
const settingsOf = (value: unknown) => connectorsSchemaOf(definitions).parse(value);
const request = {
  ticket: { id: 't-1', body: 'Where is it?' },
  classification: sampleClassification(),
  decision: sampleDecision({ id: 'd-1' }),
};

test('a connector is built with its own settings and secrets', async () => {
  const settings = settingsOf({ loft: { type: 'pigeon-loft', url: 'http://127.0.0.1', mode: 'auto' } });
  const secrets = { loft: { TOKEN: 'abc' } };
  const connectors = await createConnectors({ settings, secrets, dataDir, file, definitions });
  expect(await connectors.get('loft')?.deliver(request)).toEqual({
    state: 'delivered',
    detail: '3 pigeons, 3 letters, no ring',
  });
});

test('every missing secret and every unknown type is listed', async () => {
  const settings = {
    ...settingsOf({
      'north-loft': { type: 'pigeon-loft', url: 'http://127.0.0.1' },
      loft: { type: 'pigeon-loft', url: 'http://127.0.0.1' },
    }),
    owl: { type: 'owl', mode: 'auto' as const, modes: {} },
  };
  const building = createConnectors({
    settings,
    secrets: { loft: { WEBHOOK_SECRET: 'x' } },
    dataDir,
    file,
    definitions,
  });
  const error = await building.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({
    problems: [
      { message: 'connectors.north-loft needs SWITCHBOARD_CONNECTORS__NORTH_LOFT__TOKEN, which is not set' },
      {
        message: 'connectors.loft needs SWITCHBOARD_CONNECTORS__LOFT__TOKEN, which is not set',
        cure: 'Set it in the environment: the token that the loft keeper hands out.',
      },
      { message: 'connectors.owl.type: there is no connector type "owl"', cure: 'Use one of: pigeon-loft.' },
    ],
  });
});

test('connectors that were built are closed when a later one cannot be built', async () => {
  const settings = settingsOf({
    first: { type: 'pigeon-loft', url: 'http://127.0.0.1' },
    second: { type: 'pigeon-loft', url: 'http://127.0.0.1/closed' },
  });
  const secrets = { first: { TOKEN: 'a' }, second: { TOKEN: 'b' } };
  const building = createConnectors({ settings, secrets, dataDir, file, definitions });
  await expect(building).rejects.toBeInstanceOf(ConnectorError);
  expect(closed).toEqual(['first']);
});

test('the file connector writes to the configured path', async () => {
  const settings = connectorsSchema.parse({ crm: { type: 'file', path: 'here/lines.jsonl' } });
  const [connector] = (await createConnectors({ settings, secrets: {}, dataDir, file })).values();
  await connector?.deliver(request);
  await connector?.close?.();
  expect(await readFile(join(dataDir, 'here/lines.jsonl'), 'utf8')).toContain('d-1');
});
