// The double refuses what Zendesk refuses, so that a test which passes on it says something.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeZendeskEmail, fakeZendeskToken } from './fake-zendesk.ts';
import type { FakeTicket } from './fake-zendesk-records.ts';
import { openZendeskDesk, type ZendeskDesk } from './zendesk-desk.ts';

let desk: ZendeskDesk;
let asked: FakeTicket;
beforeEach(async () => {
  desk = await openZendeskDesk();
  asked = desk.ask();
});
afterEach(() => desk[Symbol.asyncDispose]());

const call = async (
  method: string,
  path: string,
  given: { body?: unknown; login?: string; key?: string } = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> => {
  const { login = `${fakeZendeskEmail}/token`, key = fakeZendeskToken, body } = given;
  const response = await fetch(`${desk.zendesk.url}/api/v2/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${login}:${key}`).toString('base64')}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
};
const put = async (ticket: object) => (await call('PUT', `tickets/${asked.id}`, { body: { ticket } })).status;

test('only the account with its key may call', async () => {
  expect((await call('GET', 'users/me')).status).toBe(200);
  expect((await call('GET', 'users/me', { key: 'wrong' })).status).toBe(401);
  expect((await call('GET', 'users/me', { login: fakeZendeskEmail })).status).toBe(401);
  expect((await call('GET', 'users/me', { login: 'lea@customer.example/token' })).status).toBe(401);
  const agent = { login: 'ana@acme.example/token' };
  expect((await call('GET', 'incremental/tickets/cursor?start_time=1', agent)).status).toBe(403);
});

test('an update with a mistake is refused', async () => {
  const wrong: readonly (readonly [object, number])[] = [
    [{ group: 1 }, 400],
    [{ group_id: String(desk.billing.id) }, 400],
    [{ group_id: 99 }, 422],
    [{ group_id: desk.hidden.id }, 422],
    [{ assignee_id: desk.lea.id }, 422],
    [{ assignee_email: 'nobody@acme.example' }, 422],
    [{ priority: 'HIGH' }, 422],
    [{ status: 'new' }, 422],
    [{ tags: 'a b' }, 400],
    [{ tags: ['two words'] }, 422],
    [{ tags: ['Capital'] }, 422],
    [{ custom_fields: [{ id: String(desk.intent.id), value: null }] }, 400],
    [{ custom_fields: [{ id: 99, value: 'x' }] }, 422],
    [{ custom_fields: [{ id: desk.intent.id, value: 'no-option' }] }, 422],
    [{ custom_fields: [{ id: desk.confidence.id, value: 'much' }] }, 422],
    [{ custom_fields: [{ id: desk.confidence.id, value: 0.9 }] }, 400],
    [{ comment: { public: false } }, 422],
    [{ comment: { body: ' ', public: false } }, 422],
    [{ comment: { body: 'x' } }, 400],
    [{ comment: { body: 'x', public: false, html: 'x' } }, 400],
    [{ metadata: 'd-1' }, 400],
    [{ safe_update: true }, 400],
    [{ updated_stamp: asked.updated_at }, 400],
    [{ safe_update: true, updated_stamp: '2026-11-27T09:59:59Z' }, 409],
  ];
  for (const [ticket, status] of wrong) expect([ticket, await put(ticket)]).toEqual([ticket, status]);
  expect((await call('PUT', `tickets/${asked.id}`, { body: { group_id: 1 } })).status).toBe(400);
  expect(desk.zendesk.account.audits.get(asked.id)).toHaveLength(1);
});

test('an update with the time of the last change is taken once, and changes in that second escape it', async () => {
  const guarded = { safe_update: true, updated_stamp: asked.updated_at, tags: ['a'] };
  expect(await put(guarded)).toBe(200);
  expect(await put(guarded)).toBe(409);
  const now = asked.updated_at;
  desk.zendesk.tickets.update(asked.id, { by: desk.ana.id, changes: { priority: 'low' } });
  expect(await put({ safe_update: true, updated_stamp: now, tags: ['b'] })).toBe(200);
});

