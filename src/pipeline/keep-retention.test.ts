// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../base/drizzle.ts';
import type { Store } from '../store/store.ts';
import { createPipelineFixture } from '../testing/pipeline-fixture.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import { keepRetention } from './keep-retention.ts';
import { giveFeedback } from './learn/give-feedback.ts';
import { createPipeline } from './pipeline.ts';

const DAY_MS = 24 * 60 * 60_000;
const signal = new AbortController().signal;

describe.each(storeKinds)('retention on $kind', ({ skip, open }) => {
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

    const actor = { kind: 'user', id: 'ana' } as const;
    const start = (options: { redaction?: boolean } = {}) => {
      const { context, jobs } = createPipelineFixture({ store, ...options });
      // The database uses its own clock.
      const now = { ...context, now: () => new Date() };
      const pipeline = createPipeline(context);
      return {
        jobs,
        context,
        keep: (retentionMs: number | null) => keepRetention(now, { retentionMs, signal }),
        async take({
          days,
          body = 'It broke',
          delivered = true,
        }: {
          days: number;
          body?: string;
          delivered?: boolean;
        }) {
          const id = `t-${++counter}`;
          const requester = { name: 'Ottilie Brandauer', email: 'ottilie@example.com' };
          const ref = await pipeline.intake({ connector: 'api', actor, ticket: { id, body, requester } });
          await pipeline.decide.decide(ref);
          const decision = await store.decisions.get(ref);
          if (delivered) await pipeline.deliver.deliver(decision?.id ?? '');
          await age(id, days);
          return id;
        },
        correct: (ticketId: string) =>
          giveFeedback(context, { ticketId, feedback: { intent: 'orders/returns' }, actor }),
      };
    };
    /** Moves everything that has happened to a ticket this many days into the past. */
    const age = (ticketId: string, days: number) =>
      store.transaction(async ({ executor }) => {
        const past = sql`clock_timestamp() - make_interval(days => ${days}::int)`;
        await executor.execute(sql`update switchboard.tickets set received_at = ${past} where id = ${ticketId}`);
        await executor.execute(sql`update switchboard.history set at = ${past} where ticket_id = ${ticketId}`);
      });
    const isThere = async (ticketId: string) => (await store.tickets.get(ticketId)) !== null;

    test('tickets to which nothing has happened for the retention time are erased, and the history says why', async () => {
      const { take, keep } = start();
      const [old, young] = [await take({ days: 181 }), await take({ days: 179 })];
      expect(await keep(180 * DAY_MS)).toBe(1);
      expect([await isThere(old), await isThere(young)]).toEqual([false, true]);
      const [entry] = await store.history.after((await store.history.lastSeq()) - 1, 1);
      expect(entry).toMatchObject({
        ...{ event: 'tickets-erased', by: 'system switchboard', facts: { tickets: 1, examples: 0 } },
        detail: '1 ticket and 0 examples were erased because nothing had happened to them for 180 days',
      });
      expect(await keep(180 * DAY_MS)).toBe(0);
      expect(await keep(null)).toBe(0);
    });

    test('more tickets than fit in one transaction are erased in one run', async () => {
      const { keep, context } = start();
      const ids = Array.from({ length: 120 }, (_, i) => `many-${i}`);
      const pipeline = createPipeline(context);
      const refs = await Promise.all(
        ids.map((id) => pipeline.intake({ connector: 'elsewhere', actor, ticket: { id, body: 'It broke' } })),
      );
      await Promise.all(refs.map((ref) => pipeline.decide.decide(ref)));
      for (const { ticketId } of refs) await age(ticketId, 400);
      expect(await keep(365 * DAY_MS)).toBe(120);
    });

    test('a ticket that waits for a decision or for its delivery stays, however old', async () => {
      const { take, keep, context } = start();
      const undelivered = await take({ days: 400, delivered: false });
      const id = `t-${++counter}`;
      await createPipeline(context).intake({ connector: 'api', actor, ticket: { id, body: 'It broke' } });
      await age(id, 400);
      expect(await keep(365 * DAY_MS)).toBe(0);
      expect([await isThere(undelivered), await isThere(id)]).toEqual([true, true]);
    });

    test('examples of erased tickets stay, redacted, even if they were stored unredacted', async () => {
      const raw = start({ redaction: false });
      const body = 'Ottilie Brandauer here, ottilie@example.com. The gizmo hums.';
      const ticketId = await raw.take({ days: 0, body });
      await raw.correct(ticketId);
      await age(ticketId, 400);
      expect(JSON.stringify(await store.examples.ofTicket(ticketId))).toContain('ottilie@example.com');
      expect(await start({ redaction: true }).keep(365 * DAY_MS)).toBe(1);
      const [kept] = await store.examples.ofTicket(ticketId);
      expect(kept).toMatchObject({ state: 'active', example: { intent: 'orders/returns' } });
      expect(kept?.example.body).toContain('The gizmo hums.');
      expect(JSON.stringify(kept)).not.toMatch(/Ottilie|Brandauer|ottilie@/);
    });

    test('without redaction, examples of erased tickets are erased too', async () => {
      const { take, correct, keep } = start({ redaction: false });
      const ticketId = await take({ days: 0 });
      await correct(ticketId);
      await age(ticketId, 400);
      expect(await keep(365 * DAY_MS)).toBe(1);
      expect(await store.examples.ofTicket(ticketId)).toEqual([]);
    });

    test('marks of removed examples are deleted after a day, and ids of erased tickets after a month', async () => {
      const { keep } = start();
      await store.examples.upsert([
        { example: { id: 'old', body: 'a', intent: 'orders/status' }, source: 'import' },
        { example: { id: 'new', body: 'b', intent: 'orders/status' }, source: 'import' },
      ]);
      await store.examples.remove(['old', 'new']);
      await store.erasures.record({ actor, examples: 0, ticketIds: ['long-ago'] });
      await store.erasures.record({ actor, examples: 0, ticketIds: ['lately'] });
      await store.transaction(async ({ executor }) => {
        await executor.execute(
          sql`update switchboard.examples set updated_at = updated_at - interval '25 hours' where id = 'old'`,
        );
        await executor.execute(
          sql`update switchboard.erasures set at = at - interval '31 days' where ticket_ids ? 'long-ago'`,
        );
      });
      await keep(null);
      const marks = (await store.examples.changedSince(new Date(0))).filter(({ state }) => state === 'removed');
      const ids = marks.map(({ example }) => example.id);
      expect([ids.includes('old'), ids.includes('new')]).toEqual([false, true]);
      const erased = (await store.erasures.after(0, 1_000)).flatMap(({ ticketIds }) => ticketIds);
      expect([erased.includes('long-ago'), erased.includes('lately')]).toEqual([false, true]);
    });

    test('a run whose signal is aborted erases nothing more', async () => {
      const { take, context } = start();
      const ticketId = await take({ days: 400 });
      await keepRetention(context, { retentionMs: 365 * DAY_MS, signal: AbortSignal.abort() });
      expect(await isThere(ticketId)).toBe(true);
    });
  });
});
