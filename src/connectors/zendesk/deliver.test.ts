import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FakeTicket } from '../../testing/fake-zendesk-records.ts';
import { sampleClassification, sampleDecision } from '../../testing/sample-values.ts';
import { openZendeskDesk, type ZendeskDesk } from '../../testing/zendesk-desk.ts';
import type { Connector, DeliverRequest } from '../connector.ts';

const { signal } = new AbortController();
let desk: ZendeskDesk;
beforeEach(async () => {
  desk = await openZendeskDesk();
});
afterEach(() => desk[Symbol.asyncDispose]());

/** A decision for a ticket as it is now. */
async function requestFor(
  connector: Connector,
  ticket: FakeTicket,
  overrides: Partial<DeliverRequest> & { decision?: DeliverRequest['decision'] } = {},
): Promise<DeliverRequest> {
  const read = await connector.readTicket?.(String(ticket.id), signal);
  if (read == null) throw new TypeError('no ticket was read');
  const { place, stamp } = read;
  return {
    ticket: { id: `desk:${ticket.id}`, body: 'x', source: { connector: 'desk', externalId: String(ticket.id) } },
    classification: sampleClassification({ intent: 'billing/double-charge', confidence: 0.9 }),
    decision: sampleDecision({
      id: 'd-1',
      team: 'billing',
      priority: 'high',
      tags: ['VIP customer!', '#'],
      mode: 'auto',
    }),
    owner: String(desk.billing.id),
    based: { place, stamp },
    note: 'Routed to Billing: it is about a charge',
    ...overrides,
  };
}
const puts = () => desk.zendesk.callsTo('PUT', /./);

test('a decision is one guarded update, read back', async () => {
  const connector = desk.connect();
  const asked = desk.ask('I was charged twice', { tags: ['web'] });
  const request = await requestFor(connector, asked);
  const { intent, confidence, triage, billing } = desk;
  const result = await connector.deliver(request);
  expect(puts().map(({ body }) => body)).toEqual([
    {
      ticket: {
        group_id: billing.id,
        priority: 'high',
        tags: ['web', 'vip', 'billing_double_charge', 'vip_customer'],
        custom_fields: [
          { id: intent.id, value: 'billing_double_charge' },
          { id: confidence.id, value: '0.90' },
        ],
        comment: { body: 'Routed to Billing: it is about a charge', public: false },
        metadata: { decision_id: 'd-1', taxonomy: 'taxonomy-1', mode: 'auto' },
        safe_update: true,
        updated_stamp: '2026-11-27T10:00:00Z',
      },
    },
  ]);
  expect(result).toEqual({
    state: 'delivered',
    written: {
      before: { group: String(triage.id), priority: null, tags: ['web', 'vip'], intent: null },
      after: {
        group: String(billing.id),
        priority: 'high',
        tags: ['web', 'vip', 'billing_double_charge', 'vip_customer'],
        intent: 'billing_double_charge',
      },
      noteId: expect.stringMatching(/^\d+$/),
    },
  });
  const after = await connector.readTicket?.(String(asked.id), signal);
  expect(after?.messages).toHaveLength(1); // our note is none
  expect(new Set(after?.changes.map(({ by }) => by.kind))).toEqual(new Set(['ourselves']));
});

test('the option of a dropdown that is replaced does not stay as a tag, because Zendesk would set it back', async () => {
  const connector = desk.connect();
  const asked = desk.ask();
  const { intent, ana } = desk;
  desk.zendesk.tickets.update(asked.id, {
    by: ana.id,
    changes: { custom_fields: [{ id: intent.id, value: 'orders_status' }] },
  });
  desk.clock.advance(60_000);
  expect(await connector.deliver(await requestFor(connector, asked))).toMatchObject({
    state: 'delivered',
    written: { before: { intent: 'orders_status' }, after: { intent: 'billing_double_charge' } },
  });
  expect(asked.tags).toEqual(['vip', 'billing_double_charge', 'vip_customer']);
});

test('in the mode assist the note alone is written', async () => {
  const connector = desk.connect();
  const asked = desk.ask();
  const decision = sampleDecision({ id: 'd-1', mode: 'assist', tags: ['x'] });
  const request = await requestFor(connector, asked, { decision });
  expect(await connector.deliver(request)).toEqual({
    state: 'delivered',
    written: { before: {}, after: {}, noteId: expect.any(String) },
  });
  expect(puts().map(({ body }) => body)).toEqual([
    {
      ticket: {
        comment: { body: 'Routed to Billing: it is about a charge', public: false },
        metadata: { decision_id: 'd-1', taxonomy: 'taxonomy-1', mode: 'assist' },
        safe_update: true,
        updated_stamp: '2026-11-27T10:00:00Z',
      },
    },
  ]);
});

