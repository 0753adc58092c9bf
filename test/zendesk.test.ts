// Webhooks, polls, decisions and deliveries with Zendesk's fake, on a clock of its own: hours pass in seconds.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../src/base/logger.ts';
import { sharedFieldsSchema } from '../src/connectors/connector-settings.ts';
import { createPipeline } from '../src/pipeline/pipeline.ts';
import { type ClockQueue, createClockQueue } from '../src/testing/clock-queue.ts';
import type { FakeTicket } from '../src/testing/fake-zendesk-records.ts';
import type { FakePush } from '../src/testing/fake-zendesk-webhooks.ts';
import { createPipelineFixture, type PipelineFixture } from '../src/testing/pipeline-fixture.ts';
import { sampleClassification } from '../src/testing/sample-values.ts';
import { openTestPglite, type TestStore } from '../src/testing/test-stores.ts';
import { openZendeskDesk, type ZendeskDesk, zendeskSecret } from '../src/testing/zendesk-desk.ts';
import { embeddedWorkerSettings, startWorker } from '../src/worker/start-worker.ts';

const MINUTE = 60_000;

/** The same numbers in each run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestPglite();
});
afterAll(() => opened[Symbol.asyncDispose]());

let tests = 0;
/** Of the connector: a test has tickets of its own. */
let name: string;
let desk: ZendeskDesk;
let fixture: PipelineFixture;
let pipeline: ReturnType<typeof createPipeline>;
let queue: ClockQueue;
let stop: () => Promise<void>;
const random = createRandom(13);

beforeEach(async () => {
  tests += 1;
  name = `desk-${tests}`;
  desk = await openZendeskDesk({ exportPageSize: 4 });
  const { zendesk, clock, triage, billing } = desk;
  zendesk.webhooks.add({
    ...{ name: 'Switchboard', status: 'active', endpoint: 'https://switchboard.acme.example/webhooks/desk' },
    ...{ http_method: 'POST', request_format: 'json', secret: zendeskSecret },
    subscriptions: [
      ...['created', 'comment_added', 'group_assignment_changed', 'tags_changed', 'custom_field_changed'],
      ...['merged', 'marked_as_spam', 'soft_deleted', 'permanently_deleted', 'priority_changed', 'status_changed'],
    ].map((event) => `zen:event-type:ticket.${event}`),
  });
  queue = createClockQueue({ clock, random });
  const made = createPipelineFixture({
    store: opened.store,
    enqueue: queue.enqueue,
    classify: async ({ ticket }) =>
      sampleClassification({ intent: ticket.body?.includes('send it back') ? 'orders/returns' : 'orders/status' }),
  });
  const shared = { mode: 'auto', groups: ['Triage'], customFields: { intent: 'Intent', confidence: 'Confidence' } };
  const connector = desk.connect({ name, shared });
  const teams = [
    { id: 'triage', name: 'Triage', members: [], owners: { [name]: String(triage.id) } },
    { id: 'orders', name: 'Orders', members: [], owners: { [name]: String(billing.id) } },
  ];
  const now = () => new Date(clock.now());
  const context = {
    ...made.context,
    now,
    routing: { ...made.context.routing, teams },
    connectors: new Map([[name, { connector, ...sharedFieldsSchema.parse(shared) }]]),
  };
  fixture = { ...made, context };
  pipeline = createPipeline(context);
  await opened.store.cursors.connect({ connectors: [name], now: now() });
  stop = await startWorker({
    ...{ queue, pipeline, polled: [name], store: opened.store, now },
    ...{ settings: embeddedWorkerSettings, logger: silentLogger },
  });
});
afterEach(async () => {
  await stop();
  await desk[Symbol.asyncDispose]();
});

const run = (minutes: number) => queue.runUntil(desk.clock.now() + minutes * MINUTE);
const create = (body = 'Where is my parcel?', requester = desk.lea) =>
  desk.zendesk.tickets.create({ requester_id: requester.id, subject: 'Parcel', body, group_id: desk.triage.id });
const send = ({ headers, body }: FakePush) =>
  pipeline.acceptWebhook({ connector: name, headers: headers(), body: Buffer.from(body) });
const recordOf = ({ id }: FakeTicket) => opened.store.tickets.getRecord(`${name}:${id}`);
/** What was written to a ticket for decisions of ours. */
const decisionsOn = ({ id }: FakeTicket) =>
  (desk.zendesk.account.audits.get(id) ?? []).flatMap(({ metadata }) => metadata.custom.decision_id ?? []);

