import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../base/actor.ts';
import { sql } from '../../base/drizzle.ts';
import type { Classification } from '../../classifiers/classifier.ts';
import { sampleClassification, sampleDecision, sampleTicket } from '../../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../../testing/test-stores.ts';
import { createEntities } from '../entities.ts';
import type { Feedback, Store } from '../store.ts';

const HOUR_MS = 60 * 60_000;
const range = () => ({ since: new Date(Date.now() - 24 * HOUR_MS), until: new Date(Date.now() + HOUR_MS) });
const person = { kind: 'user', id: 'ann' } as const;

describe.each(storeKinds)('figures of tickets on $kind', ({ skip, open }) => {
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

    const insert = (id: string, connector: string) =>
      store.tickets.insertMany([sampleTicket({ id, connector, externalId: id })]);
    const decide = async (
      ticketId: string,
      { revision = 1, team = 'orders', ...read }: Partial<Classification> & { revision?: number; team?: string } = {},
    ) => {
      const ref = { ticketId, revision };
      await store.decisions.saveMany([{ ...ref, decision: sampleDecision({ id: `d-${ticketId}-${revision}`, team }) }]);
      await store.classifications.saveMany([{ ...ref, classification: sampleClassification(read) }]);
      await store.tickets.markDecided([ref]);
      await store.assignments.saveMany([{ ticketId, team, assignee: null, by: systemActor, cause: 'decision' }]);
    };
    const say = (ticketId: string, feedback: Feedback) =>
      store.feedback.add({ ticketId, revision: 1, feedback, actor: person, state: 'applied', why: null });
    const counts = async (by: Parameters<Store['figures']['counts']>[0]['by'], connector: string) =>
      Object.fromEntries(await store.figures.counts({ by, ...range(), filter: { connector } }));
    const total = async (connector: string) => {
      const points = await store.figures.series({ step: 'day', ...range(), filter: { connector } });
      return points.reduce(
        ({ tickets, corrections }, point) => ({
          tickets: tickets + point.tickets,
          corrections: corrections + point.corrections,
        }),
        { tickets: 0, corrections: 0 },
      );
    };

    test('counts are those of the present values, through decisions, moves, revisions and erasures', async () => {
      for (const id of ['a', 'b', 'c']) await insert(id, 'life');
      expect(await counts('state', 'life')).toEqual({ received: 3 });
      expect(await counts('team', 'life')).toEqual({ null: 3 });
      await decide('a', { intent: 'x', language: 'de' });
      await decide('b', { intent: 'y', abstained: true, team: 'triage' });
      expect(await counts('team', 'life')).toEqual({ orders: 1, triage: 1, null: 1 });
      expect(await counts('intent', 'life')).toEqual({ x: 1, y: 1, null: 1 });
      expect(await counts('abstained', 'life')).toEqual({ true: 1, false: 1, null: 1 });
      expect(await counts('language', 'life')).toEqual({ de: 1, en: 1, null: 1 });
      expect(await counts('mode', 'life')).toEqual({ auto: 2, null: 1 });
      expect(await counts('priority', 'life')).toEqual({ normal: 2, null: 1 });
      expect(await counts('stage', 'life')).toEqual({ local: 2, null: 1 });
      expect(await counts('connector', 'life')).toEqual({ life: 3 });

      await store.assignments.saveMany([
        { ticketId: 'a', team: 'billing', assignee: null, by: person, cause: 'feedback' },
      ]);
      expect(await counts('team', 'life')).toEqual({ billing: 1, triage: 1, null: 1 });
      const ticket = sampleTicket({ id: 'b', connector: 'life', externalId: 'b', revision: 2 });
      await store.tickets.revise({ ticket, fromRevision: 1 });
      expect(await counts('state', 'life')).toEqual({ received: 2, decided: 1 });
      expect(await counts('intent', 'life')).toEqual({ x: 1, null: 2 });
      await decide('b', { intent: 'z', revision: 2, team: 'triage' });
      expect(await counts('intent', 'life')).toEqual({ x: 1, z: 1, null: 1 });
      await store.assignments.remove('a');
      expect(await counts('team', 'life')).toEqual({ triage: 1, null: 2 });
      await store.erasures.deleteTickets(['a', 'b']);
      expect(await counts('state', 'life')).toEqual({ received: 1 });
    });

    test('counts the same as the list, whatever the filter', async () => {
      for (let n = 0; n < 12; n++) {
        await insert(`same-${n}`, 'same');
        if (n > 1) await decide(`same-${n}`, { intent: `order/${n % 3}`, abstained: n % 4 === 0, confidence: n / 12 });
      }
      for (const filter of [
        {},
        { state: 'decided' as const },
        { abstained: false },
        { intent: [{ within: 'order/1', except: [] }] },
        { intent: [{ within: 'order', except: ['order/2'] }] },
        { intent: [{ within: 'unknown', except: [] }] },
        { minConfidence: 0.5, team: 'orders' },
        { language: 'en', stage: 'local' as const, mode: 'auto' as const, priority: 'normal' as const, rule: 'orders' },
        { assignee: 'nobody' },
      ]) {
        const listed = await store.tickets.list({ filter: { ...filter, connector: 'same' }, limit: 200 });
        const counted = await store.figures.counts({
          by: 'state',
          ...range(),
          filter: { ...filter, connector: 'same' },
        });
        expect([...counted.values()].reduce((a, b) => a + b, 0)).toBe(listed.items.length);
      }
    });

    test('a series has every step, with stages, confidence, cost and times of its tickets', async () => {
      for (const id of ['s1', 's2', 's3', 's4']) await insert(id, 'series');
      await decide('s1', { confidence: 1, costUsd: 0.5 });
      await decide('s2', { confidence: 0.55, stage: 'claude', costUsd: 0.25, abstained: true });
      await decide('s3', { confidence: 0, stage: 'none' });
      await store.transaction(({ executor }) =>
        executor.execute(
          sql`update switchboard.ticket_facts set decision_ms = 1000 where connector = 'series' and stage = 'claude'`,
        ),
      );
      const now = new Date();
      const since = new Date(now.getTime() - 3 * HOUR_MS);
      const points = await store.figures.series({ step: 'hour', since, until: now, filter: { connector: 'series' } });
      expect(points).toHaveLength(4);
      expect(points.map(({ start }) => Date.parse(start) % HOUR_MS)).toEqual([0, 0, 0, 0]);
      expect(points[0]).toEqual({
        start: new Date(Math.floor(since.getTime() / HOUR_MS) * HOUR_MS).toISOString(),
        tickets: 0,
        byStage: { local: 0, claude: 0, 'second-opinion': 0, correction: 0, none: 0 },
        abstained: 0,
        costUsd: 0,
        decisionMs: null,
        confidence: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        corrections: 0,
      });
      const sum = (of: (point: (typeof points)[number]) => number) => points.reduce((all, point) => all + of(point), 0);
      expect(sum(({ tickets }) => tickets)).toBe(4);
      expect(sum(({ byStage }) => byStage.local)).toBe(1);
      expect(sum(({ byStage }) => byStage.none)).toBe(1);
      expect(sum(({ abstained }) => abstained)).toBe(1);
      expect(sum(({ costUsd }) => costUsd)).toBeCloseTo(0.75);
      expect(sum(({ confidence }) => confidence[0] ?? 0)).toBe(1);
      expect(sum(({ confidence }) => confidence[5] ?? 0)).toBe(1);
      expect(sum(({ confidence }) => confidence[9] ?? 0)).toBe(1);
      const p90 = Math.max(...points.map(({ decisionMs }) => decisionMs?.p90 ?? 0));
      expect(p90).toBeGreaterThan(949);
      expect(p90).toBeLessThan(1051);
      expect(await store.figures.cost({ ...range(), filter: { connector: 'series' } })).toEqual({
        tickets: 3,
        usd: 0.75,
      });
    });

    test('corrections are what people said and the classification did not, until it is undone', async () => {
      for (const id of ['k1', 'k2', 'k3', 'k4', 'k5']) await insert(id, 'corrected');
      await decide('k1', { intent: 'told' });
      await decide('k2', { intent: 'told' });
      await decide('k3', { intent: 'told' });
      await decide('k4', { intent: 'told', abstained: true });
      await say('k1', { intent: 'right' });
      await say('k2', { intent: 'told' });
      const { id } = await say('k3', { outOfScope: true });
      await say('k4', { outOfScope: true });
      await say('k4', { rating: 5 });
      const read = async () => (await store.figures.corrections(range())).filter(({ intent }) => intent === 'told');
      expect(await read()).toEqual(
        expect.arrayContaining([
          { intent: 'told', to: 'right', count: 1 },
          { intent: 'told', to: null, count: 1 },
        ]),
      );
      expect(await read()).toHaveLength(2);
      expect(await total('corrected')).toEqual({ tickets: 5, corrections: 2 });
      await store.feedback.undo(id, person);
      // Who corrects once more means the last one.
      await say('k1', { intent: 'better' });
      expect(await read()).toEqual([{ intent: 'told', to: 'better', count: 1 }]);
      expect(await total('corrected')).toEqual({ tickets: 5, corrections: 1 });
    });

    test('gives the same in pieces as in one', async () => {
      const pieces = await store.transaction(async ({ executor }) => {
        const { figures } = createEntities(executor, (work) => work(), { countedAtOnce: 2 });
        return [
          await figures.counts({ by: 'team', ...range() }),
          await figures.series({ step: 'hour', ...range() }),
          await figures.cost(range()),
        ];
      });
      expect(pieces).toEqual([
        await store.figures.counts({ by: 'team', ...range() }),
        await store.figures.series({ step: 'hour', ...range() }),
        await store.figures.cost(range()),
      ]);
    });
  });
});
