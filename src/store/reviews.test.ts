// What the database itself does with items of the review: tickets of earlier versions, and large numbers.
// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemActor } from '../base/actor.ts';
import { sql } from '../base/drizzle.ts';
import { giveFeedback } from '../pipeline/learn/give-feedback.ts';
import { createPipeline } from '../pipeline/pipeline.ts';
import { createPipelineFixture } from '../testing/pipeline-fixture.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';

const migration = readFileSync(join(import.meta.dirname, 'migrations/0014_reviews.sql'), 'utf8');
/** The statements that look for what waits already. */
const lookBack = migration.split('--> statement-breakpoint').slice(-3);
const rowSchema = z.object({ key: z.string(), kind: z.string(), team: z.string().nullable(), rank: z.number() });

describe.each(storeKinds)('items of the review on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.[Symbol.asyncDispose]());

    const read = async () => {
      const { rows } = await opened.store.transaction(({ executor }) =>
        executor.execute(sql`select key, kind, team, rank from switchboard.reviews where done_at is null order by key`),
      );
      return rows.map((row) => rowSchema.parse(row));
    };

    test('tickets that an earlier version stored get the same items as new ones', async () => {
      const { store } = opened;
      let answer: Parameters<typeof sampleClassification>[0] = {};
      const fixture = createPipelineFixture({
        store,
        classify: async () => sampleClassification({ intent: 'orders/status', ...answer }),
        learning: { feedback: 'review' },
      });
      const pipeline = createPipeline(fixture.context);
      const take = async (id: string, by: typeof answer) => {
        answer = by;
        const ref = await pipeline.intake({
          connector: 'api',
          ticket: { id, body: `It is ${id}` },
          actor: systemActor,
        });
        await pipeline.decide.decide(ref);
      };
      const say = (ticketId: string, feedback: object, id: string) =>
        giveFeedback(fixture.context, { ticketId, feedback, actor: { kind: 'user', id } });
      await take('abstained', { abstained: true, urgency: 'critical' });
      await take('unsure', { confidence: 0.5 });
      await take('sure', { confidence: 0.9 });
      await take('answered', { abstained: true });
      await take('moved', { abstained: true });
      await say('answered', { intent: 'orders/status' }, 'ana');
      await say('answered', { intent: 'orders/returns' }, 'bea');
      for (const why of ['moved to Orders', 'moved to Triage']) {
        const actor = { kind: 'connector', id: 'desk' } as const;
        const entry = { ticketId: 'moved', revision: 1, feedback: { team: 'orders' }, actor, why };
        await store.feedback.add({ ...entry, state: 'waiting' });
      }
      const before = await read();
      expect(before.map(({ kind }) => kind).sort()).toEqual(['abstained', 'correction', 'example', 'moved', 'unsure']);
      const run = (statements: readonly string[]) =>
        store.transaction(async ({ executor }) => {
          for (const statement of statements) await executor.execute(sql.raw(statement));
        });
      await run(['delete from switchboard.reviews', ...lookBack]);
      expect(await read()).toEqual(before);
      expect(await store.reviews.counts()).toEqual({ abstained: 1, unsure: 1, moved: 1, correction: 1, example: 1 });

      // Nobody is asked about what is long ago.
      await run([
        'delete from switchboard.reviews',
        `update switchboard.tickets set received_at = now() - interval '31 days'`,
        ...lookBack,
      ]);
      expect((await read()).map(({ kind }) => kind).sort()).toEqual(['correction', 'example', 'moved']);
    });
  });
});