describe('collisions', () => {
  test('a ticket that has changed since is a conflict, and nothing is written', async () => {
    const connector = desk.connect();
    const asked = desk.ask();
    const request = await requestFor(connector, asked);
    desk.zendesk.tickets.update(asked.id, { by: desk.ana.id, changes: { status: 'pending' } });
    expect(await connector.deliver(request)).toMatchObject({ state: 'conflict' });
    expect(puts()).toEqual([]);
  });

  test('a change between our last look and the update is a conflict, and nothing is written', async () => {
    const connector = desk.connect();
    const asked = desk.ask();
    const request = await requestFor(connector, asked);
    desk.zendesk.interfere((call) => {
      if (!call.startsWith('PUT')) return;
      desk.zendesk.interfere(null);
      desk.zendesk.tickets.update(asked.id, { by: desk.ana.id, changes: { group_id: desk.billing.id } });
    });
    expect(await connector.deliver(request)).toMatchObject({ state: 'conflict' });
    expect(puts()).toMatchObject([{ status: 409 }]);
    expect(asked.priority).toBeNull();
  });

  test('a change in the second of the one that was read is a conflict, although Zendesk gives it the same time', async () => {
    const connector = desk.connect();
    const asked = desk.ask();
    desk.zendesk.tickets.update(asked.id, { by: desk.lea.id, changes: { comment: { body: 'Hello?' } } });
    const request = await requestFor(connector, asked);
    desk.zendesk.tickets.update(asked.id, { by: desk.ana.id, changes: { group_id: desk.billing.id } });
    expect(await connector.deliver(request)).toMatchObject({ state: 'conflict' });
    expect(puts()).toEqual([]);
  });

  test('nothing is written in the second of the last change, which the guard could not tell from a later one', async () => {
    const connector = desk.connect();
    const asked = desk.ask();
    desk.zendesk.tickets.update(asked.id, { by: desk.lea.id, changes: { comment: { body: 'Hello?' } } });
    const { updated_at: changedAt } = asked;
    expect(await connector.deliver(await requestFor(connector, asked))).toMatchObject({ state: 'delivered' });
    expect(puts()[0]?.at).toBeGreaterThanOrEqual(Date.parse(changedAt) + 2_000);
  });
});

