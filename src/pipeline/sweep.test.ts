// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../base/actor.ts';
import { silentLogger } from '../base/logger.ts';
import { countLostWork } from '../queue/lost-work.ts';
import { openQueue } from '../queue/open-queue.ts';
import type { Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import { createPipelineFixture } from '../testing/pipeline-fixture.ts';
import { sampleTicket } from '../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import { createPipeline } from './pipeline.ts';
import { sweepLostWork } from './sweep.ts';

describe.each(storeKinds)('sweeping on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    let queue: Queue;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
      queue = await openQueue({ connection: store.connection });
    });
    afterAll(async () => {
      await queue?.close();
      await opened?.[Symbol.asyncDispose]();
    });
    const countLost = () =>
      store.transaction(({ executor }) =>
        countLostWork({ executeSql: async (text) => ({ rows: (await executor.execute(text)).rows }) }),
      );

    test('tickets and deliveries without a job get one, and only one when two processes sweep at the same time', async () => {
      const pipeline = createPipeline(createPipelineFixture({ store, enqueue: queue.enqueue }).context);
      // These have their jobs: one to decide and one to deliver.
      await pipeline.intake({ connector: 'api', actor: systemActor, ticket: { id: 'with-job', body: 'x' } });
      const delivering = await pipeline.intake({
        connector: 'api',
        actor: systemActor,
        ticket: { id: 'delivering', body: 'x' },
      });
      await pipeline.decide.decide(delivering);

      // The jobs of these are lost.
      const jobless = createPipeline(createPipelineFixture({ store }).context);
      await store.tickets.insertMany([sampleTicket({ id: 'lost', connector: 'desk' })]);
      const undelivered = await jobless.intake({
        connector: 'desk',
        actor: systemActor,
        ticket: { id: 'undelivered', body: 'x' },
      });
      await jobless.decide.decide(undelivered);
      const revised = await jobless.intake({
        connector: 'desk',
        actor: systemActor,
        ticket: { id: 'revised', body: 'x' },
      });
      await queue.enqueue('decide', [revised]);
      await jobless.intake({ connector: 'desk', actor: systemActor, ticket: { id: 'revised', body: 'other words' } });

      expect(await countLost()).toEqual({ tickets: 2, deliveries: 1, webhooks: 0 });
      const decisionId = (await store.tickets.getRecord(undelivered.ticketId))?.decision?.id;
      expect(await store.transaction(({ executor }) => queue.findLost(executor))).toEqual({
        decide: [
          { ticketId: 'lost', revision: 1, lane: 'background' },
          { ticketId: 'desk:revised', revision: 2, lane: 'background' },
        ],
        deliver: [{ decisionId, connector: 'desk', lane: 'background' }],
        receive: [],
      });

      const sweep = () => sweepLostWork({ store, queue, logger: silentLogger });
      const [first, second] = await Promise.all([sweep(), sweep()]);
      expect(first.tickets + second.tickets).toBe(2);
      expect(first.deliveries + second.deliveries).toBe(1);
      expect(await sweep()).toEqual({ tickets: 0, deliveries: 0, webhooks: 0 });
      expect(await countLost()).toEqual({ tickets: 0, deliveries: 0, webhooks: 0 });
    });
  });
});