test('a webhook is decided and written within the minute, however often and late it arrives', async () => {
  const asked = create();
  const pushes = desk.zendesk.webhooks.take();
  for (const push of [...pushes, ...pushes]) await send(push);
  await run(1);
  expect(asked.group_id).toBe(desk.billing.id);
  expect(decisionsOn(asked)).toHaveLength(1);
  expect(asked.tags).toContain('orders_status');
  desk.clock.advance(2 * MINUTE);
  for (const push of [...pushes, ...desk.zendesk.webhooks.take()]) await send(push);
  await run(5);
  expect(decisionsOn(asked)).toHaveLength(1);
  expect(fixture.classifierCalls).toHaveLength(1);
  expect(await recordOf(asked)).toMatchObject({ revision: 1, delivery: { state: 'delivered' } });
});

test('a ticket that changes before each of three updates is left, after three refusals by Zendesk', async () => {
  const asked = create();
  let changes = 0;
  desk.zendesk.interfere((call) => {
    if (!call.startsWith('PUT')) return;
    changes += 1;
    desk.zendesk.tickets.automate(asked.id, { priority: changes % 2 === 0 ? 'low' : 'normal' });
  });
  for (const push of desk.zendesk.webhooks.take()) await send(push);
  await run(3);
  expect(desk.zendesk.callsTo('PUT', /./).map(({ status }) => status)).toEqual([409, 409, 409]);
  expect((await recordOf(asked))?.delivery).toMatchObject({
    state: 'refused',
    reason: expect.stringContaining('changed each time before it could be written, 3 times'),
  });
  expect(asked.group_id).toBe(desk.triage.id);
});

test('an agent who chooses another option of the intent teaches it', async () => {
  const asked = create('I want my money');
  desk.intent.custom_field_options?.push({ id: 1, name: 'Orders::Returns', value: 'q_17' });
  for (const push of desk.zendesk.webhooks.take()) await send(push);
  await run(1);
  const changes = { custom_fields: [{ id: desk.intent.id, value: 'q_17' }] };
  desk.zendesk.tickets.update(asked.id, { by: desk.ana.id, changes });
  for (const push of desk.zendesk.webhooks.take()) await send(push);
  await run(1);
  expect(await opened.store.feedback.ofTicket(`${name}:${asked.id}`)).toMatchObject([
    { feedback: { intent: 'orders/returns', by: 'Ana' } },
  ]);
});

