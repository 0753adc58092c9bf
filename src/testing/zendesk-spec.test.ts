// Our requests to Zendesk, and the answers of its fake, against the OpenAPI document that Zendesk publishes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { onFirstUse } from '../base/on-first-use.ts';
import type { ChangedPage } from '../connectors/connector.ts';
import { sampleClassification, sampleDecision } from './sample-values.ts';
import { openZendeskDesk } from './zendesk-desk.ts';

const folder = process.env.TEST_SHARED_DATA;
const { signal } = new AbortController();

type Schema = { readonly [name: string]: unknown };
type Operation = {
  readonly parameters?: readonly Schema[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly responses: Readonly<
    Record<string, { readonly content: { readonly 'application/json': { readonly schema: Schema } } }>
  >;
};
type Document = {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, Operation>> & { readonly parameters?: readonly Schema[] }>
  >;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Schema>>;
  };
};

/** Calls that the document does not have: it covers Support without webhooks. */
const undocumented = /^\/api\/v2\/webhooks/;
/** Of every list, by the documentation of pagination. `include` is documented in prose, with its side loads. */
const everywhere = new Set(['page[size]', 'page[after]', 'include']);

/**
 * As published, but with null allowed in every value: the document leaves out most of them, also in its own examples.
 * Keys of a request that it does not name are refused.
 */
