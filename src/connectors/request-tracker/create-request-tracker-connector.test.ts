// Against a real Request Tracker: TEST_RT_URL, TEST_RT_TOKEN (its administrator) and TEST_RT_BOT_TOKEN (our account, "bot").
import { beforeEach, describe, expect, test } from 'vitest';
import type { Decision } from '../../routing/decision.ts';
import { describeConnector } from '../../testing/connector-suite.ts';
import { actAsAdmin, testRt } from '../../testing/real-rt.ts';
import { sampleClassification, sampleDecision } from '../../testing/sample-values.ts';
import type { HelpdeskTicket } from '../../ticket/helpdesk-ticket.ts';
import type { ChangedPage, Connector, DeliverRequest } from '../connector.ts';
import { sharedFieldsSchema } from '../connector-settings.ts';
import { createRequestTrackerConnector } from './create-request-tracker-connector.ts';
import { requestTrackerConnector } from './definition.ts';

const rt = testRt ?? { url: 'http://127.0.0.1:1', adminToken: '1-1-a', botToken: '1-2-b' };
const admin = actAsAdmin(rt);
const signal = new AbortController().signal;
const settings = requestTrackerConnector.settings.parse({ url: rt.url }) as Parameters<
  typeof createRequestTrackerConnector
>[0]['settings'];

/** Calls that the connector made, as `PUT ticket/7`. */
let calls: string[];
/** Called instead of a request, where it returns a response. */
let intercept: (call: string, send: () => Promise<Response>) => Promise<Response>;
beforeEach(() => {
  calls = [];
  intercept = (_, send) => send();
});

function connect(
  options: { token?: string; shared?: object; settings?: Partial<typeof settings>; webhookSecret?: string } = {},
): Connector {
  const customFields = { intent: 'Category', confidence: 'RoutingConfidence' };
  return createRequestTrackerConnector({
    name: 'rt',
    settings: { ...settings, ...options.settings },
    shared: sharedFieldsSchema.parse({ customFields, ...options.shared }),
    secrets: { TOKEN: options.token ?? rt.botToken, WEBHOOK_SECRET: options.webhookSecret ?? null },
    dataDir: '/nowhere',
    fetch: (input, init) => {
      const path = new URL(String(input)).pathname.replace('/REST/2.0/', '');
      const call = `${init?.method} ${path}`;
      calls.push(call);
      return intercept(call, () => fetch(input, init));
    },
  });
}

async function read(connector: Connector, id: string): Promise<HelpdeskTicket> {
  const ticket = await connector.readTicket?.(id, signal);
  if (ticket == null) throw new TypeError(`ticket ${id} was not read`);
  return ticket;
}

/** A delivery to Billing of what was decided on the ticket as it was read. */
function order(
  ticket: HelpdeskTicket,
  overrides: { owner?: string | null; decision?: Partial<Decision> } = {},
): DeliverRequest {
  const { externalId, place, stamp } = ticket;
  return {
    ticket: { id: `t-${externalId}`, body: 'x', source: { connector: 'rt', externalId } },
    classification: sampleClassification({ intent: 'billing/duplicate', confidence: 0.914 }),
    decision: sampleDecision({ id: `d-${externalId}`, priority: 'high', ...overrides.decision }),
    owner: overrides.owner === undefined ? 'Billing' : overrides.owner,
    based: { place, stamp },
    note: 'Charged twice: Billing.',
    signal,
  };
}

