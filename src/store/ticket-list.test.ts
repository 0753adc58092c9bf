import { drizzle } from 'drizzle-orm/node-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeDueWords } from '../pipeline/store-words.ts';
import { sampleClassification, sampleDecision, sampleTicket } from '../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import type { Feedback, Store, TicketFilter, TicketPage } from './store.ts';
import { selectPage } from './ticket-list.ts';

test('the statement of a page does not read the column with the ticket and its body', () => {
  const { sql } = selectPage(drizzle.mock(), { filter: {}, before: null, limit: 51 }).toSQL();
  expect(sql).toContain('"tickets"."subject"');
  expect(sql).not.toMatch(/"ticket"(?!_)/);
});

describe.each(storeKinds)('list of tickets on $kind', ({ kind, skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    const idsOf = async (filter: TicketFilter) =>
      (await store.tickets.list({ filter })).items.map(({ ticketId }) => ticketId);

    test('a row has what a reader of the list needs, and of the text only the start of the subject', async () => {
      const id = `${kind}-row`;
      const ticket = {
        id,
        subject: 'x'.repeat(500),
        body: 'words of the body',
        channel: 'email',
        language: 'de',
        requester: { name: 'Ana', email: 'Ana@Example.com', tier: 'enterprise' },
        tags: ['vip'],
        source: { connector: 'desk', externalId: '123', url: 'https://desk.example/123' },
      };
      await store.tickets.insertMany([sampleTicket({ id, connector: 'desk', externalId: '123', ticket })]);
      const [waiting] = (await store.tickets.list({ filter: { connector: 'desk' } })).items;
      expect(waiting).toEqual({
        ticketId: id,
        connector: 'desk',
        externalId: '123',
        url: 'https://desk.example/123',
        revision: 1,
        state: 'received',
        receivedAt: expect.stringMatching(/Z$/),
        subject: 'x'.repeat(200),
        requester: { name: 'Ana', email: 'ana@example.com', tier: 'enterprise' },
        channel: 'email',
        language: 'de',
        tags: ['vip'],
        opening: null,
        said: null,
        classification: null,
        decision: null,
        delivery: null,
        assignment: null,
      });

      const ref = { ticketId: id, revision: 1 };
      const classification = sampleClassification({
        confidence: 0.8,
        model: 'm',
        urgency: 'high',
        sentiment: 'negative',
      });
      const decision = sampleDecision({ id: `${id}-d`, team: 'orders', assignee: 'ana' });
      await store.classifications.saveMany([{ ...ref, classification: { ...classification, costUsd: 0.25 } }]);
      await store.decisions.saveMany([{ ...ref, decision }]);
      await store.deliveries.openMany([
        { decisionId: decision.id, delivery: { state: 'pending', at: null, reason: null } },
      ]);
      await store.tickets.markDecided([ref]);
      const by = { kind: 'user', id: 'lucia' } as const;
      await store.assignments.saveMany([{ ticketId: id, team: 'billing', assignee: null, by, cause: 'feedback' }]);
      const [row] = (await store.tickets.list({ filter: { connector: 'desk' } })).items;
      const { intent, abstained, stage, model, urgency, sentiment, language, latencyMs } = classification;
      expect(row).toMatchObject({ state: 'decided', delivery: { state: 'pending', at: null, reason: null } });
      expect(row?.classification).toEqual({
        ...{ intent, confidence: 0.8, abstained, stage, model, urgency, sentiment, language, costUsd: 0.25, latencyMs },
      });
      const { tags: _tags, sla: _sla, ...shown } = decision;
      expect(row?.decision).toEqual({ ...shown, release: decision.release ?? null });
      expect(row?.assignment).toEqual({
        ...{ team: 'billing', assignee: null, by, cause: 'feedback' },
        at: expect.stringMatching(/Z$/),
      });
      expect(JSON.stringify(row)).not.toContain('words of the body');
    });

    test('a row without a subject has how the text begins, also of a later revision', async () => {
      const id = `${kind}-opening`;
      const ticket = sampleTicket({ id, connector: 'opening', opening: 'It broke', ticket: { id, body: 'It broke' } });
      await store.tickets.insertMany([ticket]);
      const rowOf = async () => (await store.tickets.list({ filter: { connector: 'opening' } })).items[0];
      expect(await rowOf()).toMatchObject({ subject: null, opening: 'It broke' });
      await store.tickets.revise({ ticket: { ...ticket, revision: 2, opening: 'Again' }, fromRevision: 1 });
      expect(await rowOf()).toMatchObject({ opening: 'Again' });
    });

    test('a ticket is found by what people said of it, until that is undone', async () => {
      const connector = 'said';
      const within = (intent: string) => [{ within: intent, except: [] }];
      const insert = (id: string) => store.tickets.insertMany([sampleTicket({ id, connector })]);
      const decide = async (id: string, { revision = 1, abstained = false } = {}) => {
        const classification = sampleClassification({ intent: 'read/as', abstained });
        await store.classifications.saveMany([{ ticketId: id, revision, classification }]);
        const decision = sampleDecision({ id: `d-${id}-${revision}`, team: 'orders' });
        await store.decisions.saveMany([{ ticketId: id, revision, decision }]);
        await store.tickets.markDecided([{ ticketId: id, revision }]);
      };
      const actor = { kind: 'user', id: 'ana' } as const;
      const say = async (ticketId: string, feedback: Feedback) =>
        (await store.feedback.add({ ticketId, revision: 1, feedback, actor, state: 'applied', why: null })).id;
      const saidOf = async (id: string) => (await store.tickets.list({ filter: { ids: [id] } })).items[0]?.said;
      const find = async (filter: TicketFilter) => {
        const found = await idsOf({ connector, ...filter });
        await storeDueWords(store);
        // A search looks the same up elsewhere.
        expect(await idsOf({ connector, text: 'parcel', ...filter })).toEqual(found);
        return found;
      };

      const [early, moved, nobody, unsure, same] = ['early', 'moved', 'nobody', 'unsure', 'same'].map(
        (name) => `${kind}-said-${name}`,
      ) as [string, string, string, string, string];
      await insert(early);
      await say(early, { intent: 'truly' });
      await decide(early);
      for (const id of [moved, nobody, unsure, same]) {
        await insert(id);
        await decide(id, { abstained: id === unsure });
      }
      const first = await say(moved, { intent: 'truly' });
      await say(moved, { rating: 5, team: 'billing' });
      await say(nobody, { outOfScope: true });
      await say(unsure, { outOfScope: true });
      await say(same, { intent: 'read/as' });

      expect(await find({ intent: within('truly') })).toEqual([moved, early]);
      expect(await find({ intent: within('read') })).toEqual([same]);
      expect(await find({ correctedFrom: within('read') })).toEqual([nobody, moved, early]);
      expect(await saidOf(moved)).toEqual({ intent: 'truly' });
      expect(await saidOf(nobody)).toEqual({ intent: null });
      const counts = await store.figures.counts({
        ...{ by: 'intent', since: new Date(0), until: new Date(Date.now() + 60_000), filter: { connector } },
      });
      expect(Object.fromEntries(counts)).toEqual({ truly: 2, 'read/as': 1, null: 2 });

      // What was said of a ticket stands when it is read again.
      await store.tickets.revise({
        ticket: sampleTicket({ id: moved, connector, revision: 2 }),
        fromRevision: 1,
      });
      await decide(moved, { revision: 2 });
      expect(await find({ intent: within('truly') })).toEqual([moved, early]);
      const second = await say(moved, { intent: 'otherwise' });
      expect(await saidOf(moved)).toEqual({ intent: 'otherwise' });
      await store.feedback.undo(second, actor);
      expect(await saidOf(moved)).toEqual({ intent: 'truly' });
      await store.feedback.undo(first, actor);
      expect(await saidOf(moved)).toBeNull();
      expect(await find({ intent: within('read') })).toEqual([same, moved]);
      expect(await find({ correctedFrom: within('read') })).toEqual([nobody, early]);
    });

    test('each filter keeps only matching tickets', async () => {
      const decide = async (id: string, options: { confidence: number; team: string; assignee: string | null }) => {
        const ref = { ticketId: id, revision: 1 };
        const { confidence, team, assignee } = options;
        const isFirst = id.endsWith('-a');
        await store.tickets.insertMany([sampleTicket({ id, connector: 'filters' })]);
        await store.classifications.saveMany([
          {
            ...ref,
            classification: sampleClassification({
              confidence,
              stage: isFirst ? 'claude' : 'local',
              intent: isFirst ? 'old/status' : 'old/moved/status',
            }),
          },
        ]);
        const decision = isFirst
          ? sampleDecision({ id: `d-${id}`, team: 'orders', priority: 'urgent', urgency: 'critical', rule: 'vip' })
          : sampleDecision({ id: `d-${id}`, team: 'orders', mode: 'shadow' });
        await store.decisions.saveMany([{ ...ref, decision }]);
        await store.assignments.saveMany([
          { ticketId: id, team, assignee, by: { kind: 'system', id: 'switchboard' }, cause: 'decision' },
        ]);
      };
      const [a, b] = [`${kind}-a`, `${kind}-b`];
      await decide(a, { confidence: 0.4, team: 'billing', assignee: 'ana' });
      await decide(b, { confidence: 0.9, team: 'orders', assignee: null });
      const keeps = async (filter: TicketFilter) => idsOf({ connector: 'filters', ...filter });
      expect(await keeps({})).toEqual([b, a]);
      for (const filter of [
        { priority: 'urgent' },
        { urgency: 'critical' },
        { rule: 'vip' },
        { stage: 'claude' },
        { mode: 'auto' },
        { assignee: 'ana' },
        { team: 'billing' },
        { maxConfidence: 0.4 },
        { intent: [{ within: 'old/status', except: [] }] },
        {
          intent: [
            { within: 'nowhere', except: [] },
            { within: 'old', except: ['old/moved'] },
          ],
        },
      ] satisfies TicketFilter[]) {
        expect([filter, await keeps(filter)]).toEqual([filter, [a]]);
      }
      for (const filter of [
        { team: 'orders' },
        { minConfidence: 0.9 },
        { mode: 'shadow' },
        { intent: [{ within: 'old/moved', except: ['old/moved/other'] }] },
      ] satisfies TicketFilter[]) {
        expect([filter, await keeps(filter)]).toEqual([filter, [b]]);
      }
      const { items } = await store.tickets.list({ filter: { connector: 'filters' } });
      const receivedAt = items[0]?.receivedAt ?? '';
      expect(await keeps({ receivedAfter: receivedAt })).toContain(b);
      expect(await keeps({ receivedBefore: receivedAt })).not.toContain(b);
      expect(await keeps({ receivedAfter: '2999-01-01T00:00:00.000Z' })).toEqual([]);
    });

    test('each filter goes through its pages without a gap or a ticket twice', async () => {
      const ids = Array.from({ length: 5 }, (_, i) => `${kind}-page-${i}`);
      for (const id of ids) {
        const ref = { ticketId: id, revision: 1 };
        await store.tickets.insertMany([sampleTicket({ id, connector: 'pages' })]);
        await store.classifications.saveMany([
          { ...ref, classification: sampleClassification({ intent: 'pages/one', stage: 'claude', abstained: true }) },
        ]);
        const decision = sampleDecision({ id: `d-${id}`, team: 'pages', priority: 'low', rule: 'pages' });
        await store.decisions.saveMany([{ ...ref, decision }]);
        await store.assignments.saveMany([
          {
            ...{ ticketId: id, team: 'pages', assignee: 'pages' },
            ...{ by: { kind: 'system', id: 'switchboard' }, cause: 'decision' },
          },
        ]);
      }
      const pagesOf = async (filter: TicketFilter) => {
        const found: string[] = [];
        let cursor: string | null = null;
        do {
          const page: TicketPage = await store.tickets.list({
            filter: { ...filter, connector: 'pages' },
            limit: 2,
            cursor,
          });
          found.push(...page.items.map(({ ticketId }) => ticketId));
          cursor = page.nextCursor;
        } while (cursor !== null);
        return found;
      };
      for (const filter of [
        {},
        { receivedAfter: '2020-01-01T00:00:00.000Z' },
        { receivedBefore: '2999-01-01T00:00:00.000Z', team: 'pages' },
        { intent: [{ within: 'pages/one', except: [] }] },
        { stage: 'claude' },
        { abstained: true },
        { team: 'pages' },
        { assignee: 'pages' },
        { priority: 'low' },
        { rule: 'pages' },
        { mode: sampleDecision({ id: 'd', team: 'pages' }).mode },
      ] satisfies TicketFilter[]) {
        expect([filter, await pagesOf(filter)]).toEqual([filter, ids.toReversed()]);
      }
    });
  });
});