// Slow, so only with TEST_PROCESSES, which .ci/run sets.
test.skipIf(!process.env.TEST_PROCESSES)(
  'through lost, doubled and disordered webhooks, collisions, limits, lost replies and an hour away, each ticket is written once',
  async () => {
    const { zendesk, ana, lea, billing } = desk;
    zendesk.account.triggers.push({
      id: 35,
      title: 'Customers of Acme',
      fire: (ticket, { isCreated }) => (isCreated ? { tags: [...ticket.tags, 'acme'] } : null),
    });
    const other = zendesk.addGroup('Other');
    const kinds = ['plain', 'moved', 'answered', 'closed', 'merged', 'spam', 'deleted', 'elsewhere'] as const;
    const tickets = new Map<FakeTicket, (typeof kinds)[number]>();
    const first = create();
    tickets.set(first, 'plain');
    /** What happens to a ticket before anybody has read it. */
    const ends: Readonly<Record<(typeof kinds)[number], (id: number) => void>> = {
      plain: () => {},
      moved: (id) => zendesk.tickets.update(id, { by: ana.id, changes: { group_id: other.id } }),
      answered: (id) => zendesk.tickets.update(id, { by: ana.id, changes: { comment: { body: 'On its way' } } }),
      closed: (id) => zendesk.tickets.automate(id, { status: 'closed' }),
      merged: (id) => zendesk.tickets.merge({ from: id, into: first.id, by: ana.id }),
      spam: (id) => zendesk.tickets.markAsSpam(id, ana.id),
      deleted: (id) => zendesk.tickets.remove(id, ana.id),
      elsewhere: (id) => zendesk.tickets.automate(id, { group_id: other.id }),
    };
    let held: FakePush[] = [];
    /** Sends what waits in another order, a quarter not at all, a quarter twice, and some only the next time. */
    const sendSome = async () => {
      const pushes = [...held, ...zendesk.webhooks.take()].toSorted(() => random() - 0.5);
      held = [];
      for (const push of pushes) {
        const luck = random();
        if (luck < 0.25) continue;
        if (luck < 0.4) held.push(push);
        else await send(push);
        if (luck > 0.75) await send(push);
      }
    };
    let rounds = 0;
    const arrive = async (until: number, hasWebhooks: boolean) => {
      for (; rounds < until; rounds += 1) {
        for (let count = 0; count < 3; count += 1) {
          const kind = (count === 0 ? kinds[rounds % kinds.length] : null) ?? 'plain';
          const spammer = { name: 'Spammer', email: `s${tickets.size}@spam.example`, role: 'end-user' } as const;
          const asked = create('Where is my parcel?', kind === 'spam' ? zendesk.addUser(spammer) : lea);
          tickets.set(asked, kind);
          ends[kind](asked.id);
        }
        if (hasWebhooks) await sendSome();
        else zendesk.webhooks.take();
        await run(0.5 + random() * 2);
      }
    };

    let collisions = 0;
    const collided = new Map<string, number>();
    zendesk.interfere((call) => {
      const [, id] = /^PUT \/api\/v2\/tickets\/(\d+)$/.exec(call) ?? [];
      // A third time, and the ticket would be left.
      if (id === undefined || random() > 0.25 || (collided.get(id) ?? 0) === 2) return;
      collisions += 1;
      collided.set(id, (collided.get(id) ?? 0) + 1);
      zendesk.tickets.automate(Number(id), { priority: collisions % 2 === 0 ? 'low' : 'normal' });
    });
    const lost = { kind: 'lost-reply' } as const;
    const limited = { kind: 'status', status: 429, retryAfter: '9' } as const;
    zendesk.fail('PUT', /tickets/, lost, limited, lost, { kind: 'status', status: 503 }, limited);
    zendesk.fail('GET', /audits/, limited, { kind: 'break' });
    await arrive(6, true);

    // An hour in which nothing is answered and nothing is sent, while customers go on writing.
    zendesk.setAway(true);
    for (let part = 0; part < 4; part += 1) {
      for (let count = 0; count < 3; count += 1) tickets.set(create(), 'plain');
      zendesk.webhooks.take();
      await run(15);
    }
    zendesk.setAway(false);
    zendesk.fail('GET', /incremental/, { kind: 'status', status: 429, retryAfter: '20' });
    await arrive(9, false);
    await run(20);

    expect(queue.waiting()).toEqual([]);
    expect(collisions).toBeGreaterThan(3);
    const plain = [...tickets].flatMap(([ticket, kind]) => (kind === 'plain' ? [ticket] : []));
    expect(plain.length).toBeGreaterThan(20);
    for (const ticket of plain) {
      expect([ticket.id, ticket.group_id, decisionsOn(ticket).length]).toEqual([ticket.id, billing.id, 1]);
      expect(ticket.tags).toEqual(expect.arrayContaining(['vip', 'acme', 'orders_status']));
      expect(await recordOf(ticket)).toMatchObject({ decision: { team: 'orders' }, delivery: { state: 'delivered' } });
      const notes = (zendesk.account.audits.get(ticket.id) ?? []).flatMap(({ events }) =>
        events.filter(({ type, public: isPublic }) => type === 'Comment' && isPublic === false),
      );
      // The first ticket also has the notes of those that were merged into it.
      expect(notes.filter(({ author_id }) => author_id === zendesk.bot.id)).toHaveLength(1);
    }
    const others = [...tickets].filter(([, kind]) => kind !== 'plain');
    expect(new Set(others.map(([, kind]) => kind)).size).toBe(kinds.length - 1);
    for (const [ticket, kind] of others) {
      expect([kind, decisionsOn(ticket)]).toEqual([kind, []]);
      if (kind === 'deleted' || kind === 'spam')
        expect(await opened.store.tickets.get(`${name}:${ticket.id}`)).toBeNull();
    }
    // Each ticket was read by the engine once.
    expect(fixture.classifierCalls.toSorted()).toEqual([...new Set(fixture.classifierCalls)].toSorted());
    // Ten exports a minute were never exceeded: the only 429 is the one that was ordered.
    const exports = zendesk.callsTo('GET', /incremental/).filter(({ status }) => status !== null);
    expect(exports.filter(({ status }) => status === 429)).toHaveLength(1);
    expect(exports.length).toBeGreaterThan(20);

    // Spam and a deletion after the decision: nothing more is written, and our copy of what was deleted is erased.
    zendesk.interfere(null);
    const [doomed, later] = [create(), create()];
    for (const push of zendesk.webhooks.take()) await send(push);
    await run(1);
    zendesk.tickets.destroy(doomed.id, ana.id);
    zendesk.tickets.update(later.id, { by: lea.id, changes: { comment: { body: 'I want to send it back' } } });
    lea.suspended = true;
    for (const push of zendesk.webhooks.take()) await send(push);
    await run(5);
    expect(await opened.store.tickets.get(`${name}:${doomed.id}`)).toBeNull();
    expect(decisionsOn(later)).toHaveLength(1);
  },
);
