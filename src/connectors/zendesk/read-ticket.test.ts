import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConnectorError } from '../../errors.ts';
import { openZendeskDesk, type ZendeskDesk } from '../../testing/zendesk-desk.ts';
import { readBody } from '../../ticket/read-body.ts';

const { signal } = new AbortController();
let desk: ZendeskDesk;
beforeEach(async () => {
  desk = await openZendeskDesk();
});
afterEach(() => desk[Symbol.asyncDispose]());

const read = async (id: number, given: Parameters<ZendeskDesk['connect']>[0] = {}) => {
  const ticket = await desk.connect(given).readTicket?.(String(id), signal);
  if (ticket == null) throw new TypeError('no ticket was read');
  return ticket;
};

test('a ticket is read with its customer, organisation and place by two calls', async () => {
  const asked = desk.ask('Ich wurde zweimal belastet <b>', { attachments: 2, tags: ['web'] });
  const connector = desk.connect({
    settings: {
      tier: 'organization_fields.plan',
      attributes: {
        region: 'user_fields.region',
        product: `ticket_fields.${desk.confidence.id}`,
        none: 'user_fields.level',
      },
    },
  });
  const ticket = await connector.readTicket?.(String(asked.id), signal);
  expect(ticket).toEqual({
    externalId: String(asked.id),
    state: 'open',
    stamp: '2026-11-27T10:00:00Z',
    createdAt: '2026-11-27T10:00:00Z',
    ticket: {
      subject: 'Charge',
      channel: 'email',
      language: 'de',
      tags: ['web', 'vip'],
      requester: {
        name: 'Lea Customer',
        email: 'lea@customer.example',
        tier: 'gold',
        organisation: 'Acme',
        attributes: { region: 'emea' },
      },
      source: {
        connector: 'desk',
        externalId: String(asked.id),
        url: `${desk.zendesk.url}/agent/tickets/${asked.id}`,
        group: 'Triage',
      },
    },
    messages: [
      {
        id: expect.stringMatching(/^\d+$/),
        at: '2026-11-27T10:00:00Z',
        from: 'customer',
        author: 'Lea Customer',
        text: expect.stringContaining('zweimal belastet &lt;b&gt;'),
        isPublic: true,
        attachments: 2,
      },
    ],
    place: {
      group: String(desk.triage.id),
      assignee: null,
      status: 'new',
      priority: null,
      tags: ['web', 'vip'],
      intent: null,
    },
    intake: {
      groups: [String(desk.triage.id), 'Triage'],
      brands: [String(asked.brand_id)],
      statuses: ['new'],
    },
    changes: [],
  });
  expect(readBody(ticket?.messages[0]?.text ?? '').text.trim()).toBe('Ich wurde zweimal belastet <b>');
  expect(desk.zendesk.callsTo('GET', /^\/api\/v2\/tickets/)).toHaveLength(2);
  await connector.readTicket?.(String(asked.id), signal);
  expect(desk.zendesk.callsTo('GET', /users\/me|ticket_fields/)).toHaveLength(2);
});

test('the tier is a tag where there is no field for it, and the language may be left to the words', async () => {
  const asked = desk.ask();
  const ticket = await read(asked.id, {
    settings: { tier: 'user_fields.level', tierTags: ['platinum', 'partner', 'vip'], language: 'text' },
  });
  expect(ticket.ticket.requester).toMatchObject({ tier: 'partner' });
  expect(ticket.ticket).not.toHaveProperty('language');
});

test('brands and statuses of the intake have their names where the configuration uses names', async () => {
  const brand = desk.zendesk.addBrand('Outlet');
  desk.zendesk.account.statuses.set(9, { id: 9, agent_label: 'Waiting for parts', status_category: 'open' });
  const asked = desk.ask('Hello', { brand_id: brand.id });
  desk.zendesk.tickets.update(asked.id, { by: desk.ana.id, changes: { status: 'open', custom_status_id: 9 } });
  const ticket = await read(asked.id, { shared: { brands: ['Outlet'], statuses: ['Waiting for parts'] } });
  expect(ticket.intake.brands).toEqual([String(brand.id), 'Outlet']);
  expect(ticket.intake.statuses).toEqual(['open', '9', 'Waiting for parts']);
});