function compile(document: Document) {
  const relax = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(relax);
    if (typeof value !== 'object' || value === null) return value;
    const relaxed = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, relax(part)]));
    const { enum: words, type } = relaxed;
    if (typeof type !== 'string') return relaxed;
    return { ...relaxed, nullable: true, ...(Array.isArray(words) && { enum: [...words, null] }) };
  };
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'zendesk', components: relax(document.components) });
  const ref = (schema: Schema): Schema =>
    JSON.parse(JSON.stringify(relax(schema)).replaceAll('"#/components/', '"zendesk#/components/')) as Schema;
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  return (schema: Schema, value: unknown): readonly string[] => {
    const key = JSON.stringify(schema);
    const validate = compiled.get(key) ?? ajv.compile(ref(schema));
    compiled.set(key, validate);
    return validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

/**
 * With two mistakes of the document mended, which its other parts have right: it describes the fields of an update as
 * definitions of fields, and the changes that an update returns as if none could be of tags.
 */
const readDocument = onFirstUse((): Document => {
  // The cast: the test fails where the document is otherwise.
  const document = parse(readFileSync(join(folder ?? '', 'zendesk-oas-2025-05.yaml'), 'utf8')) as Document;
  const { TicketUpdateInput: update, TicketObject: ticket, TicketUpdateResponse: reply } = document.components.schemas;
  const propertiesOf = (schema: Schema | undefined) => schema?.properties as Record<string, unknown>;
  propertiesOf(update).custom_fields = propertiesOf(ticket).custom_fields;
  propertiesOf(reply).audit = { $ref: '#/components/schemas/TicketAuditObject' };
  return document;
});

const title =
  folder === undefined
    ? 'Zendesk against its OpenAPI document (skipped: TEST_SHARED_DATA is not set)'
    : 'Zendesk against its OpenAPI document';

describe.skipIf(folder === undefined)(title, () => {
  test('every request of the connector, and every answer of the fake, is as documented', async () => {
    const document = readDocument();
    const validate = compile(document);
    await using desk = await openZendeskDesk({ exportPageSize: 2 });
    await useEverything(desk);
    const templates = Object.keys(document.paths);
    const seen = new Set<string>();
    for (const call of desk.zendesk.calls) {
      if (undocumented.test(call.path)) continue;
      const template = templates.find((path) => path === call.path) ?? templates.find((path) => fits(path, call.path));
      const operation = template === undefined ? undefined : document.paths[template]?.[call.method.toLowerCase()];
      if (template === undefined || operation === undefined)
        throw new Error(`${call.method} ${call.path} is not documented`);
      seen.add(`${call.method} ${template}`);
      const parameters = [...(document.paths[template]?.parameters ?? []), ...(operation.parameters ?? [])].map(
        (parameter) => {
          const [, name] = /^#\/components\/parameters\/(.+)$/.exec(String(parameter.$ref)) ?? [];
          return name === undefined ? parameter : document.components.parameters[name];
        },
      );
      const names = new Set(parameters.flatMap((parameter) => (parameter?.in === 'query' ? [parameter.name] : [])));
      for (const key of new URLSearchParams(call.query).keys()) {
        expect(names.has(key) || everywhere.has(key), `${call.method} ${template} takes ${key}`).toBe(true);
      }
      const wanted = operation.requestBody?.content['application/json'].schema;
      if (wanted !== undefined) {
        expect(validate(wanted, call.body), `the body of ${call.method} ${call.path}`).toEqual([]);
        expectKnownKeys(document, call.body);
      }
      if (call.status !== 200) continue;
      const answer = operation.responses['200']?.content['application/json'].schema;
      if (answer === undefined) throw new Error(`the answer of ${template} is not documented`);
      expect(validate(answer, call.reply), `the answer to ${call.method} ${call.path}`).toEqual([]);
    }
    expect([...seen].toSorted()).toEqual([
      'GET /api/v2/brands',
      'GET /api/v2/custom_statuses',
      'GET /api/v2/groups',
      'GET /api/v2/groups/assignable',
      'GET /api/v2/incremental/tickets/cursor',
      'GET /api/v2/organization_fields',
      'GET /api/v2/tags',
      'GET /api/v2/ticket_fields',
      'GET /api/v2/tickets/{ticket_id}',
      'GET /api/v2/tickets/{ticket_id}/audits',
      'GET /api/v2/user_fields',
      'GET /api/v2/users/me',
      'PUT /api/v2/tickets/{ticket_id}',
    ]);
  });

  test('the check finds what is not as documented', () => {
    const document = readDocument();
    const validate = compile(document);
    const schema = { $ref: '#/components/schemas/TicketUpdateRequest' };
    expect(validate(schema, { ticket: { group_id: '1', priority: 'high' } })).toEqual([
      '/ticket/group_id must be integer',
    ]);
    expect(validate(schema, { ticket: { priority: 'HIGH' } })).toHaveLength(1);
    expect(() => expectKnownKeys(document, { ticket: { group: 1 } })).toThrow(/group/);
  });
});

const fits = (template: string, path: string) =>
  new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '\\d+')}$`).test(path);

/** `metadata` is described with the ticket, as a field that is only written. */
function expectKnownKeys({ components }: Document, body: unknown): void {
  const { ticket = {} } = body as { ticket?: object };
  const names = ['TicketUpdateInput', 'TicketObject'].flatMap((schema) =>
    Object.keys((components.schemas[schema]?.properties as object | undefined) ?? {}),
  );
  for (const key of Object.keys(ticket)) expect(names, `"${key}" of an update`).toContain(key);
}

/** Makes every call that the connector can make. */
async function useEverything(desk: Awaited<ReturnType<typeof openZendeskDesk>>): Promise<void> {
  const { zendesk, clock, ana, lea, billing } = desk;
  zendesk.account.statuses.set(9, { id: 9, agent_label: 'Waiting', status_category: 'open' });
  zendesk.account.triggers.push({
    id: 35,
    title: 'Premium first',
    fire: (_, { isCreated }) => (isCreated ? { priority: 'normal', tags: ['premium'] } : null),
  });
  const connector = desk.connect({
    settings: {
      tier: 'organization_fields.plan',
      attributes: { region: 'user_fields.region' },
      agents: { ana: ana.id },
    },
    shared: { brands: ['Acme'], statuses: ['Waiting'], groups: ['Triage'] },
  });
  const asked = desk.ask('I was charged twice', { attachments: 1 });
  desk.ask();
  desk.ask();
  zendesk.tickets.update(asked.id, { by: lea.id, changes: { comment: { body: 'Hello?' }, custom_status_id: 9 } });
  clock.advance(120_000);
  const externalId = String(asked.id);
  await connector.readTicket?.(externalId, signal);
  const request = {
    ticket: { id: `desk:${externalId}`, body: 'x', source: { connector: 'desk', externalId } },
    classification: sampleClassification({ intent: 'billing/double-charge' }),
    decision: sampleDecision({ id: 'd-1', assignee: 'ana', priority: 'high', tags: ['routed'], mode: 'auto' }),
    owner: String(billing.id),
    based: null,
    note: 'Looks like billing',
  };
  const result = await connector.deliver(request);
  if (result.state !== 'delivered' || result.written === undefined) throw new Error(`it was ${result.state}`);
  clock.advance(60_000);
  await connector.undo?.({ externalId, decisionId: 'd-1', written: result.written, note: 'Taken back', signal });
  clock.advance(120_000);
  for (let cursor: string | null = null; ; ) {
    const page: ChangedPage | undefined = await connector.listChanged?.({ cursor, since: new Date(0), signal });
    if (page === undefined || page.isEnd) break;
    cursor = page.cursor;
  }
  await connector.check?.({ groups: [String(billing.id), '99'], signal });
  await connector.listGroups?.(signal);
  await connector.listCategories?.(signal);
  zendesk.account.fields.clear();
  clock.advance(700_000);
  await desk.connect({ shared: { customFields: {} } }).listCategories?.(signal);
  await connector.createWebhook?.({ url: 'https://switchboard.acme.example/webhooks/desk', signal });
}