test('tags replace all others, and set back a dropdown whose option they have', async () => {
  const { intent } = desk;
  const field = () => asked.custom_fields.find(({ id }) => id === intent.id)?.value;
  expect(await put({ custom_fields: [{ id: intent.id, value: 'orders_status' }] })).toBe(200);
  expect([asked.tags, field()]).toEqual([['vip', 'orders_status'], 'orders_status']);
  const both = { tags: ['orders_status'], custom_fields: [{ id: intent.id, value: 'billing_double_charge' }] };
  expect(await put(both)).toBe(200);
  expect([asked.tags, field()]).toEqual([['orders_status'], 'orders_status']);
  expect(await put({ tags: ['x'] })).toBe(200);
  expect([asked.tags, field()]).toEqual([['x'], null]);
});

test('an agent leaves with the group, and an assigned ticket is no longer new', async () => {
  expect(await put({ assignee_id: desk.ana.id })).toBe(200);
  expect([asked.assignee_id, asked.status]).toEqual([desk.ana.id, 'open']);
  const other = desk.zendesk.addGroup('Other');
  expect(await put({ group_id: other.id })).toBe(200);
  expect(asked.assignee_id).toBeNull();
});

test('a closed ticket cannot be changed, and a deleted one cannot be read', async () => {
  desk.zendesk.tickets.automate(asked.id, { status: 'closed' });
  expect(await put({ priority: 'low' })).toBe(422);
  desk.zendesk.tickets.remove(asked.id, desk.ana.id);
  expect(await put({ priority: 'low' })).toBe(404);
  expect((await call('GET', `tickets/${asked.id}/audits`)).status).toBe(404);
});

test('the export leaves out the last minute and refuses to start in it', async () => {
  const young = desk.zendesk.tickets.create({ requester_id: desk.lea.id, body: 'Hello' });
  const seconds = Math.floor(desk.clock.now() / 1_000);
  expect((await call('GET', `incremental/tickets/cursor?start_time=${seconds - 59}`)).status).toBe(422);
  expect((await call('GET', 'incremental/tickets/cursor')).status).toBe(400);
  const { body } = await call('GET', `incremental/tickets/cursor?start_time=${seconds - 7_200}`);
  expect(body).toMatchObject({ tickets: [{ id: asked.id }], end_of_stream: true, after_cursor: expect.any(String) });
  desk.clock.advance(61_000);
  const next = await call('GET', `incremental/tickets/cursor?cursor=${encodeURIComponent(String(body.after_cursor))}`);
  expect(next.body).toMatchObject({ tickets: [{ id: young.id }] });
});

test('more than ten exports a minute, or thirty updates of a ticket in ten, get a 429 with the time to wait', async () => {
  const exportOnce = () => call('GET', 'incremental/tickets/cursor?start_time=1');
  for (let count = 0; count < 10; count += 1) expect((await exportOnce()).status).toBe(200);
  desk.clock.advance(20_000);
  const refused = await exportOnce();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
  expect(refused.headers.get('ratelimit-limit')).toBe('700');
  for (let count = 0; count < 30; count += 1) expect(await put({ tags: [`t${count}`] })).toBe(200);
  expect(await put({ tags: ['more'] })).toBe(429);
});

test('a webhook of an event has ids as text and words in capitals', async () => {
  desk.zendesk.webhooks.add({
    ...{ name: 'x', status: 'active', endpoint: 'http://127.0.0.1:1/', http_method: 'POST', request_format: 'json' },
    subscriptions: ['zen:event-type:ticket.created', 'conditional_ticket_events'],
  });
  const ticket = desk.zendesk.tickets.create({ requester_id: desk.lea.id, body: 'Hello', priority: 'high' });
  const [event, trigger] = desk.zendesk.webhooks.take();
  expect(JSON.parse(event?.body ?? '')).toMatchObject({
    type: 'zen:event-type:ticket.created',
    detail: { id: String(ticket.id), status: 'NEW', priority: 'HIGH', requester_id: String(desk.lea.id) },
  });
  expect(trigger?.body).toBe(JSON.stringify({ ticket_id: String(ticket.id) }));
  expect(desk.zendesk.webhooks.take()).toEqual([]);
});