describe.skipIf(testRt === null)('reading from a real Request Tracker (TEST_RT_URL)', () => {
  test('a ticket has its text, requestor, place and stamp', async () => {
    const id = await admin.createTicket({
      Subject: 'Überweisung',
      Content: 'Zweimal abgebucht – 20 €\nGrüße',
      Requestor: 'jo@acme.example',
    });
    const ticket = await read(connect(), id);
    expect(ticket).toEqual({
      externalId: id,
      state: 'open',
      stamp: expect.stringMatching(/^\d+$/),
      createdAt: expect.stringMatching(/Z$/),
      ticket: {
        subject: 'Überweisung',
        requester: { email: 'jo@acme.example' },
        tags: [],
        source: { connector: 'rt', externalId: id, url: `${rt.url}/Ticket/Display.html?id=${id}`, group: 'Inbox' },
      },
      messages: [
        {
          id: expect.stringMatching(/^\d+$/),
          // The message may be a second later than the ticket.
          at: expect.stringMatching(/^\d{4}-.*Z$/),
          // The administrator typed it in for the customer.
          from: 'customer',
          author: 'admin',
          text: 'Zweimal abgebucht – 20 €\nGrüße',
          isPublic: true,
          attachments: 0,
        },
      ],
      place: {
        group: expect.stringMatching(/^\d+$/),
        assignee: null,
        status: 'new',
        priority: '0',
        tags: [],
        intent: null,
      },
      intake: { groups: [ticket.place.group, 'Inbox'], brands: [], statuses: ['new'] },
      changes: [],
    });
  });

  test('HTML is taken where there is no plain text, and files are counted', async () => {
    const file = (FileName: string, FileType: string) => ({
      FileName,
      FileType,
      FileContent: Buffer.from('abc').toString('base64'),
    });
    const id = await admin.createTicket({
      Content: '<p>Please <b>help</b></p>',
      ContentType: 'text/html',
      Attachments: [file('a.png', 'image/png'), file('log.txt', 'text/plain')],
    });
    const [message] = (await read(connect(), id)).messages;
    expect(message).toMatchObject({ text: '<p>Please <b>help</b></p>', attachments: 2 });
  });

  test('messages and changes have who made them: requestor, agent, scrip, ourselves', async () => {
    const connector = connect();
    const id = await admin.createTicket();
    await connector.deliver(order(await read(connector, id)));
    await admin.correspond(id, 'We look into it');
    await admin.comment(id, 'Known customer');
    await admin.change(id, { Queue: 'Technical', Owner: 'admin', CustomFields: { Category: 'technical/outage' } });
    expect((await read(connector, id)).messages.map(({ from }) => from)).toEqual(['customer', 'agent', 'agent']);
    await admin.change(id, { Requestor: ['admin'] });
    await admin.correspond(id, 'It happened again');
    const { messages, changes, place } = await read(connector, id);
    // The requestors of now decide whose messages they are.
    expect(messages.map(({ from, isPublic, text }) => [from, isPublic, text])).toEqual([
      ['customer', true, 'I was charged twice'],
      ['customer', true, 'We look into it'],
      ['agent', false, 'Known customer'],
      ['customer', true, 'It happened again'],
    ]);
    const queues = new Map((await connector.listGroups?.(signal))?.map((queue) => [queue.name, queue.id]));
    expect(changes.map(({ by, field, from, to }) => [by.kind, by.id, field, from, to])).toEqual(
      [
        ['ourselves', 'bot', 'priority', '0', '100'],
        ['ourselves', 'bot', 'group', queues.get('Inbox'), queues.get('Billing')],
        ['ourselves', 'bot', 'intent', null, 'billing/duplicate'],
        ['rule', 'RT_System', 'status', 'new', 'open'],
        ['agent', 'admin', 'assignee', null, 'admin'],
        ['agent', 'admin', 'group', queues.get('Billing'), queues.get('Technical')],
        ['agent', 'admin', 'intent', 'billing/duplicate', 'technical/outage'],
      ].map((change) => expect.arrayContaining(change)),
    );
    expect(place).toMatchObject({
      group: queues.get('Technical'),
      assignee: 'admin',
      status: 'open',
      intent: 'technical/outage',
    });
  });

  test('a ticket that has not changed is asked for in one call, and of one that has only what is new', async () => {
    const connector = connect();
    const id = await admin.createTicket();
    const first = await read(connector, id);
    calls = [];
    expect(await read(connector, id)).toEqual(first);
    expect(calls).toEqual([`GET ticket/${id}`]);

    await admin.change(id, { Priority: 50 });
    calls = [];
    const second = await read(connector, id);
    expect(calls.filter((call) => !call.startsWith('GET user/'))).toEqual([
      `GET ticket/${id}`,
      `GET ticket/${id}/history`,
    ]);
    expect(second.changes.map(({ field, to }) => [field, to])).toEqual([['priority', '50']]);
    expect(second.messages).toEqual(first.messages);

    await admin.correspond(id, 'And another thing');
    expect((await read(connector, id)).messages.map(({ text }) => text)).toEqual([
      'I was charged twice',
      'And another thing',
    ]);
    expect(await read(connector, id)).toEqual(await read(connect(), id));
  });

  test('a thread of more than a hundred entries is read whole', async () => {
    const id = await admin.createTicket();
    for (let n = 0; n < 105; n += 1) await admin.comment(id, `comment ${n}`);
    const { messages } = await read(connect(), id);
    expect(messages.map(({ text }) => text)).toEqual([
      'I was charged twice',
      ...Array.from({ length: 105 }, (_, n) => `comment ${n}`),
    ]);
  });

  test('a ticket may be closed, merged, deleted or missing', async () => {
    const connector = connect();
    const [resolved, merged, target, deleted] = [
      await admin.createTicket(),
      await admin.createTicket(),
      await admin.createTicket({ Content: 'the other one' }),
      await admin.createTicket(),
    ];
    await read(connector, target);
    await admin.change(resolved, { Status: 'resolved' });
    await admin.change(merged, { MergeInto: target });
    await admin.remove(deleted);
    const stateOf = async (id: string) => (await connector.readTicket?.(id, signal))?.state;
    expect(await stateOf(resolved)).toBe('closed');
    expect(await stateOf(deleted)).toBe('deleted');
    expect(await stateOf(merged)).toBe('merged');
    expect((await read(connector, merged)).externalId).toBe(merged);
    expect(await connector.readTicket?.('99999999', signal)).toBeNull();
    // The ticket that it was merged into has its messages, too, although it was read before.
    expect((await read(connector, target)).messages.map(({ text }) => text)).toEqual([
      'I was charged twice',
      'the other one',
    ]);
    for (const id of [resolved, merged, deleted]) {
      const ticket = { ...(await read(connector, target)), externalId: id };
      expect(await connector.deliver(order(ticket))).toMatchObject({
        state: expect.stringMatching(/refused|conflict/),
      });
    }
    expect((await admin.look(target)).queue).toBe('Inbox');
  });

  test('what changed is listed, with where it is', async () => {
    const connector = connect();
    const since = new Date(Date.now() - 1_000);
    const id = await admin.createTicket({ Queue: 'Accounts' });
    let cursor: string | null = null;
    const found: string[] = [];
    for (let isEnd = false; !isEnd; ) {
      const page: ChangedPage | undefined = await connector.listChanged?.({ cursor, since, signal });
      if (page === undefined) throw new TypeError('RT is polled');
      ({ cursor, isEnd } = page);
      found.push(
        ...page.signals.filter(({ externalId }) => externalId === id).map(({ intake }) => String(intake?.groups[1])),
      );
    }
    // A ticket that has just changed is listed again: RT's times are whole seconds.
    expect([...new Set(found)]).toEqual(['Accounts']);
  });

  test('of many tickets, only those are listed that changed since a time of the same day', async () => {
    const connector = connect();
    const old = await admin.createTicket({ Queue: 'Accounts' });
    const poll = async () => {
      const found: string[] = [];
      for (let cursor: string | null = null, pages = 1; ; pages += 1) {
        // Well after `old` was created, by more than the overlap.
        const since = new Date(Date.now() + 3 * 60_000);
        const page: ChangedPage | undefined = await connector.listChanged?.({ cursor, since, signal });
        if (page === undefined || pages > 20) throw new TypeError('the list does not end');
        cursor = page.cursor;
        found.push(...page.signals.map(({ externalId }) => externalId));
        if (page.isEnd) return found;
      }
    };
    expect(await poll()).not.toContain(old);
  });
});

