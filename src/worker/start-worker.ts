import { type Clock, systemClock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { explainFailure } from '../base/safe-error.ts';
import { ClassifierError, ConnectorError } from '../errors.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { sweepLostWork } from '../pipeline/sweep.ts';
import type { JobOutcome, Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import { createOutageWatch, isOutage, type OutageWatch } from './outage-watch.ts';
import { startUpkeep } from './start-upkeep.ts';

/** At shutdown, running jobs have this long to finish. Jobs that are still running then go back to the queue. */
const SHUTDOWN_GRACE_MS = 1_200;

export type WorkerSettings = {
  /** At most `decideWorkers` × `decideBatch` tickets are classified at the same time. */
  readonly decideWorkers: number;
  readonly decideBatch: number;
};

/** The embedded engine takes milliseconds per ticket in one thread, so few workers with big batches are best. */
export const embeddedWorkerSettings: WorkerSettings = { decideWorkers: 2, decideBatch: 50 };
/**
 * A model takes seconds, and a batch takes as long as its slowest ticket, so many workers with small batches are best.
 */
export const remoteWorkerSettings: WorkerSettings = { decideWorkers: 8, decideBatch: 4 };

/**
 * Starts a worker: it runs the pipeline step of each job, turns an error into the outcome of the job, and regularly
 * queues lost work again. Returns a function that stops the worker.
 */
export async function startWorker(options: {
  queue: Pick<Queue, 'work' | 'stopWorking' | 'enqueue' | 'findLost'>;
  pipeline: Pick<Pipeline, 'receive' | 'refresh' | 'poll' | 'import' | 'decide' | 'deliver' | 'pace' | 'receivePace'>;
  /** Names of the connectors whose helpdesks are asked for changes; none when left out. */
  polled?: readonly string[];
  store: Pick<Store, 'upkeep'>;
  settings: WorkerSettings;
  logger: Logger;
  now?: Clock;
}): Promise<() => Promise<void>> {
  const { queue, pipeline, polled = [], store, settings, logger } = options;
  const { receive, refresh, poll, decide, deliver, pace, receivePace } = pipeline;
  const stopping = new AbortController();
  const watches = new Map<string, OutageWatch>();
  /** Each helpdesk is away on its own, so each has its own watch. */
  const watch = (job: string): OutageWatch => {
    const known = watches.get(job) ?? createOutageWatch({ job, logger, now: options.now ?? systemClock });
    watches.set(job, known);
    return known;
  };
  /** `outage` is null for dead-letter jobs, which have enough tries to outlast an outage. */
  const run = async (
    facts: Record<string, unknown>,
    outage: OutageWatch | null,
    /** Returns false when nothing was tried, which says nothing about an outage. */
    step: () => Promise<unknown>,
  ): Promise<JobOutcome> => {
    try {
      if ((await step()) !== false) outage?.over();
      return { status: 'completed' };
    } catch (error) {
      if (outage !== null && isOutage(error)) {
        // The engine is closed when the program ends, which is no outage.
        return stopping.signal.aborted ? returnedAtStop : { status: 'postponed', ...outage.wait(error) };
      }
      const outcome = outcomeOf(error);
      logger.warn({ ...facts, outcome: outcome.status, reason: outcome.reason }, 'a job failed');
      return outcome;
    }
  };

  await queue.work({
    name: 'receive',
    workers: 2,
    batchSize: 50,
    async handle({ payload }) {
      if (!(await receivePace.turn(stopping.signal))) return returnedAtStop;
      return run({ job: 'receive', ...payload }, watch('receive'), () => receive.receive(payload.webhookId));
    },
  });
  await queue.work({
    name: 'refresh',
    workers: 1,
    batchSize: 8,
    async handle({ payload, signal }) {
      const outcome = await run({ job: 'refresh', ...payload }, watch(`read from ${payload.connector}`), async () => {
        await refresh({ ...payload, signal });
      });
      // Nobody but this job knows that the ticket has changed, and what a helpdesk returns today may be a page that says
      // that it is being repaired. So no failure ends it at once.
      return outcome.status === 'deadletter' ? { ...outcome, status: 'failed' as const } : outcome;
    },
  });
  await queue.work({
    name: 'poll',
    workers: 1,
    batchSize: 10,
    async handle({ payload, signal }) {
      let nextMs: number | null = null;
      const outcome = await run({ job: 'poll', ...payload }, watch(`poll ${payload.connector}`), async () => {
        const polled = await poll.poll(payload.connector, AbortSignal.any([signal, stopping.signal]));
        nextMs = polled?.nextMs ?? null;
        return polled?.hasLooked ?? true;
      });
      if (stopping.signal.aborted) return returnedAtStop;
      if (outcome.status === 'completed') {
        // Each look queues the next one; a connector that is no longer polled ends here.
        return nextMs === null ? outcome : { status: 'postponed', ...lookAgainIn(nextMs) };
      }
      return outcome.status === 'postponed' ? outcome : { status: 'postponed', ...lookAgainIn(AFTER_FAULT_MS) };
    },
  });
  await queue.work({
    name: 'import',
    workers: 1,
    batchSize: 1,
    async handle({ payload, signal }) {
      const facts = { job: 'import', connector: payload.connector };
      const outcome = await run(facts, watch(`import from ${payload.connector}`), () =>
        pipeline.import.importPage(payload, signal),
      );
      // For the same reason as a read.
      return outcome.status === 'deadletter' ? { ...outcome, status: 'failed' as const } : outcome;
    },
  });
  if (polled.length > 0) {
    await queue.enqueue(
      'poll',
      polled.map((connector) => ({ connector })),
    );
  }
  await queue.work({
    name: 'decide',
    workers: settings.decideWorkers,
    batchSize: settings.decideBatch,
    async handle({ payload, signal }) {
      if (!(await pace.turn(stopping.signal))) return returnedAtStop;
      return run({ job: 'decide', ...payload }, watch('decide'), () => decide.decide(payload, signal));
    },
  });
  await queue.work({
    name: 'deliver',
    workers: 2,
    batchSize: 50,
    handle: ({ payload, signal }) =>
      run({ job: 'deliver', ...payload }, watch(`deliver to ${payload.connector ?? 'any'}`), () =>
        deliver.deliver(payload.decisionId, signal),
      ),
  });
  await queue.work({
    name: 'decide-dead',
    workers: 1,
    batchSize: 50,
    handle: ({ payload, reason }) =>
      run({ job: 'decide-dead', ...payload }, null, () => decide.giveUp(payload, reason ?? 'it failed too often')),
  });
  await queue.work({
    name: 'deliver-dead',
    workers: 1,
    batchSize: 50,
    handle: ({ payload, reason }) =>
      run({ job: 'deliver-dead', ...payload }, null, () =>
        deliver.giveUp(payload.decisionId, reason ?? 'it failed too often'),
      ),
  });
  const task = () => sweepLostWork({ store, queue, logger });
  const stopSweeping = startUpkeep({ name: 'sweep', task, logger });
  return async () => {
    stopping.abort();
    await Promise.all([stopSweeping(), queue.stopWorking(SHUTDOWN_GRACE_MS)]);
  };
}

/** The next look after one that failed for another reason than an outage. */
const AFTER_FAULT_MS = 60_000;

const lookAgainIn = (ms: number) => ({
  reason: 'the next look at the helpdesk',
  retryInSeconds: Math.ceil(ms / 1_000),
});

/** A job that was fetched and not finished: another process, or the next start, works on it at once. */
const returnedAtStop: JobOutcome = { status: 'postponed', reason: 'the worker was stopped', retryInSeconds: 0 };

/** Most failures pass, so a job is tried again, unless its error says that it is not retryable. */
function outcomeOf(error: unknown): JobOutcome & { status: 'failed' | 'deadletter' } {
  const isFinal = (error instanceof ClassifierError || error instanceof ConnectorError) && !error.retryable;
  return { status: isFinal ? 'deadletter' : 'failed', reason: explainFailure(error) };
}
