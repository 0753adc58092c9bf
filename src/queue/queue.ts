import type { DrizzleTransactionLike } from 'pg-boss';
import type { JobName, JobPayload } from './jobs.ts';
import type { LostWork } from './lost-work.ts';

/**
 * The result of one job. A failed job is tried again later, up to its limit; a dead one is not. A postponed job is
 * tried again without losing a try, because something that it needs is unavailable.
 */
export type JobOutcome =
  | { readonly status: 'completed' }
  | { readonly status: 'postponed'; readonly reason: string; readonly retryInSeconds: number }
  | { readonly status: 'failed' | 'deadletter'; readonly reason: string };

export type Job<N extends JobName> = {
  readonly payload: JobPayload<N>;
  /** Why the job failed before, for jobs of a dead-letter queue; else null. */
  readonly reason: string | null;
  /** Aborts when the process shuts down or the job expires. */
  readonly signal: AbortSignal;
};

export type WorkRequest<N extends JobName> = {
  readonly name: N;
  /** At most `workers` × `batchSize` jobs run at the same time; for deliveries, that many per connector. */
  readonly workers: number;
  readonly batchSize: number;
  /** Works on one job. Must not reject: an error is an outcome. */
  readonly handle: (job: Job<N>) => Promise<JobOutcome>;
};

/** Jobs in the store's database. They are written in the same transaction as their rows, and run at least once. */
export type Queue = {
  /** Adds jobs. With `transaction`, they exist only if it commits. */
  enqueue<N extends JobName>(
    name: N,
    payloads: readonly JobPayload<N>[],
    transaction?: DrizzleTransactionLike,
  ): Promise<void>;
  /** Starts working on the jobs of one kind. */
  work<N extends JobName>(request: WorkRequest<N>): Promise<void>;
  /** Finds undecided tickets and pending deliveries without a job, at most 500 of each. */
  findLost(transaction: DrizzleTransactionLike): Promise<LostWork>;
  /** The number of jobs in progress in all processes. */
  countActive(): Promise<number>;
  /** Starts no more jobs, and waits up to `graceMs` for running ones. */
  stopWorking(graceMs: number): Promise<void>;
  /** Closes the queue. Jobs that are still running go back to the queue. */
  close(): Promise<void>;
};