describe.skipIf(testRt === null)('writing to a real Request Tracker (TEST_RT_URL)', () => {
  test('a decision moves the ticket with its fields and one internal note, in three calls', async () => {
    const connector = connect();
    const id = await admin.createTicket();
    const ticket = await read(connector, id);
    calls = [];
    const result = await connector.deliver(order(ticket));
    expect(calls.filter((call) => !call.startsWith('GET queues'))).toEqual([
      `PUT ticket/${id}`,
      `GET ticket/${id}`,
      `POST ticket/${id}/comment`,
    ]);
    const billing = (await read(connector, id)).place.group;
    expect(result).toEqual({
      state: 'delivered',
      detail: 'queue Billing, owner nobody, priority 100',
      written: {
        before: { group: ticket.place.group, priority: '0', intent: null },
        after: { group: billing, priority: '100', intent: 'billing/duplicate' },
        fields: [{ field: 'RoutingConfidence', before: null, after: '0.91' }],
        noteId: expect.stringMatching(/^\d+$/),
      },
    });
    expect(await admin.look(id)).toMatchObject({
      queue: 'Billing',
      priority: '100',
      category: 'billing/duplicate',
      confidence: '0.91',
    });
    expect(await admin.listTexts(id)).toEqual(['I was charged twice', `Charged twice: Billing.\n\n[d-${id}]`]);
    expect((await admin.listHistory(id)).at(-1)).toBe('bot Comment');
    // Our own note is no message of the ticket.
    expect((await read(connector, id)).messages).toHaveLength(1);
  });

  test('a note that has the id of its decision is written as it is, and found by it', async () => {
    const connector = connect();
    const id = await admin.createTicket();
    const request = { ...order(await read(connector, id)), note: `Charged twice: Billing.\n[d-${id}]` };
    const first = await connector.deliver(request);
    expect(await connect().deliver(request)).toEqual(first);
    expect(await admin.listTexts(id)).toEqual(['I was charged twice', request.note]);
  });

  test('the same delivery again writes nothing, in this process or another', async () => {
    const connector = connect();
    const id = await admin.createTicket();
    const request = order(await read(connector, id));
    const first = await connector.deliver(request);
    const history = await admin.listHistory(id);
    expect(await connector.deliver(request)).toEqual(first);
    expect(await connect().deliver(request)).toEqual(first);
    // Also when it is based on the ticket as it is now.
    expect(await connect().deliver(order(await read(connect(), id)))).toMatchObject({ state: 'delivered' });
    expect(await admin.listHistory(id)).toEqual(history);
  });

  test.each(['ticket/%s', 'ticket/%s/comment'])(
    'a delivery whose response to %s was lost is completed by the next one, and nothing is written twice',
    async (path) => {
      const connector = connect();
      const id = await admin.createTicket();
      const request = order(await read(connector, id));
      intercept = async (call, send) => {
        const response = await send();
        if (!call.startsWith('GET') && call.endsWith(path.replace('%s', id)))
          throw new TypeError('the connection broke');
        return response;
      };
      await expect(connector.deliver(request)).rejects.toThrow(/could not be reached/);
      intercept = (_, send) => send();
      expect(await connect().deliver(request)).toMatchObject({
        state: 'delivered',
        written: { before: { priority: '0' }, fields: [{ field: 'RoutingConfidence', before: null, after: '0.91' }] },
      });
      expect(await admin.listTexts(id)).toHaveLength(2);
      expect((await admin.listHistory(id)).filter((entry) => entry === 'bot Set Queue')).toHaveLength(1);
    },
  );

  test.each([
    ['moved the ticket', (id: string) => admin.change(id, { Queue: 'Technical' })],
    ['answered the customer', (id: string) => admin.correspond(id, 'On it')],
    ['taken the ticket', (id: string) => admin.change(id, { Owner: 'admin' })],
  ])('nothing is written when a person has %s since the decision', async (_, act) => {
    const connector = connect();
    const id = await admin.createTicket();
    const request = order(await read(connector, id));
    await act(id);
    const before = await admin.listHistory(id);
    expect(await connector.deliver(request)).toMatchObject({
      state: 'conflict',
      detail: expect.stringContaining('admin changed the ticket'),
    });
    expect(await connect().deliver({ ...request, decision: { ...request.decision, mode: 'assist' } })).toMatchObject({
      state: 'conflict',
    });
    expect(await admin.listHistory(id)).toEqual(before);
  });

  test('what our own account has done since the decision is no conflict', async () => {
    const connector = connect();
    const id = await admin.createTicket();
    const request = order(await read(connector, id));
    const ours = { Content: 'ours', ContentType: 'text/plain' };
    await fetch(`${rt.url}/REST/2.0/ticket/${id}/comment`, {
      method: 'POST',
      headers: { authorization: `token ${rt.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(ours),
    });
    expect(await connector.deliver(request)).toMatchObject({ state: 'delivered' });
    expect(await admin.listTexts(id)).toEqual(['I was charged twice', 'ours', `Charged twice: Billing.\n\n[d-${id}]`]);
  });

  test('the owner is set after the queue, and checked', async () => {
    const connector = connect();
    const [owned, refused] = [await admin.createTicket(), await admin.createTicket()];
    const ticket = await read(connector, owned);
    expect(await connector.deliver(order(ticket, { decision: { assignee: 'admin' } }))).toMatchObject({
      state: 'delivered',
      written: { before: { assignee: null }, after: { assignee: 'admin' } },
    });
    expect(await admin.look(owned)).toMatchObject({ queue: 'Billing', owner: 'admin' });
    // The account itself has no right to own tickets; RT answers 200 all the same.
    expect(await connector.deliver(order(await read(connector, refused), { decision: { assignee: 'bot' } }))).toEqual({
      state: 'refused',
      detail: expect.stringContaining('the owner is nobody and not bot'),
    });
  });

  test('what RT does not write, although it answers 200, is a refusal that says what was found', async () => {
    const connector = connect({ shared: { customFields: { intent: 'NoSuchField' } } });
    const id = await admin.createTicket();
    expect(await connector.deliver(order(await read(connector, id)))).toEqual({
      state: 'refused',
      detail: expect.stringContaining('the custom field NoSuchField is empty and not billing/duplicate'),
    });
    const other = await admin.createTicket();
    expect(await connect().deliver(order(await read(connector, other), { owner: 'Nowhere' }))).toEqual({
      state: 'refused',
      detail: expect.stringContaining('no queue "Nowhere"'),
    });
    expect(await admin.listTexts(other)).toHaveLength(1);
  });

  test('a queue may be named by its id, and a team without a queue leaves the ticket where it is', async () => {
    const connector = connect();
    const [byId, without] = [await admin.createTicket(), await admin.createTicket()];
    const technical = (await connector.listGroups?.(signal))?.find(({ name }) => name === 'Technical')?.id ?? '';
    await connector.deliver(order(await read(connector, byId), { owner: technical }));
    expect(await admin.look(byId)).toMatchObject({ queue: 'Technical' });
    await connector.deliver(order(await read(connector, without), { owner: null }));
    expect(await admin.look(without)).toMatchObject({ queue: 'Inbox', category: 'billing/duplicate' });
  });

  test('in the mode assist, only the note is written', async () => {
    const connector = connect();
    const id = await admin.createTicket();
    const request = order(await read(connector, id), { decision: { mode: 'assist' } });
    calls = [];
    const result = await connector.deliver(request);
    expect(calls).toEqual([`GET ticket/${id}`, `POST ticket/${id}/comment`]);
    expect(result).toMatchObject({ state: 'delivered', written: { before: {}, after: {} } });
    expect(await connect().deliver(request)).toEqual(result);
    expect(await admin.look(id)).toMatchObject({ queue: 'Inbox', priority: '0', category: null });
    expect(await admin.listHistory(id)).toEqual(['admin Create', 'bot Comment']);
  });

  test('an undo gives every field its old value that still has ours, once', async () => {
    const connector = connect();
    const id = await admin.createTicket();
    const result = await connector.deliver(order(await read(connector, id)));
    if (result.state !== 'delivered' || result.written === undefined) throw new TypeError('it was not delivered');
    await admin.change(id, { Priority: 70 });
    const request = { externalId: id, decisionId: `d-${id}`, written: result.written, note: 'Taken back.', signal };
    expect(await connector.undo?.(request)).toEqual({
      state: 'undone',
      detail: 'queue, Category and RoutingConfidence; left, because somebody has changed them since: priority',
    });
    expect(await admin.look(id)).toMatchObject({ queue: 'Inbox', priority: '70', category: null, confidence: null });
    expect((await admin.listTexts(id)).at(-1)).toMatch(
      /^Taken back\.\nTaken back: queue, Category, RoutingConfidence\nLeft, .*: priority\n\n\[undo d-\d+\]$/,
    );
    const history = await admin.listHistory(id);
    expect(await connect().undo?.(request)).toMatchObject({ state: 'undone' });
    expect(await admin.listHistory(id)).toEqual(history);
  });

  test('an undo leaves a ticket alone in which everything was changed since, or that is closed', async () => {
    const connector = connect();
    const [changed, closed] = [await admin.createTicket(), await admin.createTicket()];
    const undo = async (id: string) => {
      const result = await connector.deliver(order(await read(connector, id)));
      if (result.state !== 'delivered' || result.written === undefined) throw new TypeError('it was not delivered');
      const change =
        id === closed
          ? { Status: 'resolved' }
          : { Queue: 'Technical', Priority: 70, CustomFields: { Category: 'other', RoutingConfidence: '1' } };
      await admin.change(id, change);
      return connector.undo?.({
        externalId: id,
        decisionId: `d-${id}`,
        written: result.written,
        note: 'Taken back.',
        signal,
      });
    };
    expect(await undo(changed)).toMatchObject({ state: 'kept' });
    expect(await undo(closed)).toEqual({ state: 'kept', detail: 'the ticket is resolved' });
    expect(await admin.look(changed)).toMatchObject({ queue: 'Technical', priority: '70', category: 'other' });
  });
});

describe.skipIf(testRt === null)('checking a real Request Tracker (TEST_RT_URL)', () => {
  test('account, queues, fields and rights are found', async () => {
    await admin.createTicket();
    const findings = await connect({ shared: { queues: 'Inbox', customFields: { intent: 'Category' } } }).check?.({
      groups: ['billing', 'Nowhere'],
      signal,
    });
    expect(findings).toEqual([
      { status: 'ok', detail: expect.stringMatching(/^RT 5\.\S+, as "bot"$/) },
      { status: 'failed', detail: expect.stringContaining('no queue "Nowhere"') },
      { status: 'ok', detail: expect.stringMatching(/^queue Billing \(\d+\): tickets can be moved there$/) },
      { status: 'ok', detail: expect.stringMatching(/^queue Inbox \(\d+\): tickets can be moved there$/) },
      { status: 'ok', detail: 'queue Inbox: its tickets can be read, changed and commented on' },
    ]);
    const without = await connect({ shared: { queues: 'Inbox', customFields: { intent: 'Topic' } } }).check?.({
      groups: [],
      signal,
    });
    expect(without).toContainEqual({
      status: 'failed',
      detail: expect.stringContaining('queue Inbox: no custom field "Topic"'),
    });
  });

  test('a wrong token is named as such', async () => {
    await expect(connect({ token: '1-1-0000' }).check?.({ groups: [], signal })).rejects.toThrow(
      /refused the key \(401\)/,
    );
  });

  test('queues are listed as groups, and as categories where the field has no list of values', async () => {
    const connector = connect();
    const names = (await connector.listGroups?.(signal))?.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Inbox', 'Billing', 'Technical', 'Accounts']));
    expect((await connector.listCategories?.(signal))?.map(({ name }) => name)).toEqual(names);
  });
});

describe.skipIf(testRt === null)('with a real Request Tracker (TEST_RT_URL)', () => {
  describeConnector('Request Tracker', async () => {
    let broken: { status: number; text: string } | null = null;
    const open = () => {
      intercept = async (_, send) =>
        broken === null
          ? send()
          : new Response(broken.text, { status: broken.status, headers: { 'content-type': 'text/plain' } });
      return connect({ webhookSecret: 'secret-1' });
    };
    const groups = (await open().listGroups?.(signal))?.filter(({ name }) => ['Billing', 'Technical'].includes(name));
    const [one, other] = groups?.map(({ id }) => id) ?? [];
    if (one === undefined || other === undefined) throw new TypeError('RT has no queues Billing and Technical');
    return {
      connector: open(),
      connect: async () => open(),
      createTicket: ({ subject, body }) => admin.createTicket({ Subject: subject, Content: body }),
      writesOf: (id) => admin.listComments(id, 'bot'),
      unknownId: '99999999',
      groups: [one, other],
      moveTicket: async (id, group) => {
        await admin.change(id, { Queue: group });
      },
      closeTicket: async (id) => {
        await admin.change(id, { Status: 'resolved' });
      },
      webhookBody: (id) =>
        Buffer.from(JSON.stringify({ event: 'Create', ticket: Number(id), transaction: Number(id) })),
      breakDown: async (reply) => {
        broken = reply;
      },
      async [Symbol.asyncDispose]() {},
    };
  });
});
