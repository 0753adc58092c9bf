// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../base/actor.ts';
import { sql } from '../base/drizzle.ts';
import { sampleClassification, sampleDecision, sampleEntry, sampleTicket } from '../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import type { Store } from './store.ts';

describe.each(storeKinds)('erasures on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    let counter = 0;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    const insert = async (email?: string) => {
      const id = `t-${++counter}`;
      const requester = email === undefined ? {} : { requester: { email } };
      await store.tickets.insertMany([sampleTicket({ id, ticket: { id, body: 'Where is it?', ...requester } })]);
      await store.history.append([sampleEntry({ ticketId: id, event: 'accepted' })]);
      return id;
    };
    const decide = async (ticketId: string, delivery: 'pending' | 'skipped' = 'skipped') => {
      const ref = { ticketId, revision: 1 };
      const decisionId = `d-${ticketId}`;
      await store.classifications.saveMany([{ ...ref, classification: sampleClassification() }]);
      await store.decisions.saveMany([{ ...ref, decision: sampleDecision({ id: decisionId }) }]);
      await store.deliveries.openMany([{ decisionId, delivery: { state: delivery, at: null, reason: null } }]);
      await store.tickets.markDecided([ref]);
      return ticketId;
    };
    /** Moves everything that has happened to a ticket this many days into the past. */
    const age = (ticketId: string, days: number) =>
      store.transaction(async ({ executor }) => {
        const past = sql`clock_timestamp() - make_interval(days => ${days}::int)`;
        await executor.execute(sql`update switchboard.tickets set received_at = ${past} where id = ${ticketId}`);
        await executor.execute(sql`update switchboard.history set at = ${past} where ticket_id = ${ticketId}`);
      });

    test('tickets of a requester are found whatever the case; an address with a plus is another one', async () => {
      const [first, second] = [await insert('Ana@Example.com'), await insert('ana@EXAMPLE.com')];
      await insert('ana+shop@example.com');
      await insert();
      expect(await store.erasures.findTickets('ANA@example.COM')).toEqual([first, second]);
      expect(await store.erasures.findTickets('nobody@example.com')).toEqual([]);
    });

    test('a ticket is deleted with everything that belongs to it, and no longer counted', async () => {
      const [gone, kept] = [await decide(await insert()), await decide(await insert())];
      const before = await store.tickets.count();
      const place = { team: 'orders', assignee: null, by: systemActor, cause: 'decision' as const };
      await store.assignments.saveMany([{ ticketId: gone, ...place }]);
      const entry = { feedback: { rating: 1 }, actor: systemActor, state: 'applied' as const, why: null };
      await store.feedback.add({ ticketId: gone, revision: 1, ...entry });
      expect(await store.erasures.deleteTickets([gone, 'not-there'])).toEqual([gone]);
      await store.history.append([sampleEntry({ ticketId: null, event: 'tickets-erased' })]);
      expect(await store.tickets.getRecord(gone)).toBeNull();
      expect(await store.classifications.get({ ticketId: gone, revision: 1 })).toBeNull();
      expect(await store.decisions.getById(`d-${gone}`)).toBeNull();
      expect(await store.deliveries.get(`d-${gone}`)).toBeNull();
      expect(await store.assignments.get(gone)).toBeNull();
      expect(await store.history.ofTicket(gone)).toEqual([]);
      expect(await store.feedback.ofTicket(gone)).toEqual([]);
      expect(await store.tickets.getRecord(kept)).toMatchObject({ state: 'decided' });
      expect(await store.tickets.count()).toEqual({ ...before, decided: before.decided - 1 });
      expect(await store.erasures.deleteTickets([gone])).toEqual([]);
    });

    test('idle tickets are settled and had no event for long enough, oldest first', async () => {
      const [old, older] = [await decide(await insert()), await decide(await insert())];
      const [undecided, undelivered] = [await insert(), await decide(await insert(), 'pending')];
      const revived = await decide(await insert());
      for (const id of [undecided, undelivered, revived]) await age(id, 100);
      await age(old, 20);
      await age(older, 30);
      await store.history.append([sampleEntry({ ticketId: revived, event: 'feedback' })]);
      const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60_000);
      expect(await store.erasures.findIdleTickets({ before: daysAgo(10), limit: 10 })).toEqual([older, old]);
      expect(await store.erasures.findIdleTickets({ before: daysAgo(25), limit: 10 })).toEqual([older]);
      expect(await store.erasures.findIdleTickets({ before: daysAgo(10), limit: 1 })).toEqual([older]);
    });

    test('examples are found by their ticket and by their requester, those of version 0.1.0 too', async () => {
      const requester = { name: 'Bo', email: 'Bo@Example.com' };
      await store.examples.upsert([
        { example: { id: 'feedback:x-1:7', body: 'a', intent: 'a/b' }, source: 'feedback', ticketId: 'x-1' },
        { example: { id: 'feedback:x-2', body: 'b', intent: 'a/b' }, source: 'feedback' },
        { example: { id: 'waiting', body: 'c', intent: 'a/b' }, source: 'feedback', ticketId: 'x-1', state: 'waiting' },
        { example: { id: 'imported', body: 'd', intent: 'a/b', requester }, source: 'import' },
        {
          example: { id: 'other', body: 'e', intent: 'a/b', requester: { email: 'bo+1@example.com' } },
          source: 'import',
        },
      ]);
      const idsOf = (found: readonly { example: { id: string } }[]) => found.map(({ example }) => example.id);
      expect(idsOf(await store.erasures.findExamplesOfTickets(['x-1', 'x-2', 'x-3']))).toEqual([
        'feedback:x-1:7',
        'feedback:x-2',
        'waiting',
      ]);
      expect(idsOf(await store.erasures.findExamplesOfRequester('bo@example.com'))).toEqual(['imported']);
      await store.examples.remove(['imported', 'feedback:x-1:7', 'feedback:x-2', 'waiting']);
      expect(await store.erasures.findExamplesOfRequester('bo@example.com')).toEqual([]);
      expect(await store.erasures.findExamplesOfTickets(['x-1', 'x-2'])).toEqual([]);
    });

    test('erasures can be read from an earlier one on, and their lists of ids are emptied after a while', async () => {
      const actor = { kind: 'user', id: 'ana' } as const;
      const [newest] = (await store.erasures.after(0, 100)).slice(-1);
      const start = newest?.id ?? 0;
      await store.erasures.record({ actor, examples: 2, ticketIds: ['a', 'b'] });
      await store.erasures.record({ actor, examples: 0, ticketIds: ['c'] });
      const [first, second] = await store.erasures.after(start, 10);
      expect([first, second]).toMatchObject([
        { actor, tickets: 2, examples: 2, ticketIds: ['a', 'b'] },
        { actor, tickets: 1, examples: 0, ticketIds: ['c'] },
      ]);
      expect(await store.erasures.after(first?.id ?? 0, 10)).toEqual([second]);
      await store.erasures.forgetIds(new Date(0));
      expect(await store.erasures.after(start, 10)).toEqual([first, second]);
      await store.erasures.forgetIds(new Date(Date.now() + 60_000));
      expect(await store.erasures.after(start, 10)).toMatchObject([
        { tickets: 2, ticketIds: [] },
        { tickets: 1, ticketIds: [] },
      ]);
    });
  });
});
