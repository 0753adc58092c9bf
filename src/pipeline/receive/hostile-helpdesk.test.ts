// What happens when a helpdesk, a clock or a person acts at the worst moment. On PGlite always; on PostgreSQL when
// TEST_DATABASE_URL is set.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectDesk, type DeskPipeline } from '../../testing/desk-pipeline.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../../testing/test-stores.ts';
import type { HelpdeskTicket } from '../../ticket/helpdesk-ticket.ts';
import { eraseTickets } from '../erase.ts';
import { keepRetention } from '../keep-retention.ts';
import { undoDelivery } from '../undo-delivery.ts';

const { signal } = new AbortController();
const person = { kind: 'user', id: 'lea' } as const;

describe.each(storeKinds)('a helpdesk at its worst on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let on: DeskPipeline;
    /** Runs between the moment at which the helpdesk has read a ticket and that at which we have the answer. */
    let afterRead: (externalId: string) => Promise<void>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });
    const connect = async (fields: object = {}) => {
      afterRead = async () => {};
      on = await connectDesk(opened.store, {
        fields,
        wrap: (connector) => ({
          ...connector,
          async readTicket(externalId, aborted) {
            const read = (await connector.readTicket?.(externalId, aborted)) ?? null;
            const interrupt = afterRead;
            afterRead = async () => {};
            await interrupt(externalId);
            return read;
          },
        }),
      });
    };
    beforeEach(() => connect());

    describe('reads that overtake each other', () => {
      test('an older read that ends last does not bring back older words', async () => {
        on.desk.create('1', 'Where is my parcel?');
        await on.take('1');
        const other = on.reopen({}).pipeline;
        afterRead = async () => {
          on.now = new Date(on.now.getTime() + 1_000);
          on.desk.reply('1', 'I want to send it back.');
          await other.refresh({ connector: on.name, externalId: '1', signal });
        };
        on.desk.reply('1', 'Any news?');
        await on.refresh('1');
        expect((await on.recordOf('1')).ticket.body).toMatch(/^I want to send it back\./);
      });

      test('the first read, overtaken by one with a later message, does not either', async () => {
        on.desk.create('1', 'Where is my parcel?');
        const other = on.reopen({}).pipeline;
        afterRead = async () => {
          on.now = new Date(on.now.getTime() + 1_000);
          on.desk.reply('1', 'I want to send it back.');
          await other.refresh({ connector: on.name, externalId: '1', signal });
        };
        await on.refresh('1');
        expect((await on.recordOf('1')).ticket.body).toMatch(/^I want to send it back\./);
      });
    });

    describe('erasure', () => {
      // The database says when a ticket was erased.
      beforeEach(async () => {
        on.now = new Date(Date.now() - 3_600_000);
        await opened.store.cursors.connect({ connectors: [on.name], now: on.now });
      });

      test('a ticket that is erased while it is read does not come back', async () => {
        on.desk.create('1', 'Where is my parcel?');
        await on.take('1');
        on.desk.reply('1', 'Any news?');
        afterRead = async () => {
          await eraseTickets(on.fixture.context, { what: { ticketId: on.idOf('1') }, actor: person });
        };
        await on.refresh('1');
        expect(await opened.store.tickets.get(on.idOf('1'))).toBeNull();
      });

      test('nor does it when the helpdesk lists it again, until the customer writes again', async () => {
        on.desk.create('1', 'Where is my parcel?');
        await on.take('1');
        await eraseTickets(on.fixture.context, { what: { ticketId: on.idOf('1') }, actor: person });
        on.desk.change('1', 'priority', 'high');
        expect(await on.refresh('1')).toMatchObject({ status: 'left', reason: expect.stringContaining('erased') });
        expect(await opened.store.tickets.get(on.idOf('1'))).toBeNull();
        on.now = new Date(Date.now() + 60_000);
        on.desk.reply('1', 'I need help again.');
        expect(await on.refresh('1')).toMatchObject({ status: 'accepted' });
      });
    });

    describe('modes', () => {
      test('nothing waiting is written once the connector is in shadow, and only notes once it is in assist', async () => {
        for (const id of ['1', '2']) {
          on.desk.create(id, 'Where is my parcel?');
          await on.refresh(id);
          await on.pipeline.decide.decide({ ticketId: on.idOf(id), revision: 1 });
        }
        const decisionOf = async (id: string) => (await on.recordOf(id)).decision?.id ?? '';
        await on.reopen({ fields: { mode: 'shadow' } }).pipeline.deliver.deliver(await decisionOf('1'));
        expect(on.desk.written).toEqual([]);
        expect((await on.recordOf('1')).delivery).toMatchObject({
          state: 'skipped',
          reason: expect.stringContaining('shadow'),
        });
        await on.reopen({ fields: { mode: 'assist' } }).pipeline.deliver.deliver(await decisionOf('2'));
        expect(on.desk.written.map(({ what }) => what)).toEqual(['note']);
      });
    });

    test('a posted ticket whose words differ in the helpdesk is written once, for what the helpdesk has', async () => {
      on.desk.create('1', 'Where is my parcel?');
      await on.pipeline.intake({
        connector: 'api',
        actor: person,
        ticket: { body: 'Other words', source: { connector: on.name, externalId: '1' } },
      });
      await on.work();
      expect(await on.recordOf('1')).toMatchObject({ revision: 2, delivery: { state: 'delivered' } });
      expect(on.desk.written.map(({ what }) => what)).toEqual(['note', 'decision']);
    });

    describe('what agents say', () => {
      test('an intent that is set before the ticket is decided is kept', async () => {
        on.desk.create('1', 'Where is my parcel?');
        await on.refresh('1');
        on.desk.change('1', 'intent', 'orders/returns');
        await on.take('1');
        expect(await opened.store.feedback.ofTicket(on.idOf('1'))).toHaveLength(1);
      });

      test('an intent for a ticket of files alone is kept', async () => {
        on.desk.create('1', '', {
          ticket: {},
          messages: [
            {
              id: 'm',
              at: on.now.toISOString(),
              from: 'customer',
              author: 'M',
              text: '',
              isPublic: true,
              attachments: 2,
            },
          ],
        });
        await on.take('1');
        on.desk.change('1', 'intent', 'orders/returns');
        await on.take('1');
        expect(await opened.store.changes.ofTicket(on.idOf('1'))).not.toEqual([]);
      });

      test('names and values with NUL characters, lone surrogates and braces are stored', async () => {
        const bad = 'A\u0000na \uD800 {intent} $& <b>';
        on.desk.create('1', `Where is my parcel? ${bad}`, {
          ticket: { subject: bad, tags: [bad], requester: { name: bad } },
        });
        await on.take('1');
        on.desk.change('1', 'intent', 'Returns', { kind: 'agent', id: bad, name: bad });
        on.desk.change('1', 'group', bad, { kind: 'agent', id: bad, name: bad });
        on.desk.change('1', 'tags', bad, { kind: 'agent', id: bad, name: bad });
        on.desk.change('1', 'assignee', bad, { kind: 'agent', id: bad, name: bad });
        on.desk.reply('1', bad, 'agent');
        on.desk.reply('1', bad);
        await on.take('1');
        await on.take('1');
        expect(await opened.store.changes.ofTicket(on.idOf('1'))).toHaveLength(5);
      });
    });

    describe('sizes', () => {
      test('a ticket with 20,000 changes, 5,000 messages and 300 tags is stored', async () => {
        on.desk.create('1', 'Where is my parcel?');
        const before = on.desk.get('1');
        const at = on.now.toISOString();
        on.desk.create('1', 'x', {
          ...before,
          ticket: { ...before.ticket, tags: Array.from({ length: 300 }, (_, index) => `tag-${index}`) },
          messages: Array.from({ length: 5_000 }, (_, index) => ({
            ...{ id: `m${index}`, at, author: 'Mia', isPublic: true, attachments: 0 },
            from: 'customer' as const,
            text: `Message ${index}`,
          })),
          changes: Array.from({ length: 20_000 }, (_, index) => ({
            ...{ sourceId: `s${index}`, at, from: 'a', to: 'b' },
            by: { kind: 'rule' as const, id: 'loop' },
            field: 'priority' as const,
          })),
        } satisfies Partial<HelpdeskTicket>);
        await on.refresh('1');
        expect(await opened.store.changes.ofTicket(on.idOf('1'))).toHaveLength(20_000);
        expect((await on.recordOf('1')).ticket.body).toMatch(/^Message 4999/);
      });
    });

    describe('clocks', () => {
      test('a clock that was ahead does not stop reads, polls or writes once it is right', async () => {
        const right = on.now;
        on.now = new Date(right.getTime() + 24 * 3_600_000);
        on.desk.create('1', 'Where is my parcel?');
        expect((await on.pipeline.poll.poll(on.name, signal))?.nextMs).toBe(5_000);
        await on.work();
        on.now = new Date(right.getTime() + 60_000);
        on.desk.reply('1', 'I want to send it back.');
        await on.pipeline.poll.poll(on.name, signal);
        expect(on.fixture.jobs).toHaveLength(1);
        await on.work();
        const record = await on.recordOf('1');
        expect(record).toMatchObject({ revision: 2, delivery: { state: 'delivered' } });
      });
    });

    test('a rule that changes a ticket after each of our writes does not make us write for ever', async () => {
      on.desk.create('1', 'Where is my parcel?');
      for (let round = 0; round < 23; round += 1) {
        await on.take('1');
        const { ticket, ...before } = on.desk.get('1');
        on.desk.create('1', '', { ...before, ticket: { ...ticket, subject: `${ticket.subject} [routed]` } });
        on.desk.change('1', 'status', String(round), { kind: 'rule', id: 'trigger' });
      }
      expect(on.desk.written.filter(({ what }) => what === 'decision')).toHaveLength(20);
      expect((await on.recordOf('1')).delivery).toMatchObject({
        state: 'refused',
        reason: expect.stringContaining('20 times within an hour'),
      });
    });

    test('an earlier decision is not taken back below a later one that stands', async () => {
      const decisionOf = async () => (await on.recordOf('1')).decision?.id ?? '';
      on.desk.create('1', 'Where is my parcel?');
      await on.take('1');
      const first = await decisionOf();
      on.desk.reply('1', 'And where is the other one?');
      await on.take('1');
      const second = await decisionOf();
      const undo = (decisionId: string) => undoDelivery(on.fixture.context, { decisionId, actor: person });
      expect(await undo(first)).toMatchObject({ state: 'kept', detail: expect.stringContaining(second) });
      expect(on.desk.get('1').place.group).toBe('g-orders');
      expect(await undo(second)).toMatchObject({ state: 'undone' });
      expect(await undo(first)).toMatchObject({ state: 'undone' });
      expect(on.desk.get('1').place.group).toBe('inbox');
    });

    describe('lists of changes', () => {
      test('a helpdesk that gives the same page for ever is not asked without a pause', async () => {
        let pages = 0;
        on = await connectDesk(opened.store, {
          wrap: (connector) => ({
            ...connector,
            async listChanged() {
              pages += 1;
              return { signals: [{ externalId: '1', stamp: String(pages) }], cursor: 'same', isEnd: false };
            },
          }),
        });
        const pause = (await on.pipeline.poll.poll(on.name, signal))?.nextMs ?? null;
        expect(pause).toBeGreaterThanOrEqual(5_000);
        expect(pages).toBeLessThanOrEqual(3);
        expect(on.fixture.jobs.length).toBeLessThanOrEqual(2);
      });

      test('a deletion counts wherever it stands in a list', async () => {
        on = await connectDesk(opened.store, {
          wrap: (connector) => ({
            ...connector,
            listChanged: async () => ({
              signals: [{ externalId: '1', isDeleted: true }, { externalId: '1' }],
              cursor: 'c',
              isEnd: true,
            }),
          }),
        });
        on.desk.create('1', 'Where is my parcel?');
        await on.take('1');
        on.desk.remove('1');
        await on.pipeline.poll.poll(on.name, signal);
        await on.work();
        expect(await opened.store.tickets.get(on.idOf('1'))).toBeNull();
      });

      test('a stamp in whole seconds does not hide what came later in the same second', async () => {
        on = await connectDesk(opened.store, {
          wrap: (connector) => ({
            ...connector,
            async listChanged() {
              const changedAt = on.now.toISOString();
              return { signals: [{ externalId: '1', stamp: '1', changedAt }], cursor: 'c', isEnd: true };
            },
          }),
        });
        on.desk.create('1', 'Where is my parcel?');
        await on.refresh('1');
        on.fixture.jobs.splice(0);
        await on.pipeline.poll.poll(on.name, signal);
        expect(on.fixture.jobs).toMatchObject([{ name: 'refresh' }]);
      });
    });

    test('retention does not keep a ticket from coming back', async () => {
      on.desk.create('1', 'Where is my parcel?');
      await on.take('1');
      const later = new Date(Date.now() + 200 * 24 * 3_600_000);
      await keepRetention({ ...on.fixture.context, now: () => later }, { retentionMs: 180 * 24 * 3_600_000, signal });
      expect(await opened.store.tickets.get(on.idOf('1'))).toBeNull();
      on.classify = async () => sampleClassification({ intent: 'orders/returns' });
      expect(await on.refresh('1')).toMatchObject({ status: 'accepted' });
    });
  });
});
