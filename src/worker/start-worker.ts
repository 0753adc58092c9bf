import type { Logger } from '../base/logger.ts';
import { explainFailure } from '../base/safe-error.ts';
import { ClassifierError, ConnectorError } from '../errors.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { JobOutcome, Queue } from '../queue/queue.ts';

/** What is in hand gets this long at shutdown; the rest goes back to the queue. */
const SHUTDOWN_GRACE_MS = 1_200;

export type WorkerSettings = {
  /** Tickets read at the same time are at most `decideWorkers` × `decideBatch`. */
  readonly decideWorkers: number;
  readonly decideBatch: number;
};

/** The embedded engine answers in milliseconds from one thread: few workers, big batches. */
export const embeddedWorkerSettings: WorkerSettings = { decideWorkers: 2, decideBatch: 50 };
/** A model answers in seconds and a batch ends with its slowest ticket: many workers, small batches. */
export const remoteWorkerSettings: WorkerSettings = { decideWorkers: 8, decideBatch: 4 };

/** Works the queue: job name → pipeline step, error → what becomes of the job. Answers the function that stops it. */
export async function startWorker(options: {
  queue: Queue;
  pipeline: Pipeline;
  settings: WorkerSettings;
  logger: Logger;
}): Promise<() => Promise<void>> {
  const { queue, pipeline, settings, logger } = options;
  const { decide, deliver } = pipeline;
  const run = async (facts: Record<string, unknown>, step: () => Promise<void>): Promise<JobOutcome> => {
    try {
      await step();
      return { status: 'completed' };
    } catch (error) {
      const outcome = outcomeOf(error);
      logger.warn({ ...facts, outcome: outcome.status, reason: outcome.reason }, 'a job failed');
      return outcome;
    }
  };

  await queue.work({
    name: 'decide',
    workers: settings.decideWorkers,
    batchSize: settings.decideBatch,
    handle: ({ payload, signal }) => run({ job: 'decide', ...payload }, () => decide.decide(payload, signal)),
  });
  await queue.work({
    name: 'deliver',
    workers: 2,
    batchSize: 50,
    handle: ({ payload, signal }) =>
      run({ job: 'deliver', ...payload }, () => deliver.deliver(payload.decisionId, signal)),
  });
  await queue.work({
    name: 'decide-dead',
    workers: 1,
    batchSize: 50,
    handle: ({ payload, reason }) =>
      run({ job: 'decide-dead', ...payload }, () => decide.giveUp(payload, reason ?? 'it failed too often')),
  });
  await queue.work({
    name: 'deliver-dead',
    workers: 1,
    batchSize: 50,
    handle: ({ payload, reason }) =>
      run({ job: 'deliver-dead', ...payload }, () =>
        deliver.giveUp(payload.decisionId, reason ?? 'it failed too often'),
      ),
  });
  return () => queue.stopWorking(SHUTDOWN_GRACE_MS);
}

/** Most failures pass: they are tried again. What says of itself that it will not is not. */
function outcomeOf(error: unknown): JobOutcome & { status: 'failed' | 'deadletter' } {
  const isFinal = (error instanceof ClassifierError || error instanceof ConnectorError) && !error.retryable;
  return { status: isFinal ? 'deadletter' : 'failed', reason: explainFailure(error) };
}