describe('written once', () => {
  test('the same decision again writes nothing, also when others have changed the ticket since', async () => {
    const connector = desk.connect();
    const asked = desk.ask();
    const request = await requestFor(connector, asked);
    const first = await connector.deliver(request);
    desk.zendesk.tickets.update(asked.id, { by: desk.ana.id, changes: { priority: 'low' } });
    expect(await connector.deliver(request)).toEqual(first);
    expect(puts()).toHaveLength(1);
  });

  test('a decision whose reply was lost is found by its id', async () => {
    const connector = desk.connect();
    const asked = desk.ask();
    const request = await requestFor(connector, asked);
    desk.zendesk.fail('PUT', /tickets/, { kind: 'lost-reply' });
    await expect(connector.deliver(request)).rejects.toMatchObject({ retryable: true, unavailable: true });
    expect(await desk.connect().deliver(request)).toMatchObject({
      state: 'delivered',
      written: { after: { group: String(desk.billing.id), intent: 'billing_double_charge' } },
    });
    expect(puts()).toHaveLength(1);
    expect(asked.tags.filter((tag) => tag === 'vip_customer')).toHaveLength(1);
  });

  test('two processes that deliver the same decision at the same moment write it once', async () => {
    const asked = desk.ask();
    const [one, two] = [desk.connect(), desk.connect()];
    const request = await requestFor(one, asked);
    const results = await Promise.all([one.deliver(request), two.deliver(request)]);
    expect(results.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
    const audits = desk.zendesk.account.audits.get(asked.id) ?? [];
    expect(audits.filter(({ metadata }) => metadata.custom.decision_id === 'd-1')).toHaveLength(1);
  });

  test('without a state that it was decided on, the ticket as it is now counts', async () => {
    const connector = desk.connect();
    const asked = desk.ask();
    const request = await requestFor(connector, asked, { based: null });
    expect(await connector.deliver(request)).toMatchObject({ state: 'delivered' });
    expect(await connector.deliver(request)).toMatchObject({ state: 'delivered' });
    expect(puts()).toHaveLength(1);
  });
});

describe('refused', () => {
  const ends: readonly (readonly [string, (id: number) => void, RegExp])[] = [
    ['closed', (id) => desk.zendesk.tickets.automate(id, { status: 'closed' }), /is closed/],
    [
      'merged',
      (id) => desk.zendesk.tickets.merge({ from: id, into: desk.ask().id, by: desk.ana.id }),
      /was merged into another/,
    ],
    ['deleted', (id) => desk.zendesk.tickets.remove(id, desk.ana.id), /was deleted/],
    ['spam', () => Object.assign(desk.lea, { suspended: true }), /is suspended/],
  ];
  test.each(ends)('a %s ticket is never written', async (_, end, detail) => {
    const connector = desk.connect();
    const asked = desk.ask();
    const request = await requestFor(connector, asked);
    end(asked.id);
    desk.clock.advance(60_000);
    const read = await connector.readTicket?.(String(asked.id), signal);
    const based = read == null ? request.based : { place: read.place, stamp: read.stamp };
    expect(await connector.deliver({ ...request, based })).toMatchObject({
      state: 'refused',
      detail: expect.stringMatching(detail),
    });
    expect(puts()).toEqual([]);
  });

  test('a ticket that is closed between our last look and the update is refused as closed', async () => {
    const connector = desk.connect();
    const asked = desk.ask();
    const request = await requestFor(connector, asked);
    desk.zendesk.interfere((call) => {
      if (call.startsWith('PUT')) asked.status = 'closed';
    });
    expect(await connector.deliver(request)).toMatchObject({
      state: 'refused',
      detail: expect.stringMatching(/is closed/),
    });
  });

  test('a group that does not exist is refused with what to check', async () => {
    const connector = desk.connect();
    const request = await requestFor(connector, desk.ask(), { owner: '99' });
    expect(await connector.deliver(request)).toMatchObject({
      state: 'refused',
      detail: expect.stringMatching(/\(422\).*group exists/),
    });
  });

  test('what a trigger does at once to our update is found by reading back', async () => {
    const { zendesk, triage } = desk;
    zendesk.account.triggers.push({
      id: 38,
      title: 'Everything to triage',
      fire: (_, { isCreated }) => (isCreated ? null : { group_id: triage.id }),
    });
    const connector = desk.connect();
    expect(await connector.deliver(await requestFor(connector, desk.ask()))).toEqual({
      state: 'refused',
      detail: `Zendesk took the update, but the group is ${triage.id} and not ${desk.billing.id}`,
    });
  });
});

describe('what cannot be written is said', () => {
  test('agents are found by `agents`, by id and by address', async () => {
    const { ana } = desk;
    const connector = desk.connect({ settings: { agents: { ana: ana.id, mail: ana.email } } });
    const assign = async (id: string, assignee: string) => {
      const asked = desk.ask();
      const decision = sampleDecision({ id, assignee, mode: 'auto' });
      const result = await connector.deliver(await requestFor(connector, asked, { decision }));
      return [asked.assignee_id, result];
    };
    for (const name of ['ana', 'mail', String(ana.id)]) {
      expect(await assign(`d-${name}`, name)).toMatchObject([
        ana.id,
        { written: { after: { assignee: String(ana.id) } } },
      ]);
    }
    expect(await assign('d-x', 'li')).toMatchObject([
      null,
      { detail: expect.stringContaining('"li" is not in `agents`') },
    ]);
  });

  test('without a group of the team and an option of the intent, the rest is written', async () => {
    const connector = desk.connect();
    const asked = desk.ask();
    const classification = sampleClassification({ intent: 'other/thing' });
    const request = await requestFor(connector, asked, { owner: null, classification });
    expect(await connector.deliver(request)).toMatchObject({
      state: 'delivered',
      detail: 'the field "Intent" has no such value; the team "billing" has no group here, so the group stays',
    });
    expect([asked.group_id, asked.priority]).toEqual([desk.triage.id, 'high']);
  });
});

describe('limits', () => {
  test('a 429 is waited for, and the update is written once', async () => {
    const connector = desk.connect();
    const request = await requestFor(connector, desk.ask());
    desk.zendesk.fail('PUT', /tickets/, { kind: 'status', status: 429, retryAfter: '7' });
    expect(await connector.deliver(request)).toMatchObject({ state: 'delivered' });
    const [first, second] = puts().map(({ at, status }) => ({ at, status }));
    expect([first?.status, second?.status]).toEqual([429, 200]);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(7_000);
  });
});

test('the guess of an engine that abstained is no value of a field', async () => {
  const connector = desk.connect();
  const request = await requestFor(connector, desk.ask('I was charged twice'), {
    classification: sampleClassification({
      intent: 'billing/double-charge',
      abstained: true,
      abstainReason: 'not sure',
    }),
  });
  const result = await connector.deliver(request);
  expect(result).toMatchObject({ state: 'delivered' });
  expect(result).not.toHaveProperty('detail');
  expect(puts()[0]?.body).not.toHaveProperty('ticket.custom_fields');
});
