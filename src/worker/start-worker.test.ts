// Queue, pipeline and store together. Also on PostgreSQL when TEST_DATABASE_URL is set.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { sharedFieldsSchema } from '../connectors/connector-settings.ts';
import { ClassifierError, ConnectorError } from '../errors.ts';
import { createPipeline, type Pipeline } from '../pipeline/pipeline.ts';
import { openQueue } from '../queue/open-queue.ts';
import type { JobOutcome } from '../queue/queue.ts';
import { createEventFeed } from '../store/event-feed.ts';
import type { HistoryEntry, Store } from '../store/store.ts';
import { createMemoryDesk } from '../testing/memory-desk.ts';
import { createPipelineFixture } from '../testing/pipeline-fixture.ts';
import { sampleClassification, sampleTicket } from '../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import { embeddedWorkerSettings, startWorker } from './start-worker.ts';

const actor = { kind: 'token', id: 'api' } as const;

describe.each(storeKinds)('worker on $kind', ({ skip, open }) => {
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

    test('tickets are decided and delivered, and those that no engine can read go to triage', async () => {
      const queue = await openQueue({ connection: store.connection });
      const fixture = createPipelineFixture({
        store,
        enqueue: queue.enqueue,
        classify: async ({ ticket }) => {
          if (ticket.body === 'unreadable') {
            throw new ClassifierError({ classifier: 'fake', retryable: false, message: 'no engine can read it' });
          }
          return sampleClassification({ intent: 'orders/status' });
        },
      });
      const pipeline = createPipeline(fixture.context);
      const events = await createEventFeed({ store });
      const seen: HistoryEntry[] = [];
      const finished = Promise.withResolvers<void>();
      events.subscribe({
        onEvent: (entry) => {
          seen.push(entry);
          if (seen.filter(({ event }) => event === 'delivered').length === 31) finished.resolve();
        },
      });
      const stop = await startWorker({
        queue,
        pipeline,
        store,
        settings: embeddedWorkerSettings,
        logger: silentLogger,
      });
      const ids = Array.from({ length: 30 }, (_, index) => `w-${index}`);
      await Promise.all(
        ids.map((id) => pipeline.intake({ connector: 'api', actor, ticket: { id, body: 'readable' } })),
      );
      await pipeline.intake({ connector: 'api', actor, ticket: { id: 'hopeless', body: 'unreadable' } });
      await finished.promise;
      await stop();
      await events.close();
      await queue.close();

      for (const id of [...ids, 'hopeless']) {
        expect(seen.filter(({ ticketId }) => ticketId === id).map(({ event }) => event)).toEqual([
          'accepted',
          'decided',
          'delivered',
        ]);
      }
      expect(await store.tickets.getRecord('hopeless')).toMatchObject({
        classification: { stage: 'none', stageReason: 'no engine can read it' },
        decision: { team: 'triage' },
        delivery: { state: 'delivered' },
      });
      expect(fixture.delivered).toHaveLength(31);
    });

    test('a helpdesk is polled by one chain of jobs, which goes on after a fault, and its tickets are decided', async () => {
      const queue = await openQueue({ connection: store.connection, connectors: ['memory'] });
      const fixture = createPipelineFixture({ store, enqueue: queue.enqueue });
      const desk = createMemoryDesk({ name: 'memory', now: () => new Date() });
      const configured = { ...sharedFieldsSchema.parse({ mode: 'auto' }), connector: desk.connector };
      const connectors = new Map([['memory', configured]]);
      const pipeline = createPipeline({ ...fixture.context, connectors, now: () => new Date() });
      await store.cursors.connect({ connectors: ['memory'], now: new Date() });
      desk.fault = new ConnectorError({
        connector: 'memory',
        retryable: true,
        unavailable: true,
        message: 'It is away.',
      });
      const events = await createEventFeed({ store });
      const finished = Promise.withResolvers<void>();
      events.subscribe({
        onEvent: ({ event, ticketId }) => {
          if (event === 'delivered' && ticketId === 'memory:7') finished.resolve();
        },
      });
      const warned: string[] = [];
      const logger = {
        ...silentLogger,
        warn(_: unknown, message: string) {
          warned.push(message);
          desk.fault = null;
        },
      };
      const options = { queue, pipeline, polled: ['memory'], store, settings: embeddedWorkerSettings, logger };
      const stop = await startWorker(options);
      // As a second process does at its start.
      await queue.enqueue('poll', [{ connector: 'memory' }]);
      desk.create('7', 'Where is my parcel?');
      await finished.promise;
      await stop();
      await events.close();
      await queue.close();
      expect(warned).toEqual([expect.stringContaining('unavailable')]);
      expect(desk.written.filter(({ what }) => what === 'decision')).toHaveLength(1);
    });

    test('a connector that never returns does not delay the deliveries of another', async () => {
      const queue = await openQueue({ connection: store.connection, connectors: ['api', 'desk'] });
      const never = Promise.withResolvers<never>();
      let begun = () => {};
      const fixture = createPipelineFixture({
        store,
        enqueue: queue.enqueue,
        deliver: async ({ ticket }) => {
          if (ticket.source?.connector !== 'desk') return { state: 'delivered' };
          begun();
          return never.promise;
        },
      });
      const pipeline = createPipeline(fixture.context);
      const events = await createEventFeed({ store });
      const waiting = new Set(Array.from({ length: 20 }, (_, index) => `api-${index}`));
      const finished = Promise.withResolvers<void>();
      events.subscribe({
        onEvent: ({ ticketId, event }) => {
          if (event === 'delivered' && ticketId !== null && waiting.delete(ticketId) && waiting.size === 0)
            finished.resolve();
        },
      });
      const settings = embeddedWorkerSettings;
      const stop = await startWorker({ queue, pipeline, store, settings, logger: silentLogger });
      const accept = (connector: string, id: string) =>
        pipeline.intake({ connector, actor, ticket: { id, body: 'x' } });
      // One after the other, so that each occupies one of the two workers of its connector.
      for (let index = 0; index < 2; index++) {
        const began = new Promise<void>((resolve) => {
          begun = resolve;
        });
        await accept('desk', `stuck-${index}`);
        await began;
      }
      await Promise.all(Array.from({ length: 20 }, (_, index) => accept('desk', `waits-${index}`)));
      await Promise.all([...waiting].map((id) => accept('api', id)));
      await finished.promise;
      await stop();
      await events.close();
      await queue.close();
    });

    test('a worker that stops gives back the tickets that it has not begun, and the next one decides them', async () => {
      const queue = await openQueue({ connection: store.connection });
      const { context } = createPipelineFixture({ store, enqueue: queue.enqueue });
      const pipeline = createPipeline(context);
      const events = await createEventFeed({ store });
      const waiting = new Set(['held-0', 'held-1', 'held-2']);
      const decided = Promise.withResolvers<void>();
      events.subscribe({
        onEvent: ({ ticketId, event }) => {
          if (event === 'decided' && ticketId !== null && waiting.delete(ticketId) && waiting.size === 0)
            decided.resolve();
        },
      });
      const asked = Promise.withResolvers<void>();
      let turns = 0;
      const noTurn = (signal: AbortSignal) => {
        turns += 1;
        if (turns === waiting.size) asked.resolve();
        // Its other worker may still fetch a job that this one has given back.
        if (signal.aborted) return Promise.resolve(false);
        return new Promise<boolean>((resolve) => signal.addEventListener('abort', () => resolve(false)));
      };
      const shared = { queue, store, settings: embeddedWorkerSettings, logger: silentLogger };
      const held = { ...pipeline, pace: { ...pipeline.pace, turn: noTurn } };
      const stopHeld = await startWorker({ ...shared, pipeline: held });
      await Promise.all(
        [...waiting].map((id) => pipeline.intake({ connector: 'api', actor, ticket: { id, body: 'x' } })),
      );
      await asked.promise;
      await stopHeld();
      expect(waiting.size).toBe(3);
      const stop = await startWorker({ ...shared, pipeline });
      await decided.promise;
      await stop();
      await events.close();
      await queue.close();
    });

    test('tickets without a job are decided and delivered at the next start', async () => {
      const queue = await openQueue({ connection: store.connection });
      const { context } = createPipelineFixture({ store, enqueue: queue.enqueue });
      const events = await createEventFeed({ store });
      const delivered = Promise.withResolvers<void>();
      events.subscribe({
        onEvent: ({ ticketId, event }) => {
          if (ticketId === 'jobless' && event === 'delivered') delivered.resolve();
        },
      });
      await store.tickets.insertMany([sampleTicket({ id: 'jobless' })]);
      const pipeline = createPipeline(context);
      const settings = embeddedWorkerSettings;
      const stop = await startWorker({ queue, pipeline, store, settings, logger: silentLogger });
      await delivered.promise;
      await stop();
      await events.close();
      await queue.close();
    });
  });
});

test('a read at which the helpdesk returns something unexpected is tried again', async () => {
  const handlers = new Map<string, (job: never) => Promise<JobOutcome>>();
  const message = 'The helpdesk did not return JSON.';
  const fault = new ConnectorError({ connector: 'desk', retryable: false, message });
  const stop = await startWorker({
    queue: {
      work: async ({ name, handle }) => void handlers.set(name, handle),
      stopWorking: async () => {},
      enqueue: async () => {},
      findLost: async () => ({ decide: [], deliver: [], receive: [] }),
    },
    // The cast: only this step is called.
    pipeline: { refresh: () => Promise.reject(fault) } as unknown as Pipeline,
    store: { upkeep: async () => null },
    settings: embeddedWorkerSettings,
    logger: silentLogger,
  });
  const payload = { connector: 'desk', externalId: '1', toldAt: '2026-11-27T10:00:00.000Z' };
  // The cast: handlers of different jobs are in one map.
  const job = { payload, reason: null, signal: new AbortController().signal } as never;
  expect(await handlers.get('refresh')?.(job)).toEqual({ status: 'failed', reason: message });
  await stop();
});
