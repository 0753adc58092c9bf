import type { DrizzleTransactionLike } from 'pg-boss';
import type { JobName, JobPayload } from './jobs.ts';
import type { LostWork } from './lost-work.ts';

/**
 * What became of one job. A failed one is tried again later, until its limit; a dead one is not. A postponed one waits
 * without its tries being counted: what it needs is away, and that says nothing about the job.
 */
export type JobOutcome =
  | { readonly status: 'completed' }
  | { readonly status: 'postponed'; readonly reason: string; readonly retryInSeconds: number }
  | { readonly status: 'failed' | 'deadletter'; readonly reason: string };

export type Job<N extends JobName> = {
  readonly payload: JobPayload<N>;
  /** Why it failed before, for the jobs of a dead-letter queue. */
  readonly reason: string | null;
  /** Aborts when the process shuts down or the job's time is up. */
  readonly signal: AbortSignal;
};

export type WorkRequest<N extends JobName> = {
  readonly name: N;
  /** Jobs worked at the same time are at most `workers` × `batchSize`; of deliveries, as many for each connector. */
  readonly workers: number;
  readonly batchSize: number;
  /** Never rejects; an error is an outcome. */
  readonly handle: (job: Job<N>) => Promise<JobOutcome>;
};

/** Jobs in the database of the store: written in the transaction of the rows they are about, worked at least once. */
export type Queue = {
  /** Within `transaction` when given: the jobs then exist if, and only if, it commits. */
  enqueue<N extends JobName>(
    name: N,
    payloads: readonly JobPayload<N>[],
    transaction?: DrizzleTransactionLike,
  ): Promise<void>;
  work<N extends JobName>(request: WorkRequest<N>): Promise<void>;
  /** What waits in the store without a job that would end it, at most some hundreds at once. */
  findLost(transaction: DrizzleTransactionLike): Promise<LostWork>;
  /** Number of jobs that are being worked on, of all workers. */
  countActive(): Promise<number>;
  /** Takes no more jobs and gives running ones `graceMs`; jobs that are not finished then go back to the queue. */
  stopWorking(graceMs: number): Promise<void>;
  close(): Promise<void>;
};
