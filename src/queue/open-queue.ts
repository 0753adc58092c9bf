import type { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import {
  type Db,
  type DrizzleTransactionLike,
  fromDrizzle,
  fromPglite,
  type JobInsert,
  type JobResult,
  type JobWithMetadata,
  PgBoss,
} from 'pg-boss';
import { z } from 'zod';
import { StoreUnavailableError } from '../errors.ts';
import { type JobName, type JobPayload, jobNames, jobSchemas, jobSettings } from './jobs.ts';
import type { Job, JobOutcome, Queue, WorkRequest } from './queue.ts';

/** The database of the store, as store/database.ts describes it. */
export type QueueConnection =
  | { readonly kind: 'embedded'; readonly pglite: PGlite; readonly assertRoom: () => Promise<void> }
  | { readonly kind: 'postgresql'; readonly databaseUrl: string };

/**
 * A worker process on PostgreSQL that dies without a word is noticed when it misses this many seconds of heartbeats
 * (10 is the least that pg-boss takes), at the next look of a supervisor. The embedded store knows at its next start.
 */
const HEARTBEAT_SECONDS = 10;
const SUPERVISE_SECONDS = 5;
/** Retries start by the clock, not by a notification, so a waiting worker looks this often. */
const POLL_SECONDS = 1;

/** Throws StoreUnavailableError when the queue's tables cannot be made or brought up to date. */
export async function openQueue(options: {
  connection: QueueConnection;
  /** Errors of the background work; jobs report through their outcomes. */
  onError?: (error: unknown) => void;
}): Promise<Queue> {
  const { connection, onError } = options;
  const embedded = connection.kind === 'embedded';
  const boss = new PgBoss({
    ...(embedded
      ? { db: fromRoomyPglite(connection), backend: 'pglite' as const, registerInstance: false, monitorVacuum: false }
      : {
          connectionString: connection.databaseUrl,
          max: 6,
          superviseIntervalSeconds: SUPERVISE_SECONDS,
          monitorIntervalSeconds: SUPERVISE_SECONDS,
        }),
    reindex: !embedded,
    schedule: false,
    useListenNotify: true,
  });
  boss.on('error', (error) => onError?.(error));
  try {
    await boss.start();
    for (const name of jobNames) await declareQueue(boss, name, embedded);
    if (embedded) await returnAbandonedJobs(boss);
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => {});
    const found = error instanceof Error && 'code' in error ? String(error.code) : 'no error code';
    throw new StoreUnavailableError({
      message: `The job queue's tables could not be opened (${found}). Check that this account may create a schema in the database.`,
    });
  }

  let working = false;
  return {
    async enqueue(name, payloads, transaction) {
      if (payloads.length === 0) return;
      await boss.insert(
        name,
        payloads.map((data) => ({ data })),
        transaction === undefined ? {} : { db: fromDrizzle(transaction satisfies DrizzleTransactionLike, sql) },
      );
    },

    async work(request) {
      working = true;
      const { name, workers, batchSize } = request;
      await boss.work(
        name,
        {
          batchSize,
          localConcurrency: workers,
          burstWhenBatchFull: true,
          pollingIntervalSeconds: POLL_SECONDS,
          notifyPollingIntervalSeconds: POLL_SECONDS,
          includeMetadata: true,
          perJobResults: true,
        },
        async (jobs: JobWithMetadata[]) => {
          const worked = await Promise.all(jobs.map(async (job) => ({ job, outcome: await workJob(job, request) })));
          const postponed = worked.flatMap(({ job, outcome }) =>
            outcome.status === 'postponed' ? [{ job, startAfter: outcome.retryInSeconds }] : [],
          );
          // A fresh job for each, which has all its tries, before the old ones end: a crash in between leaves two of a
          // kind, and the second finds its work done.
          if (postponed.length > 0) await boss.insert(name, postponed.map(mapPostponed));
          return worked.map(({ job, outcome }) => mapResult(job, outcome));
        },
      );
    },

    async countActive() {
      const { rows } = await boss
        .getDb()
        .executeSql(`select count(*)::int as active from pgboss.job where state = 'active'`);
      return z.object({ active: z.number() }).parse(rows[0]).active;
    },

    async stopWorking(graceMs) {
      if (!working) return;
      working = false;
      const all = Promise.all(jobNames.map((name) => boss.offWork(name, { wait: true })));
      await Promise.race([all, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
    },

    async close() {
      // Jobs that are still in hand go back to the queue.
      await boss.stop({ graceful: false, close: true });
    },
  };
}

/** The queue writes all the time; it pauses while the disk is too full for PGlite. */
function fromRoomyPglite({ pglite, assertRoom }: QueueConnection & { kind: 'embedded' }): Db {
  const db = fromPglite(pglite);
  return {
    ...db,
    executeSql: async (text, values) => {
      await assertRoom();
      return db.executeSql(text, values);
    },
  };
}

async function declareQueue(boss: PgBoss, name: JobName, embedded: boolean): Promise<void> {
  const settings = { ...jobSettings[name], ...(embedded ? {} : { heartbeatSeconds: HEARTBEAT_SECONDS }) };
  if ((await boss.getQueue(name)) === null) await boss.createQueue(name, settings);
  else await boss.updateQueue(name, settings);
}

const activeJobsSchema = z.array(z.object({ name: z.enum(jobNames), id: z.string() }));

/**
 * Jobs that the last process on this folder had in hand when it died. Nobody else can be working on them: the folder
 * is locked. Failing them gives them back with the usual delay, and ends a ticket that kills the process each time.
 */
async function returnAbandonedJobs(boss: PgBoss): Promise<void> {
  const { rows } = await boss.getDb().executeSql(`select name, id from pgboss.job where state = 'active'`);
  const active = activeJobsSchema.parse(rows.filter((row) => jobNames.includes(row.name)));
  for (const [name, jobs] of Map.groupBy(active, (job) => job.name)) {
    await boss.fail(
      name,
      jobs.map((job) => job.id),
      { message: 'the process ended while it worked on this' },
    );
  }
}

function mapPostponed({ job, startAfter }: { job: JobWithMetadata; startAfter: number }): JobInsert {
  const { data, priority, groupId } = job;
  return { data, priority, startAfter, ...(groupId ? { group: { id: groupId } } : {}) };
}

function mapResult({ id }: JobWithMetadata, outcome: JobOutcome): JobResult {
  switch (outcome.status) {
    case 'completed':
      return { id, status: 'completed' };
    case 'postponed':
      return { id, status: 'completed', output: { postponed: outcome.reason } };
    default:
      return { id, status: outcome.status, output: { message: outcome.reason } };
  }
}

const reasonSchema = z.object({ message: z.string() }).catch({ message: 'no reason was recorded' });

async function workJob<N extends JobName>(job: JobWithMetadata, request: WorkRequest<N>): Promise<JobOutcome> {
  const parsed = jobSchemas[request.name].safeParse(job.data);
  if (!parsed.success) return { status: 'deadletter', reason: 'the job does not have the shape of its kind' };
  const source = job.sourceOutput === null ? null : flattenOutput(job.sourceOutput);
  const ready: Job<N> = {
    // The schema was chosen by the same name.
    payload: parsed.data as JobPayload<N>,
    reason: source === null ? null : reasonSchema.parse(source).message,
    signal: job.signal,
  };
  return request.handle(ready);
}

/** pg-boss wraps what its own supervisor writes in `value`. */
function flattenOutput(output: object): unknown {
  return 'value' in output ? output.value : output;
}
