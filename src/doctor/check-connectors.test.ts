import { expect, test } from 'vitest';
import { z } from 'zod';
import { configSchema } from '../config/config-schema.ts';
import type { Connector } from '../connectors/connector.ts';
import { sharedFieldsSchema } from '../connectors/connector-settings.ts';
import { defineConnector } from '../connectors/definition.ts';
import { ConnectorError } from '../errors.ts';
import { checkConnectors } from './check-connectors.ts';

/** A type of connector whose check does this. */
function definitionOf(check: Connector['check'], closed: string[] = []) {
  return defineConnector({
    type: 'desk',
    description: 'A helpdesk.',
    settings: z.strictObject({}),
    secrets: [{ name: 'TOKEN', required: true, description: 'the key' }],
    about: { title: 'Sample Desk', rights: [], limits: [] },
    create: async ({ name }) => ({
      ...{ name, type: 'desk', deliver: async () => ({ state: 'delivered' as const }) },
      ...(check && { check }),
      close: async () => void closed.push(name),
    }),
  });
}

const desk = { type: 'desk', ...sharedFieldsSchema.parse({ mode: 'assist', groups: ['Incoming', '7'] }) };
const teams = [
  { id: 'billing', name: 'Billing', owners: { desk: '7', other: '8' } },
  { id: 'triage', name: 'Triage', owners: { desk: '9' } },
];
const run = (
  check: Connector['check'],
  { secrets = { desk: { TOKEN: 't-1' } }, closed = [], timeoutMs = 5_000 }: Partial<Options> = {},
) => {
  const settings = { ...configSchema.parse({ taxonomy: 'taxonomy.yaml', teams }), connectors: { desk } };
  const all = { connectors: secrets, token: null, anthropicApiKey: null, anthropicBaseUrl: null, databaseUrl: null };
  return checkConnectors(
    { settings, secrets: { ...all, voyageApiKey: null } },
    { definitions: [definitionOf(check, closed)], timeoutMs },
  );
};
type Options = { secrets: Record<string, Record<string, string>>; closed: string[]; timeoutMs: number };

test('gives each connector the groups of its teams and of its intake, and closes it', async () => {
  const closed: string[] = [];
  const findings = await run(async ({ groups }) => [{ status: 'ok', detail: groups.join(', ') }], { closed });
  expect(findings).toMatchObject([{ check: 'connector desk', status: 'ok', detail: '7, 9, Incoming' }]);
  expect(closed).toMatchObject(['desk']);
});

test('says what is configured where there is nothing to check', async () => {
  expect(await run(undefined)).toMatchObject([
    { check: 'connector desk', status: 'ok', detail: 'Sample Desk, mode assist' },
  ]);
});

test('reports a missing secret, a refused key and a helpdesk that does not reply', async () => {
  const check = 'connector desk';
  expect(await run(undefined, { secrets: {} })).toMatchObject([
    { check, status: 'failed', detail: expect.stringContaining('needs SWITCHBOARD_CONNECTORS__DESK__TOKEN') },
  ]);
  const refused = new ConnectorError({ connector: 'desk', retryable: true, message: 'The helpdesk refused the key.' });
  expect(await run(() => Promise.reject(refused))).toMatchObject([
    { check, status: 'failed', detail: 'The helpdesk refused the key.' },
  ]);
  expect(await run(() => new Promise(() => {}), { timeoutMs: 0 })).toMatchObject([
    { check, status: 'failed', detail: expect.stringContaining('did not reply') },
  ]);
});
