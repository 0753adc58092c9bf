import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openZendeskDesk, type ZendeskDesk } from '../../testing/zendesk-desk.ts';
import { connectorsSchema } from '../connector-settings.ts';
import { findEntryDoubts, findEntryProblems } from '../create-connectors.ts';
import { PUBLIC_TEST_SECRET } from './definition.ts';

const { signal } = new AbortController();
let desk: ZendeskDesk;
beforeEach(async () => {
  desk = await openZendeskDesk();
});
afterEach(() => desk[Symbol.asyncDispose]());

describe('the configuration', () => {
  const entry = { type: 'zendesk', url: 'https://acme.zendesk.com', email: 'bot@acme.example' };
  const problemsOf = (more: object, secrets: Record<string, string>) =>
    findEntryProblems({
      settings: connectorsSchema.parse({ desk: { ...entry, ...more } }),
      secrets: { desk: secrets },
      file: 'switchboard.yaml',
    }).map(({ message }) => message);

  test('the secret that Zendesk publishes for tests is refused', () => {
    expect(problemsOf({}, { TOKEN: 't', WEBHOOK_SECRET: PUBLIC_TEST_SECRET })).toEqual([
      expect.stringContaining('SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET is the secret that Zendesk publishes'),
    ]);
    expect(problemsOf({}, { TOKEN: 't', WEBHOOK_SECRET: 'own' })).toEqual([]);
    expect(problemsOf({}, {})).toEqual([expect.stringContaining('DESK__TOKEN, which is not set')]);
  });

  test('without webhooks and polls nothing would arrive', () => {
    expect(problemsOf({ poll: 'off' }, { TOKEN: 't' })).toEqual([expect.stringContaining('no ticket arrives')]);
    expect(problemsOf({ poll: 'off' }, { TOKEN: 't', WEBHOOK_SECRET: 'own' })).toEqual([]);
  });

  test('queues are doubtful', () => {
    const settings = connectorsSchema.parse({ desk: { ...entry, queues: ['A'] } });
    const doubts = findEntryDoubts({ settings, secrets: {}, file: 'switchboard.yaml' });
    expect(doubts.map(({ cure }) => cure)).toEqual(['Name them as `groups`.']);
  });

  test.each(['http://acme.zendesk.com', 'https://acme.zendesk.com/api/v2', 'https://a:b@acme.zendesk.com', 'ftp://x'])(
    'the address %s is refused',
    (url) => {
      expect(connectorsSchema.safeParse({ desk: { ...entry, url } }).success).toBe(false);
    },
  );
  test.each(['https://acme.zendesk.com/', 'http://127.0.0.1:8080', 'http://localhost:1'])(
    'the address %s is fine',
    (url) => {
      expect(connectorsSchema.safeParse({ desk: { ...entry, url } }).success).toBe(true);
    },
  );
});

describe('check', () => {
  const check = async (groups: readonly string[], given: Parameters<ZendeskDesk['connect']>[0] = {}) =>
    (await desk.connect(given).check?.({ groups, signal })) ?? [];
  const failed = (findings: Awaited<ReturnType<typeof check>>) =>
    findings.flatMap(({ status, detail }) => (status === 'failed' ? [detail] : []));

  test('an account that may do everything, and names that exist, are fine', async () => {
    const findings = await check([String(desk.billing.id)], {
      settings: { tier: 'organization_fields.plan', attributes: { region: 'user_fields.region' } },
      shared: { groups: ['Triage'], brands: ['Acme'], statuses: ['open'], customFields: { intent: 'Intent' } },
    });
    expect(findings).toEqual([
      { status: 'ok', detail: 'signed in as bot@acme.example, an administrator' },
      { status: 'ok', detail: '2 of 2 groups found' },
      { status: 'ok', detail: 'customFields.intent: a dropdown with 2 options; a value without an option is left out' },
    ]);
  });

  test('an agent may receive webhooks, but not export', async () => {
    const given = { email: desk.ana.email };
    expect(failed(await check([], given))).toEqual([expect.stringContaining('is no administrator')]);
    expect(failed(await check([], { ...given, shared: { poll: 'off' } }))).toEqual([]);
  });

  test('everything that does not exist is named', async () => {
    const findings = await check(['99', String(desk.hidden.id)], {
      settings: { tier: 'user_fields.nope', attributes: { x: 'ticket_fields.98' } },
      shared: {
        groups: ['Nowhere'],
        brands: ['Nobrand'],
        statuses: ['Nostatus'],
        customFields: { intent: 'Gone', confidence: desk.intent.id },
      },
    });
    expect(failed(findings)).toEqual([
      expect.stringMatching(/no group 99/),
      expect.stringMatching(/no group Nowhere/),
      'there is no brand Nobrand',
      'there is no status Nostatus',
      'customFields.intent: there is no active ticket field "Gone"',
      'customFields.confidence: the field "Intent" is of type tagger, and not decimal or integer or text',
      'tier: there is no field user_fields.nope',
      'attributes.x: there is no field ticket_fields.98',
    ]);
    expect(findings).toContainEqual({
      status: 'note',
      detail: `tickets cannot be assigned to the group ${desk.hidden.id}`,
    });
  });

  test('a wrong key rejects', async () => {
    await expect(check([], { token: 'wrong' })).rejects.toMatchObject({ status: 401 });
  });
});

test('groups that tickets can be assigned to are listed', async () => {
  expect(await desk.connect().listGroups?.(signal)).toEqual([
    { id: String(desk.triage.id), name: 'Triage' },
    { id: String(desk.billing.id), name: 'Billing' },
  ]);
});

test('categories are the options of the intent field, else of the dropdown that sounds like one, else tags', async () => {
  const list = async (customFields: object) => desk.connect({ shared: { customFields } }).listCategories?.(signal);
  const intents = [
    { id: 'billing_double_charge', name: 'Billing / Double charge' },
    { id: 'orders_status', name: 'Orders / Status' },
  ];
  desk.zendesk.addField({
    type: 'tagger',
    title: 'Country',
    options: ['at', 'ch', 'de'].map((code) => [code, code] as const),
  });
  expect(await list({ intent: 'Intent' })).toEqual(intents);
  expect(await list({})).toEqual(intents);
  desk.zendesk.account.fields.clear();
  desk.ask('x', { tags: ['refund'] });
  expect(await list({})).toEqual([
    { id: 'refund', name: 'refund' },
    { id: 'vip', name: 'vip' },
  ]);
});

test('a webhook is created once, with events of tickets, and its secret is returned', async () => {
  const create = () =>
    desk.connect().createWebhook?.({ url: 'https://switchboard.acme.example/webhooks/desk', signal });
  const first = await create();
  expect(await create()).toEqual(first);
  const [webhook, ...others] = desk.zendesk.webhooks.webhooks;
  expect(others).toEqual([]);
  expect(first).toEqual({ secret: webhook?.secret });
  expect(webhook?.subscriptions).toContain('zen:event-type:ticket.permanently_deleted');
  const receiver = desk.connect({ webhookSecret: first?.secret ?? '' }).webhook;
  const asked = desk.zendesk.tickets.create({ requester_id: desk.lea.id, body: 'Hello' });
  const [push] = desk.zendesk.webhooks.take();
  if (push === undefined) throw new TypeError('a webhook expected');
  const request = { headers: push.headers(), body: Buffer.from(push.body) };
  expect(receiver?.findFault(request, new Date(desk.clock.now()))).toBeNull();
  expect(receiver?.read(request)).toEqual([{ externalId: String(asked.id) }]);
});
