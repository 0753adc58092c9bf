// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../base/drizzle.ts';
import { codeOf } from '../base/safe-error.ts';
import { StoreUnavailableError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { openTestPglite, storeKinds, type TestStore } from '../testing/test-stores.ts';
import { type DecideJob, jobSettings } from './jobs.ts';
import { openQueue } from './open-queue.ts';
import type { Job, JobOutcome, Queue } from './queue.ts';

const completed: JobOutcome = { status: 'completed' };

describe.each(storeKinds)('queue on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    let counter = 0;
    const fresh = (): DecideJob => ({ ticketId: `t-${++counter}`, revision: 1 });

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    /** Works on `decide` jobs with the handler until `until` returns true, then stops. */
    async function workUntil(
      queue: Queue,
      handle: (job: Job<'decide'>) => Promise<JobOutcome>,
      until: () => boolean,
      batchSize = 10,
    ): Promise<void> {
      const done = Promise.withResolvers<void>();
      await queue.work({
        name: 'decide',
        workers: 1,
        batchSize,
        handle: async (job) => {
          const outcome = await handle(job);
          if (until()) done.resolve();
          return outcome;
        },
      });
      await done.promise;
      await queue.stopWorking(5_000);
    }

    test('jobs written in a transaction exist only if it commits', async () => {
      const queue = await openQueue({ connection: store.connection });
      const [kept, dropped] = [fresh(), fresh()];
      await store.transaction((transaction) => queue.enqueue('decide', [kept], transaction.executor));
      await store
        .transaction(async (transaction) => {
          await queue.enqueue('decide', [dropped], transaction.executor);
          throw new RangeError('changed my mind');
        })
        .catch(() => {});
      const last = fresh();
      await queue.enqueue('decide', [last]);
      const seen: DecideJob[] = [];
      await workUntil(
        queue,
        async ({ payload }) => {
          seen.push(payload);
          return completed;
        },
        () => seen.some((job) => job.ticketId === last.ticketId),
      );
      expect(seen.map((job) => job.ticketId).toSorted()).toEqual([kept.ticketId, last.ticketId]);
      await queue.close();
    });

    test('a failed job is tried again, and the others of its batch are not', async () => {
      const queue = await openQueue({ connection: store.connection });
      const jobs = [fresh(), fresh(), fresh()];
      await queue.enqueue('decide', jobs);
      const seen: string[] = [];
      await workUntil(
        queue,
        async ({ payload: { ticketId } }) => {
          seen.push(ticketId);
          const isFirstFailure = ticketId === jobs[1]?.ticketId && seen.filter((id) => id === ticketId).length === 1;
          return isFirstFailure ? { status: 'failed', reason: 'not today' } : completed;
        },
        () => seen.length === 4,
      );
      expect(seen.toSorted()).toEqual([...jobs.map((job) => job.ticketId), jobs[1]?.ticketId].toSorted());
      await queue.close();
    });

    test('a dead job arrives in the dead-letter queue with its reason', async () => {
      const queue = await openQueue({ connection: store.connection });
      const job = fresh();
      const dead = Promise.withResolvers<{ payload: DecideJob; reason: string | null }>();
      await queue.work({
        name: 'decide-dead',
        workers: 1,
        batchSize: 10,
        handle: async ({ payload, reason }) => {
          dead.resolve({ payload, reason });
          return completed;
        },
      });
      await queue.enqueue('decide', [job]);
      await workUntil(
        queue,
        async () => ({ status: 'deadletter', reason: 'it will never work' }),
        () => true,
      );
      // The stop above ended both workers, so the dead job may still be waiting.
      await queue.work({
        name: 'decide-dead',
        workers: 1,
        batchSize: 10,
        handle: async ({ payload, reason }) => {
          dead.resolve({ payload, reason });
          return completed;
        },
      });
      expect(await dead.promise).toEqual({ payload: job, reason: 'it will never work' });
      await queue.close();
    });

    test('jobs that a stopping worker does not finish go back to the queue', async () => {
      const first = await openQueue({ connection: store.connection });
      const job = fresh();
      const started = Promise.withResolvers<void>();
      await first.work({
        name: 'decide',
        workers: 1,
        batchSize: 1,
        handle: ({ signal }) => {
          started.resolve();
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve(completed)));
        },
      });
      await first.enqueue('decide', [job]);
      await started.promise;
      expect(await first.countActive()).toBe(1);
      await first.stopWorking(10);
      await first.close();

      const second = await openQueue({ connection: store.connection });
      const seen: DecideJob[] = [];
      await workUntil(
        second,
        async ({ payload }) => {
          seen.push(payload);
          return completed;
        },
        () => true,
      );
      expect(seen).toEqual([job]);
      await second.close();
    });

    test('a postponed job runs again, however often, and loses none of its tries', async () => {
      const queue = await openQueue({ connection: store.connection });
      const job = fresh();
      await queue.enqueue('decide', [job]);
      const times = jobSettings.decide.retryLimit + 3;
      let seen = 0;
      await workUntil(
        queue,
        async ({ payload }) => {
          expect(payload).toEqual(job);
          seen++;
          return seen < times ? { status: 'postponed', reason: 'the engine restarts', retryInSeconds: 0 } : completed;
        },
        () => seen === times,
      );
      expect(await queue.countActive()).toBe(0);
      await queue.close();
    });

    test('a postponed job waits for the time in its outcome', async () => {
      const queue = await openQueue({ connection: store.connection });
      const job = fresh();
      await queue.enqueue('decide', [job]);
      await workUntil(
        queue,
        async () => ({ status: 'postponed', reason: 'the engine restarts', retryInSeconds: 3_000 }),
        () => true,
      );
      const { rows } = await store.transaction(({ executor }) =>
        executor.execute(
          sql`select extract(epoch from start_after - created_on)::int as waits, state::text from pgboss.job
            where data->>'ticketId' = ${job.ticketId} and state < 'completed'`,
        ),
      );
      expect(rows).toEqual([{ waits: 3_000, state: 'created' }]);
      await queue.close();
    });

    test('live jobs run before background jobs, whichever came first', async () => {
      const queue = await openQueue({ connection: store.connection });
      const background = Array.from({ length: 5 }, () => ({ ...fresh(), lane: 'background' as const }));
      const live = [fresh(), { ...fresh(), lane: 'live' as const }];
      await queue.enqueue('decide', background);
      await queue.enqueue('decide', live);
      const seen: DecideJob[] = [];
      await workUntil(
        queue,
        async ({ payload }) => {
          seen.push(payload);
          return completed;
        },
        () => seen.length === 7,
        2,
      );
      expect(
        seen
          .slice(0, 2)
          .map(({ ticketId }) => ticketId)
          .toSorted(),
      ).toEqual(live.map(({ ticketId }) => ticketId));
      expect(seen.slice(2)).toHaveLength(5);
      await queue.close();
    });

    test('deliveries that never end do not delay the deliveries of other connectors', async () => {
      const connectors = ['stuck', 'swift'];
      const queue = await openQueue({ connection: store.connection, connectors });
      const stuckForever = Promise.withResolvers<void>();
      const started = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const finished = Promise.withResolvers<void>();
      let stuck = 0;
      let finishedCount = 0;
      await queue.work({
        name: 'deliver',
        workers: 2,
        batchSize: 10,
        handle: async ({ payload }) => {
          if (payload.connector === 'stuck') {
            started[stuck++]?.resolve();
            await stuckForever.promise;
          } else if (++finishedCount === 100) finished.resolve();
          return completed;
        },
      });
      // One after the other, so that each occupies its own worker.
      for (const [index, { promise }] of started.entries()) {
        await queue.enqueue('deliver', [{ decisionId: `stuck-${index}`, connector: 'stuck' }]);
        await promise;
      }
      const more = (connector: string) =>
        Array.from({ length: 50 }, (_, index) => ({ decisionId: `${connector}-more-${index}`, connector }));
      await queue.enqueue('deliver', [...more('stuck'), ...more('swift')]);
      // Deliveries of a connector that this process does not know go to the common queue.
      await queue.enqueue('deliver', more('unknown'));
      await finished.promise;
      await queue.stopWorking(10);
      stuckForever.resolve();
      await queue.close();
    });

    test('a payload of the wrong shape does not stop the queue', async () => {
      const queue = await openQueue({ connection: store.connection });
      const broken = JSON.parse('{"ticketId":7}');
      const good = fresh();
      await queue.enqueue('decide', [broken, good]);
      const seen: DecideJob[] = [];
      await workUntil(
        queue,
        async ({ payload }) => {
          seen.push(payload);
          return completed;
        },
        () => true,
      );
      expect(seen).toEqual([good]);
      await queue.close();
    });
  });
});

