// What the pipeline does with a helpdesk. On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sharedFieldsSchema } from '../../connectors/connector-settings.ts';
import { ConflictError, ConnectorError, NotFoundError } from '../../errors.ts';
import type { Mode } from '../../routing/decision.ts';
import { createMemoryDesk, type MemoryDesk } from '../../testing/memory-desk.ts';
import { createPipelineFixture } from '../../testing/pipeline-fixture.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../../testing/test-stores.ts';
import { createPipeline } from '../pipeline.ts';
import { undoDelivery } from '../undo-delivery.ts';

const { signal } = new AbortController();
const trigger = { kind: 'rule', id: 't-1', name: 'A trigger' } as const;

describe.each(storeKinds)('a helpdesk on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let counter = 0;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    let now: Date;
    let name: string;
    let desk: MemoryDesk;
    let fixture: ReturnType<typeof createPipelineFixture>;
    let pipeline: ReturnType<typeof createPipeline>;
    let classify: Parameters<typeof createPipelineFixture>[0]['classify'];

    const connect = async (fields: { mode?: Mode; groups?: string[]; poll?: string; noteLanguage?: 'de' } = {}) => {
      counter += 1;
      name = `desk-${counter}`;
      desk = createMemoryDesk({ name, now: () => now, pageSize: 15 });
      classify = async () => sampleClassification({ intent: 'orders/status' });
      const made = createPipelineFixture({
        store: opened.store,
        classify: (request) => classify?.(request) ?? Promise.reject(),
      });
      const configured = { ...sharedFieldsSchema.parse({ mode: 'auto', ...fields }), connector: desk.connector };
      const routing = {
        ...made.context.routing,
        teams: [
          { id: 'triage', name: 'Triage', members: [], owners: { [name]: 'inbox' } },
          { id: 'orders', name: 'Orders', members: [], owners: { [name]: 'g-orders' } },
        ],
      };
      const context = { ...made.context, routing, connectors: new Map([[name, configured]]), now: () => now };
      fixture = { ...made, context };
      pipeline = createPipeline(context);
      await opened.store.cursors.connect({ connectors: [name], now });
    };
    beforeEach(async () => {
      now = new Date('2026-11-27T10:00:00Z');
      await connect();
    });

    const idOf = (externalId: string) => `${name}:${externalId}`;
    const refresh = (externalId: string) => pipeline.refresh({ connector: name, externalId, signal });
    /** Runs the queued jobs until none is left. */
    const work = async () => {
      for (;;) {
        const jobs = fixture.jobs.splice(0);
        if (jobs.length === 0) return;
        for (const { name: kind, payload } of jobs) {
          now = new Date(now.getTime() + 1_000);
          if (kind === 'refresh')
            await pipeline.refresh({ ...(payload as { connector: string; externalId: string }), signal });
          if (kind === 'import') {
            await pipeline.import.importPage(payload as { connector: string; since: string; cursor: null }, signal);
          }
          if (kind === 'decide') await pipeline.decide.decide(payload as { ticketId: string; revision: number });
          if (kind === 'deliver') await pipeline.deliver.deliver((payload as { decisionId: string }).decisionId);
        }
      }
    };
    const recordOf = async (externalId: string) => {
      const record = await opened.store.tickets.getRecord(idOf(externalId));
      if (record === null) throw new TypeError(`no ticket ${externalId}`);
      return record;
    };
    const take = async (externalId: string) => {
      await refresh(externalId);
      await work();
    };

    test('a new ticket is read, decided, and written with its note', async () => {
      desk.create('1', 'Where is my parcel?');
      await take('1');
      expect(desk.get('1').place.group).toBe('g-orders');
      expect(desk.written.map(({ what }) => what)).toEqual(['note', 'decision']);
      expect(desk.written[0]?.text).toContain('Orders › Status (90 %), to Orders');
      expect(await recordOf('1')).toMatchObject({ delivery: { state: 'delivered' }, decision: { team: 'orders' } });
    });

    test('shadow writes nothing, and still knows what others change; assist writes the note alone', async () => {
      await connect({ mode: 'shadow' });
      desk.create('1', 'Where is my parcel?');
      await take('1');
      desk.change('1', 'priority', 'high');
      await take('1');
      await take('1');
      expect(desk.written).toEqual([]);
      expect(await opened.store.changes.ofTicket(idOf('1'))).toMatchObject([
        { field: 'priority', from: null, to: 'high', by: { kind: 'agent', name: 'Ana' } },
      ]);
      await connect({ mode: 'assist', noteLanguage: 'de' });
      desk.create('2', 'Where is my parcel?');
      await take('2');
      expect(desk.written.map(({ what }) => what)).toEqual(['note']);
      expect(desk.written[0]?.text).toMatch(/^Regel: .*das Anliegen ist Status \(zu 90\s%\ssicher/m);
      expect(desk.get('2').place.group).toBe('inbox');
    });

    test.each([
      ['moved', (id: string) => desk.change(id, 'group', 'g-other'), /^Ana moved the ticket: nothing is written/],
      ['taken', (id: string) => desk.change(id, 'assignee', '7'), /^Ana took the ticket/],
      ['answered', (id: string) => desk.reply(id, 'We look into it.', 'agent'), /^Ana answered the ticket/],
    ])('a ticket that an agent has %s before the decision is written is left alone', async (_, act, reason) => {
      desk.create('1', 'Where is my parcel?');
      await refresh('1');
      act('1');
      await work();
      expect(desk.written).toEqual([]);
      expect((await recordOf('1')).delivery).toMatchObject({ state: 'skipped', reason: expect.stringMatching(reason) });
    });

    test('what a trigger changes is nobody, and the decision is written on the present state', async () => {
      desk.create('1', 'Where is my parcel?');
      await refresh('1');
      desk.change('1', 'group', 'inbox', trigger);
      await work();
      expect((await recordOf('1')).delivery).toMatchObject({ state: 'delivered' });
      expect(desk.get('1').place.group).toBe('g-orders');
      expect(fixture.classifierCalls).toHaveLength(1);
    });

    test('a trigger that changes what rules look at has the ticket decided again, without asking the engine again', async () => {
      desk.create('1', 'Where is my parcel?');
      await refresh('1');
      const before = desk.get('1');
      desk.create('1', 'Where is my parcel?', { ...before, ticket: { ...before.ticket, tags: ['vip'] } });
      desk.change('1', 'status', 'open', trigger);
      await work();
      const record = await recordOf('1');
      expect(record).toMatchObject({ revision: 2, ticket: { tags: ['vip'] }, delivery: { state: 'delivered' } });
      expect(fixture.classifierCalls).toHaveLength(1);
      expect(desk.written.filter(({ what }) => what === 'decision')).toHaveLength(1);
    });

    test('a ticket that changes before each of three tries is refused', async () => {
      desk.create('1', 'Where is my parcel?');
      await refresh('1');
      let tries = 0;
      desk.beforeDeliver = (id) => {
        tries += 1;
        desk.change(id, 'priority', String(tries), trigger);
      };
      await work();
      expect(tries).toBe(3);
      expect((await recordOf('1')).delivery).toMatchObject({
        state: 'refused',
        reason: expect.stringContaining('changed each time before it could be written'),
      });
      expect(desk.written).toEqual([]);
    });

    test('tickets elsewhere, of another state, or from before the connection are not taken in', async () => {
      await connect({ groups: ['Inbox'] });
      desk.create('elsewhere', 'Hello', { group: 'g-other' });
      desk.create('spam', 'Hello', { state: 'spam' });
      desk.create('old', 'Hello', { createdAt: '2026-11-27T09:59:59.000Z' });
      desk.create('empty', ' ', { ticket: {} });
      desk.create('ours', 'Where is my parcel?');
      for (const id of ['elsewhere', 'spam', 'old', 'empty', 'gone']) {
        expect(await refresh(id)).toMatchObject({ status: 'left' });
      }
      await take('ours');
      expect(desk.written).toHaveLength(2);
    });

    test('a known ticket that left the intake without us is never written', async () => {
      await connect({ groups: ['inbox'] });
      desk.create('1', 'Where is my parcel?');
      await refresh('1');
      desk.change('1', 'group', 'g-other', trigger);
      await work();
      expect(desk.written).toEqual([]);
      expect((await recordOf('1')).delivery?.reason).toMatch(/outside the connector's intake/);
    });

    test("a customer's later message is decided again with the thread as context, while nobody has the ticket", async () => {
      desk.create('1', 'Where is my parcel?');
      await take('1');
      classify = async ({ ticket }) => {
        expect(ticket.body).toMatch(
          /^I want to send it back\.\n\n-----Original Message-----\nFrom: Mia\nSent: 2026-11-27 10:00\n\n> Where is my parcel\?/,
        );
        return sampleClassification({ intent: 'orders/returns' });
      };
      desk.reply('1', 'I want to send it back.');
      await take('1');
      expect(await recordOf('1')).toMatchObject({
        revision: 2,
        classification: { intent: 'orders/returns' },
        delivery: { state: 'delivered' },
      });
    });

    test('once an agent has the ticket, a later message is noted when it asks for something else, and moves nothing', async () => {
      desk.create('1', 'Where is my parcel?');
      await take('1');
      desk.change('1', 'assignee', '7');
      desk.reply('1', 'Any news?');
      await take('1');
      expect((await recordOf('1')).delivery).toMatchObject({
        state: 'skipped',
        reason: 'Ana took the ticket: nothing is written',
      });
      classify = async () => sampleClassification({ intent: 'orders/returns' });
      desk.reply('1', 'I want to send it back as well.');
      await take('1');
      expect(await recordOf('1')).toMatchObject({
        decision: { team: 'orders', rule: 'moved', mode: 'assist' },
        delivery: { state: 'delivered' },
      });
      expect(desk.written.at(-1)).toMatchObject({
        what: 'note',
        text: expect.stringContaining('the customer now asks for Orders › Returns as well'),
      });
      expect(desk.get('1').place.group).toBe('g-orders');
    });

    test('a later message that says nothing leaves the ticket where it is, unless it is more urgent', async () => {
      desk.create('1', 'Where is my parcel?');
      await take('1');
      classify = async () => sampleClassification({ intent: null, abstained: true, abstainReason: 'too little' });
      desk.reply('1', 'Thank you!');
      await take('1');
      expect(await recordOf('1')).toMatchObject({
        revision: 2,
        decision: { team: 'orders', rule: 'stays' },
        delivery: {
          state: 'skipped',
          reason: 'the newer message does not say that anything else is wanted: nothing is written',
        },
        assignment: { team: 'orders', cause: 'decision' },
      });
      classify = async () =>
        sampleClassification({
          intent: 'orders/returns',
          confidence: 0.4,
          abstained: true,
          abstainReason: 'too little',
        });
      desk.reply('1', 'Hm.');
      await take('1');
      expect((await recordOf('1')).decision).toMatchObject({ team: 'orders', rule: 'stays' });
      classify = async () =>
        sampleClassification({ intent: null, abstained: true, abstainReason: 'too little', urgency: 'critical' });
      desk.reply('1', 'There is smoke!');
      await take('1');
      expect((await recordOf('1')).decision).toMatchObject({ team: 'triage' });
    });

    test('a later message that probably asks for something else is looked at by triage', async () => {
      desk.create('1', 'Where is my parcel?');
      await take('1');
      classify = async () =>
        sampleClassification({
          intent: 'orders/returns',
          confidence: 0.85,
          abstained: true,
          abstainReason: 'too little',
        });
      desk.reply('1', 'Forget it, I want my money back.');
      await take('1');
      expect((await recordOf('1')).decision).toMatchObject({ team: 'triage' });
    });

    test("an agent's messages are never classified", async () => {
      desk.create('1', 'Where is my parcel?');
      await take('1');
      desk.reply('1', 'It is on its way.', 'agent');
      await take('1');
      expect((await recordOf('1')).revision).toBe(1);
      expect(fixture.classifierCalls).toHaveLength(1);
    });

    test("an agent's change of the intent field is feedback, once; a move alone is a question for a review", async () => {
      desk.create('1', 'Where is my parcel?');
      await take('1');
      desk.change('1', 'intent', 'orders/returns');
      desk.change('1', 'group', 'inbox');
      await take('1');
      await take('1');
      expect(await opened.store.feedback.ofTicket(idOf('1'))).toMatchObject([
        { state: 'applied', feedback: { intent: 'orders/returns', by: 'Ana' }, actor: { kind: 'connector', id: name } },
      ]);
      expect(await opened.store.assignments.get(idOf('1'))).toMatchObject({ team: 'triage', cause: 'helpdesk' });
      desk.create('2', 'Where is my parcel?');
      await take('2');
      desk.change('2', 'group', 'inbox');
      await take('2');
      await take('2');
      expect(await opened.store.feedback.ofTicket(idOf('2'))).toMatchObject([
        { state: 'waiting', feedback: { team: 'triage' }, why: 'moved to Triage: which intent was it?' },
      ]);
    });

    test.each([['orders_returns'], ['Orders::Returns'], ['returns']])(
      'the option %s of a dropdown is the intent that it is named after',
      async (option) => {
        desk.create('1', 'Where is my parcel?');
        await take('1');
        desk.change('1', 'intent', option);
        await take('1');
        expect(await opened.store.feedback.ofTicket(idOf('1'))).toMatchObject([
          { feedback: { intent: 'orders/returns' } },
        ]);
      },
    );

    test('two reads at once give the feedback once', async () => {
      desk.create('1', 'Where is my parcel?');
      await take('1');
      desk.change('1', 'intent', 'Returns');
      await Promise.all([refresh('1'), refresh('1'), refresh('1')]);
      expect(await opened.store.feedback.ofTicket(idOf('1'))).toMatchObject([
        { feedback: { intent: 'orders/returns' } },
      ]);
      expect((await fixture.eventsOf(idOf('1'))).filter((event) => event === 'changed-outside')).toHaveLength(1);
    });

    test('what we write ourselves is no move, and is stored as ours', async () => {
      desk.create('1', 'Where is my parcel?');
      await take('1');
      await take('1');
      expect(await opened.store.changes.ofTicket(idOf('1'))).toMatchObject([
        { field: 'group', by: { kind: 'ourselves' } },
      ]);
      expect(await opened.store.feedback.ofTicket(idOf('1'))).toEqual([]);
      expect(desk.written).toHaveLength(2);
    });

    test('a closed ticket is left as it is; a deleted one is erased', async () => {
      desk.create('1', 'Where is my parcel?');
      await refresh('1');
      desk.setState('1', 'closed');
      await work();
      expect((await recordOf('1')).delivery?.reason).toBe('the ticket is closed in the helpdesk');
      desk.setState('1', 'deleted');
      expect(await refresh('1')).toMatchObject({ status: 'erased' });
      expect(await opened.store.tickets.get(idOf('1'))).toBeNull();
    });

    test('a read that began after a change was announced is enough for it', async () => {
      desk.create('1', 'Where is my parcel?');
      const toldAt = now.toISOString();
      now = new Date(now.getTime() + 1_000);
      await take('1');
      await pipeline.refresh({ connector: name, externalId: '1', toldAt, signal });
      expect(desk.reads).toHaveLength(1);
    });

    test('a delivery is taken back where the helpdesk still has what was written', async () => {
      const actor = { kind: 'user', id: 'lea' } as const;
      desk.create('1', 'Where is my parcel?');
      desk.create('2', 'Where is my parcel?');
      await take('1');
      await take('2');
      desk.change('2', 'group', 'g-other');
      const [first = '', second = ''] = [(await recordOf('1')).decision?.id, (await recordOf('2')).decision?.id];
      expect(await undoDelivery(fixture.context, { decisionId: first, actor })).toMatchObject({ state: 'undone' });
      expect(await undoDelivery(fixture.context, { decisionId: second, actor })).toMatchObject({ state: 'kept' });
      expect(desk.get('1').place.group).toBe('inbox');
      expect(desk.get('2').place.group).toBe('g-other');
      expect((await recordOf('1')).delivery).toMatchObject({ state: 'undone' });
      expect(await fixture.eventsOf(idOf('1'))).toContain('delivery-undone');
      await expect(undoDelivery(fixture.context, { decisionId: first, actor })).rejects.toBeInstanceOf(ConflictError);
    });

    test('older tickets are imported page by page, and nothing is written to them', async () => {
      const actor = { kind: 'user', id: 'ana' } as const;
      desk = createMemoryDesk({ name, now: () => now, pageSize: 2 });
      const configured = { ...sharedFieldsSchema.parse({ mode: 'auto' }), connector: desk.connector };
      pipeline = createPipeline({ ...fixture.context, connectors: new Map([[name, configured]]) });
      for (const day of ['20', '21', '22', '23']) {
        desk.create(day, `Where is my parcel of the ${day}th?`, { createdAt: `2026-11-${day}T10:00:00.000Z` });
      }
      desk.setState('23', 'closed');
      desk.create('spam', 'Hello', { createdAt: '2026-11-22T10:00:00.000Z', state: 'spam' });
      await expect(pipeline.import.start({ connector: 'nobody', since: now, actor })).rejects.toBeInstanceOf(
        NotFoundError,
      );
      await pipeline.import.start({ connector: name, since: new Date('2026-11-21T00:00:00Z'), actor });
      const started = (await opened.store.history.after(0, 1_000)).filter(({ event }) => event === 'tickets-imported');
      expect(started).toMatchObject([{ actor, facts: { connector: name } }]);
      await work();
      const found = await opened.store.tickets.findByKeys(
        ['20', '21', '22', '23', 'spam'].map((externalId) => ({ connector: name, externalId })),
      );
      expect(found.map(({ externalId }) => externalId).sort()).toEqual(['21', '22', '23']);
      expect((await recordOf('22')).delivery).toMatchObject({
        state: 'skipped',
        reason: expect.stringMatching(/imported/),
      });
      expect(desk.written).toEqual([]);
      desk.reply('22', 'I want to send it back.');
      await take('22');
      expect(desk.written.map(({ what }) => what)).toEqual(['note', 'decision']);
    });

    describe('polling', () => {
      const poll = async () => (await pipeline.poll.poll(name, signal))?.nextMs ?? null;

      test('reads every change once, page by page, and goes on where it stopped', async () => {
        for (let id = 0; id < 40; id += 1) desk.create(String(id), `Where is parcel ${id}?`);
        await poll();
        const queued = fixture.jobs.map(({ payload }) => (payload as { externalId: string }).externalId);
        expect(new Set(queued).size).toBe(40);
        await work();
        expect(desk.written.filter(({ what }) => what === 'decision')).toHaveLength(40);
        expect(await opened.store.cursors.get(name)).toMatchObject({ cursor: '40', isAtEnd: true });
      });

      test('what webhook and poll both say gives one read and one decision', async () => {
        desk.create('1', 'Where is my parcel?');
        await take('1');
        const reads = desk.reads.length;
        now = new Date(now.getTime() + 60_000);
        await poll();
        // Our own write is the only change that is new.
        expect(fixture.jobs).toHaveLength(1);
        await work();
        expect(desk.reads).toHaveLength(reads + 1);
        expect(desk.written).toHaveLength(2);
      });

      test('looks less and less often while nothing changes, and at once more often when something did', async () => {
        const pauses: (number | null)[] = [];
        for (let look = 0; look < 9; look += 1) {
          const pause = await poll();
          pauses.push(pause);
          now = new Date(now.getTime() + (pause ?? 0) + 1);
        }
        expect(pauses).toEqual([5_000, 7_500, 11_250, 16_875, 25_313, 37_970, 56_955, 60_000, 60_000]);
        desk.create('1', 'Where is my parcel?');
        expect(await poll()).toBe(5_000);
      });

      test('one process at a time reads; the right of one that died passes on', async () => {
        desk.create('1', 'Where is my parcel?');
        const other = createPipeline(fixture.context);
        const holdFor = (ms: number) =>
          opened.store.cursors.hold({
            ...{ connector: name, holder: 'dead', now },
            until: new Date(now.getTime() + ms),
            latest: new Date(now.getTime() + 2 * ms),
          });
        await holdFor(120_000);
        expect(await other.poll.poll(name, signal)).toEqual({ nextMs: 5_000, hasLooked: false });
        expect(fixture.jobs).toEqual([]);
        now = new Date(now.getTime() + 121_000);
        await other.poll.poll(name, signal);
        expect(fixture.jobs).toHaveLength(1);
        now = new Date(now.getTime() + 5_000);
        await holdFor(9_000_000);
        await opened.store.cursors.connect({ connectors: [name], now, isAlone: true });
        desk.create('2', 'Where is my parcel?');
        expect(await poll()).toBe(5_000);
        expect(fixture.jobs).toHaveLength(2);
      });

      test('a helpdesk that is away loses nothing', async () => {
        desk.create('1', 'Where is my parcel?');
        desk.fault = new ConnectorError({
          connector: name,
          retryable: true,
          unavailable: true,
          message: 'It is away.',
        });
        const before = await opened.store.cursors.get(name);
        await expect(poll()).rejects.toBeInstanceOf(ConnectorError);
        // It is due at once, and was not read.
        expect(await opened.store.cursors.get(name)).toEqual(before);
        desk.fault = null;
        now = new Date(now.getTime() + 3_600_000);
        await poll();
        await work();
        expect(desk.written).toHaveLength(2);
      });

      test('tickets from before the connection, and from elsewhere, are not even read', async () => {
        await connect({ groups: ['inbox'] });
        desk.create('old', 'Hello', { createdAt: '2026-11-27T09:00:00.000Z' });
        desk.create('elsewhere', 'Hello', { group: 'g-other' });
        await poll();
        expect(fixture.jobs).toEqual([]);
      });

      test('a connector with `poll: off` is not polled', async () => {
        await connect({ poll: 'off' });
        expect(await poll()).toBeNull();
      });
    });
  });
});
