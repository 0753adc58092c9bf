import { afterEach, expect, test, vi } from 'vitest';
import { systemActor } from '../base/actor.ts';
import { sql } from '../base/drizzle.ts';
import { createPipelineFixture } from '../testing/pipeline-fixture.ts';
import { openTestPglite, openTestPostgresql, testDatabaseUrl } from '../testing/test-stores.ts';
import { createPipeline } from './pipeline.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a destination that never responds fails after the time limit, and the delivery stays pending', async () => {
  await using opened = await openTestPglite();
  const { store } = opened;
  const begun = Promise.withResolvers<void>();
  const fixture = createPipelineFixture({
    store,
    deliver: () => {
      begun.resolve();
      return new Promise(() => {});
    },
  });
  const pipeline = createPipeline(fixture.context);
  const ref = await pipeline.intake({ connector: 'desk', actor: systemActor, ticket: { id: '7', body: 'x' } });
  await pipeline.decide.decide(ref);
  const decisionId = (await store.tickets.getRecord(ref.ticketId))?.decision?.id ?? '';

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const attempt = pipeline.deliver.deliver(decisionId).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1);
  await begun.promise;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await attempt).toMatchObject({ code: 'connector-failed', connector: 'desk', retryable: true });
  expect(await store.deliveries.get(decisionId)).toMatchObject({ state: 'pending' });
});

test.skipIf(testDatabaseUrl === null)(
  'a ticket cannot be erased while the end of its delivery is saved, so that the two never wait for each other',
  async () => {
    await using opened = await openTestPostgresql();
    const { store } = opened;
    const fixture = createPipelineFixture({ store });
    const pipeline = createPipeline(fixture.context);
    const ref = await pipeline.intake({ connector: 'desk', actor: systemActor, ticket: { id: '8', body: 'x' } });
    await pipeline.decide.decide(ref);
    const decisionId = (await store.tickets.getRecord(ref.ticketId))?.decision?.id ?? '';

    const erasable: unknown[][] = [];
    const transaction: typeof store.transaction = (work, options) =>
      store.transaction((inner) => {
        const finishMany: typeof inner.deliveries.finishMany = async (items) => {
          const finished = await inner.deliveries.finishMany(items);
          const { rows } = await store.transaction(({ executor }) =>
            executor.execute(sql`select id from switchboard.tickets where id = ${ref.ticketId} for update skip locked`),
          );
          erasable.push(rows);
          return finished;
        };
        return work({ ...inner, deliveries: { ...inner.deliveries, finishMany } });
      }, options);
    const { deliver } = createPipeline({ ...fixture.context, store: { ...store, transaction } }).deliver;
    await deliver(decisionId);
    expect(erasable).toEqual([[]]);
    expect(await store.deliveries.get(decisionId)).toMatchObject({ state: 'delivered' });
  },
);