test('jobs of a process that died run again at the next start of the embedded store', async () => {
  await using opened = await storeKinds[0].open();
  const { connection } = opened.store;
  const first = await openQueue({ connection });
  const started = Promise.withResolvers<void>();
  await first.work({
    name: 'decide',
    workers: 1,
    batchSize: 1,
    handle: () => {
      started.resolve();
      return new Promise(() => {});
    },
  });
  await first.enqueue('decide', [{ ticketId: 't-1', revision: 1 }]);
  await started.promise;
  // The second queue plays the next process; the first never ends its job.
  const second = await openQueue({ connection });
  expect(await second.countActive()).toBe(0);
  const seen = Promise.withResolvers<string>();
  await second.work({
    name: 'decide',
    workers: 1,
    batchSize: 1,
    handle: async ({ payload }) => {
      seen.resolve(payload.ticketId);
      return completed;
    },
  });
  expect(await seen.promise).toBe('t-1');
  await second.close();
  await first.close();
});

test('a full disk is reported as such, when the queue is opened and while it is worked', async () => {
  await using opened = await openTestPglite();
  const { connection } = opened.store;
  if (connection.kind !== 'embedded') throw new TypeError('PGlite expected');
  const full = new StoreUnavailableError({ message: 'The disk is full.' });
  let isFull = true;
  const assertRoom = async () => {
    if (isFull) throw full;
  };
  await expect(openQueue({ connection: { ...connection, assertRoom } })).rejects.toBe(full);

  isFull = false;
  const reported = Promise.withResolvers<unknown>();
  const queue = await openQueue({ connection: { ...connection, assertRoom }, onError: reported.resolve });
  isFull = true;
  await queue.work({ name: 'decide', workers: 1, batchSize: 1, handle: async () => completed });
  expect(codeOf(await reported.promise)).toBe('store-unavailable');
  isFull = false;
  await queue.close();
});

test.each([
  ['XX001', 'is damaged: restore a copy'],
  ['42501', 'create a schema'],
  ['ECONNREFUSED', 'Check that the database runs'],
])('a queue that cannot be opened (%s) says what to do', async (code, cure) => {
  await using opened = await openTestPglite();
  const { connection } = opened.store;
  if (connection.kind !== 'embedded') throw new TypeError('PGlite expected');
  const assertRoom = () => Promise.reject(Object.assign(new Error('of the driver'), { code }));
  await expect(openQueue({ connection: { ...connection, assertRoom } })).rejects.toThrow(cure);
});