describe('who changed a ticket', () => {
  const changesOf = async (id: number, given: Parameters<ZendeskDesk['connect']>[0] = {}) =>
    (await read(id, given)).changes.map(({ by, field, from, to }) => ({ by: by.kind, name: by.name, field, from, to }));

  test('a trigger at the creation is a rule, and what the ticket was created with is no change', async () => {
    desk.zendesk.account.triggers.push({
      id: 35,
      title: 'Premium first',
      fire: (_, { isCreated }) => (isCreated ? { group_id: desk.billing.id, priority: 'high' } : null),
    });
    const asked = desk.ask();
    const { triage, billing } = desk;
    expect(await changesOf(asked.id)).toEqual([
      { by: 'rule', name: 'Premium first', field: 'group', from: String(triage.id), to: String(billing.id) },
      { by: 'rule', name: 'Premium first', field: 'priority', from: null, to: 'high' },
    ]);
  });

  test('an agent, an automation, a customer and a program are told apart', async () => {
    const { zendesk, ana, lea, billing, triage } = desk;
    const robot = zendesk.addUser({ name: 'CRM', email: 'crm@acme.example', role: 'agent' });
    const asked = desk.ask();
    zendesk.tickets.update(asked.id, { by: ana.id, changes: { group_id: billing.id, status: 'pending' } });
    zendesk.tickets.automate(asked.id, { tags: ['old'] });
    zendesk.tickets.update(asked.id, { by: lea.id, changes: { comment: { body: 'Any news?' } } });
    zendesk.tickets.update(asked.id, { by: robot.id, changes: { priority: 'low' } });
    zendesk.tickets.update(asked.id, {
      by: ana.id,
      changes: { custom_fields: [{ id: desk.intent.id, value: 'orders_status' }] },
    });
    const { changes } = await read(asked.id);
    expect(changes.find(({ field }) => field === 'intent')).toMatchObject({ toName: 'Orders::Status' });
    expect(await changesOf(asked.id, { settings: { programs: ['CRM@acme.example'] } })).toEqual([
      { by: 'agent', name: 'Ana', field: 'group', from: String(triage.id), to: String(billing.id) },
      { by: 'agent', name: 'Ana', field: 'status', from: 'new', to: 'pending' },
      { by: 'rule', name: 'Close after days', field: 'tags', from: 'vip', to: 'old' },
      { by: 'customer', name: 'Lea Customer', field: 'status', from: 'pending', to: 'open' },
      { by: 'rule', name: 'CRM', field: 'priority', from: null, to: 'low' },
      { by: 'agent', name: 'Ana', field: 'intent', from: null, to: 'orders_status' },
      { by: 'agent', name: 'Ana', field: 'tags', from: 'old', to: 'old,orders_status' },
    ]);
  });

  test('what has the mark of a decision is ours, but not what a trigger did in the same update', async () => {
    const { zendesk, ana, billing } = desk;
    zendesk.account.triggers.push({
      id: 36,
      title: 'Tag what moves',
      fire: (ticket, { isCreated }) => (isCreated ? null : { tags: [...ticket.tags, 'moved'] }),
    });
    const asked = desk.ask();
    // Another account of ours, as after the key was changed.
    zendesk.tickets.update(asked.id, { by: ana.id, changes: { group_id: billing.id }, custom: { decision_id: 'd-1' } });
    expect((await changesOf(asked.id)).map(({ by, field }) => [by, field])).toEqual([
      ['ourselves', 'group'],
      ['rule', 'tags'],
    ]);
  });
});

describe('messages', () => {
  test('customers, agents and rules are told apart, and our own notes are left out', async () => {
    const { zendesk, ana, lea } = desk;
    const asked = desk.ask();
    zendesk.tickets.update(asked.id, { by: zendesk.bot.id, changes: { comment: { body: 'Our note', public: false } } });
    zendesk.tickets.update(asked.id, { by: ana.id, changes: { comment: { body: 'Which order?' } } });
    zendesk.account.triggers.push({
      id: 37,
      title: 'Reply',
      fire: (_, { authorId }) => (authorId === lea.id ? { comment: { body: 'We are looking' } } : null),
    });
    zendesk.tickets.update(asked.id, { by: lea.id, changes: { comment: { body: 'The one of May' } } });
    const { messages } = await read(asked.id);
    expect(messages.map(({ from, author, isPublic }) => [from, author, isPublic])).toEqual([
      ['customer', 'Lea Customer', true],
      ['agent', 'Ana', true],
      ['customer', 'Lea Customer', true],
      ['system', null, true],
    ]);
  });

  test('an agent who asks for something is the customer of that ticket', async () => {
    const asked = desk.zendesk.tickets.create({ requester_id: desk.ana.id, body: 'My screen is broken' });
    expect((await read(asked.id)).messages.map(({ from }) => from)).toEqual(['customer']);
  });

  test('all pages of a long ticket are read', async () => {
    const asked = desk.ask();
    for (let count = 0; count < 230; count += 1) {
      desk.zendesk.tickets.update(asked.id, { by: desk.lea.id, changes: { comment: { body: `More ${count}` } } });
    }
    const { messages } = await read(asked.id);
    expect(messages).toHaveLength(231);
    expect(messages.at(-1)?.text).toContain('More 229');
    expect(desk.zendesk.callsTo('GET', /audits$/)).toHaveLength(3);
  });
});

describe('states', () => {
  test('closed, merged and spam are told apart, and a deleted ticket is none', async () => {
    const { zendesk, ana, lea } = desk;
    const [closed, source, target, gone] = [desk.ask(), desk.ask(), desk.ask(), desk.ask()];
    zendesk.tickets.automate(closed.id, { status: 'closed' });
    zendesk.tickets.merge({ from: source.id, into: target.id, by: ana.id });
    zendesk.tickets.remove(gone.id, ana.id);
    expect((await read(closed.id)).state).toBe('closed');
    expect((await read(source.id)).state).toBe('merged');
    const kept = await read(target.id);
    expect([kept.state, kept.messages.map(({ from }) => from)]).toEqual(['open', ['customer', 'system']]);
    expect(await desk.connect().readTicket?.(String(gone.id), signal)).toBeNull();
    lea.suspended = true;
    expect((await read(target.id)).state).toBe('spam');
  });

  test('a ticket that was read in the second of its last update has a stamp of its own, so that it is read again', async () => {
    const asked = desk.zendesk.tickets.create({ requester_id: desk.lea.id, body: 'Hello' });
    expect((await read(asked.id)).stamp).not.toBe(asked.updated_at);
    desk.clock.advance(2_000);
    expect((await read(asked.id)).stamp).toBe(asked.updated_at);
  });

  test('an id that is no number never becomes an address', async () => {
    const reading = desk.connect().readTicket?.('1/../../users/1', signal);
    await expect(reading).rejects.toBeInstanceOf(ConnectorError);
    expect(desk.zendesk.calls).toEqual([]);
  });

  test('a wrong key makes the helpdesk unavailable, and the message has no text of the reply', async () => {
    const reading = desk.connect({ token: 'wrong' }).readTicket?.('1', signal);
    await expect(reading).rejects.toMatchObject({
      unavailable: true,
      status: 401,
      message: expect.not.stringContaining('authenticate'),
    });
  });
});
