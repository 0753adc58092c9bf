// How the error of a step decides the outcome of its job; without a database.
import { expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { ClassifierError, ConnectorError, StoreUnavailableError } from '../errors.ts';
import { createPace } from '../pipeline/pace.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { JobName } from '../queue/jobs.ts';
import type { Job, JobOutcome, Queue } from '../queue/queue.ts';
import { embeddedWorkerSettings, startWorker } from './start-worker.ts';

/** Runs a job of each kind in a worker whose steps all fail with this error. Returns the outcomes by kind. */
async function outcomesOf(error: Error): Promise<Record<string, JobOutcome['status']>> {
  const handlers = new Map<JobName, (job: Job<JobName>) => Promise<JobOutcome>>();
  const queue: Pick<Queue, 'work' | 'stopWorking' | 'enqueue' | 'findLost'> = {
    enqueue: async () => {},
    findLost: async () => ({ decide: [], deliver: [], receive: [] }),
    // The cast: the payload below has the fields of every kind.
    work: async ({ name, handle }) => void handlers.set(name, handle as (job: Job<JobName>) => Promise<JobOutcome>),
    stopWorking: async () => {},
  };
  const fail = async () => {
    throw error;
  };
  const pipeline: Pick<
    Pipeline,
    'receive' | 'refresh' | 'poll' | 'import' | 'decide' | 'deliver' | 'pace' | 'receivePace'
  > = {
    receive: { receive: fail },
    refresh: fail,
    poll: { poll: fail },
    import: { start: fail, importPage: fail },
    decide: { decide: fail, giveUp: fail },
    deliver: { deliver: fail, giveUp: fail },
    pace: createPace(),
    receivePace: createPace(),
  };
  const store = { upkeep: async () => null };
  const stop = await startWorker({ queue, pipeline, store, settings: embeddedWorkerSettings, logger: silentLogger });
  const job = {
    payload: {
      ticketId: 't-1',
      revision: 1,
      decisionId: 'd-1',
      webhookId: 1,
      connector: 'desk',
      since: '2026-11-27T10:00:00Z',
    },
    reason: null,
  };
  const outcomes: Record<string, JobOutcome['status']> = {};
  for (const [name, handle] of handlers) {
    outcomes[name] = (await handle({ ...job, signal: new AbortController().signal })).status;
  }
  await stop();
  return outcomes;
}

const engineError = (facts: { retryable: boolean; unavailable?: boolean }) =>
  new ClassifierError({ classifier: 'local', message: 'It failed.', ...facts });

test('a job that meets an unavailable engine or store is postponed, and loses no try', async () => {
  const postponed = {
    receive: 'postponed',
    refresh: 'postponed',
    poll: 'postponed',
    import: 'postponed',
    decide: 'postponed',
    deliver: 'postponed',
    'decide-dead': 'failed',
    'deliver-dead': 'failed',
  };
  expect(await outcomesOf(engineError({ retryable: true, unavailable: true }))).toEqual(postponed);
  expect(await outcomesOf(new StoreUnavailableError({ message: 'It does not answer.' }))).toEqual(postponed);
});

test('a job that fails for another reason loses a try, and ends at once when the error is not retryable', async () => {
  expect(await outcomesOf(engineError({ retryable: true }))).toMatchObject({ decide: 'failed' });
  expect(await outcomesOf(engineError({ retryable: false }))).toMatchObject({ decide: 'deadletter' });
  const refused = new ConnectorError({ connector: 'desk', retryable: false, message: 'Refused.' });
  expect(await outcomesOf(refused)).toMatchObject({ deliver: 'deadletter' });
  expect(await outcomesOf(new TypeError('x'))).toMatchObject({ decide: 'failed', deliver: 'failed' });
});
