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
import {
  type DecideJob,
  type DeliverJob,
  deliverQueuePrefix,
  type JobName,
  type JobPayload,
  jobNames,
  jobSchemas,
  jobSettings,
  priorityOf,
} from './jobs.ts';
import { findLostWork } from './lost-work.ts';
import type { Job, JobOutcome, Queue, WorkRequest } from './queue.ts';

/** The database of the store, as store/database.ts describes it. */
export type QueueConnection =
  | { readonly kind: 'embedded'; readonly pglite: PGlite; readonly assertRoom: () => Promise<void> }
  | { readonly kind: 'postgresql'; readonly databaseUrl: string };

/**
 * A worker process on PostgreSQL that dies is noticed when it misses this many seconds of heartbeats
 * (10 is the least that pg-boss takes), at the next look of a supervisor. The embedded store knows at its next start.
 */
const HEARTBEAT_SECONDS = 10;
const SUPERVISE_SECONDS = 5;
/** Retries start by the clock, not by a notification, so a waiting worker looks this often. */
const POLL_SECONDS = 1;

/** Throws StoreUnavailableError when the queue's tables cannot be made or brought up to date. */
export async function openQueue(options: {
  connection: QueueConnection;
  /** Connectors that are delivered to; jobs of others are worked as well. */
  connectors?: readonly string[];
  /** Errors of the background work; jobs report through their outcomes. */
  onError?: (error: unknown) => void;
}): Promise<Queue> {
  const { connection, connectors = [], onError } = options;
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
  let queues: ReadonlyMap<JobName, readonly string[]>;
  try {
    await boss.start();
    queues = await declareQueues({ boss, connectors, embedded });
    if (embedded) await returnAbandonedJobs(boss, allNames(queues));
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
      const within =
        transaction === undefined ? {} : { db: fromDrizzle(transaction satisfies DrizzleTransactionLike, sql) };
      for (const [queue, group] of Map.groupBy(payloads, (payload) => queueOf({ name, payload, queues }))) {
        await boss.insert(
          queue,
          group.map((data) => ({ data, priority: priorityOf(data) })),
          within,
        );
      }
    },

    async work(request) {
      working = true;
      const { name, workers, batchSize } = request;
      const options = {
        batchSize,
        localConcurrency: workers,
        burstWhenBatchFull: true,
        pollingIntervalSeconds: POLL_SECONDS,
        notifyPollingIntervalSeconds: POLL_SECONDS,
        includeMetadata: true as const,
        perJobResults: true as const,
      };
      for (const queue of queues.get(name) ?? []) {
        await boss.work(queue, options, async (jobs: JobWithMetadata[]) => {
          const worked = await Promise.all(jobs.map(async (job) => ({ job, outcome: await workJob(job, request) })));
          const postponed = worked.flatMap(({ job, outcome }) =>
            outcome.status === 'postponed' ? [{ job, startAfter: outcome.retryInSeconds }] : [],
          );
          // A fresh job for each, which has all its tries, before the old ones end: a crash in between leaves two of a
          // kind, and the second finds its work done.
          if (postponed.length > 0) await boss.insert(queue, postponed.map(mapPostponed));
          return worked.map(({ job, outcome }) => mapResult(job, outcome));
        });
      }
    },

    findLost: (transaction) => findLostWork(fromDrizzle(transaction, sql)),

    async countActive() {
      const { rows } = await boss
        .getDb()
        .executeSql(`select count(*)::int as active from pgboss.job where state = 'active'`);
      return z.object({ active: z.number() }).parse(rows[0]).active;
    },

    async stopWorking(graceMs) {
      if (!working) return;
      working = false;
      const all = Promise.all(allNames(queues).map((name) => boss.offWork(name, { wait: true })));
      await Promise.race([all, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
    },

    async close() {
      // Jobs that are still running go back to the queue.
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

const allNames = (queues: ReadonlyMap<JobName, readonly string[]>) => [...queues.values()].flat();

/** Makes the queues of each kind of job in pg-boss, or brings their settings up to date, and returns their names. */
async function declareQueues(options: {
  boss: PgBoss;
  connectors: readonly string[];
  embedded: boolean;
}): Promise<ReadonlyMap<JobName, readonly string[]>> {
  const { boss, connectors, embedded } = options;
  const known = new Set((await boss.getQueues()).map(({ name }) => name));
  const deliveries = new Set([
    'deliver',
    ...connectors.map(deliverQueueOf),
    // Of connectors that are not configured any more: their deliveries end as skipped.
    ...[...known].filter((name) => name.startsWith(deliverQueuePrefix)),
  ]);
  const queues = new Map<JobName, readonly string[]>(jobNames.map((name) => [name, [name]]));
  queues.set('deliver', [...deliveries]);
  for (const [kind, names] of queues) {
    const settings = { ...jobSettings[kind], ...(embedded ? {} : { heartbeatSeconds: HEARTBEAT_SECONDS }) };
    for (const name of names) {
      if (known.has(name)) await boss.updateQueue(name, settings);
      else await boss.createQueue(name, settings);
    }
  }
  return queues;
}

const deliverQueueOf = (connector: string) => `${deliverQueuePrefix}${connector}`;

function queueOf(options: {
  name: JobName;
  payload: DecideJob | DeliverJob;
  queues: ReadonlyMap<JobName, readonly string[]>;
}): string {
  const { name, payload, queues } = options;
  if (name !== 'deliver' || !('connector' in payload) || payload.connector === undefined) return name;
  const own = deliverQueueOf(payload.connector);
  return queues.get(name)?.includes(own) ? own : name;
}

const activeJobsSchema = z.array(z.object({ name: z.string(), id: z.string() }));

/**
 * Jobs that the last process on this folder had in hand when it died. Nobody else can be working on them: the folder
 * is locked. Failing them gives them back with the usual delay, and ends a ticket that kills the process each time.
 */
async function returnAbandonedJobs(boss: PgBoss, queues: readonly string[]): Promise<void> {
  const { rows } = await boss.getDb().executeSql(`select name, id from pgboss.job where state = 'active'`);
  const active = activeJobsSchema.parse(rows).filter(({ name }) => queues.includes(name));
  for (const [name, jobs] of Map.groupBy(active, (job) => job.name)) {
    await boss.fail(
      name,
      jobs.map((job) => job.id),
      { message: 'the process ended while it worked on this' },
    );
  }
}

function mapPostponed({ job, startAfter }: { job: JobWithMetadata; startAfter: number }): JobInsert {
  const { data, priority } = job;
  return { data, priority, startAfter };
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
