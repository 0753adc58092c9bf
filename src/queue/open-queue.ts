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
import { sql } from '../base/drizzle.ts';
import { PreparedClient } from '../base/prepared-client.ts';
import { StoreUnavailableError } from '../errors.ts';
import { countActiveJobs, findActiveJobs } from './active-jobs.ts';
import {
  type JobName,
  type JobPayload,
  jobNames,
  jobSchemas,
  jobSettings,
  keyOfJob,
  perConnectorJobs,
  priorityOf,
  queueOfConnector,
  queuePolicies,
} from './jobs.ts';
import { findLostWork } from './lost-work.ts';
import type { Job, JobOutcome, Queue, WorkRequest } from './queue.ts';

type Row = Record<string, unknown>;
/** What pg-boss needs of a PGlite. */
type Pglite = {
  query(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
  exec(text: string): Promise<{ rows: Row[] }[]>;
  listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>>;
};

/** The connection to the store's database; src/store/database.ts makes it. */
export type QueueConnection =
  | { readonly kind: 'embedded'; readonly pglite: Pglite; readonly assertRoom: () => Promise<void> }
  | { readonly kind: 'postgresql'; readonly databaseUrl: string };

/**
 * On PostgreSQL, a worker process counts as dead after this many seconds without a heartbeat (10 is the minimum of
 * pg-boss), at the next check of a supervisor. The embedded store returns the jobs of a dead process at its next start.
 */
const HEARTBEAT_SECONDS = 10;
const SUPERVISE_SECONDS = 5;
/** How often ended jobs are deleted, so that the tables of the queue stay small. */
const MAINTENANCE_SECONDS = 60;
/** No job waits for another one, so pg-boss need not look for those that may go on. */
const UNUSED_SECONDS = 3_600;
/**
 * pg-boss takes jobs and ends them in transactions of their own. When the server's machine crashes, the last of them may be
 * lost, and those jobs run again: that is safe, and so these commits need not wait for the disk. Jobs that are queued
 * together with a ticket or a decision are in the store's transactions, which do wait.
 */
const SESSION_SETTINGS = 'set synchronous_commit = off';
/** Retries become due without a notification, so a waiting worker polls this often. */
const POLL_SECONDS = 1;

/** Opens the job queue. Throws StoreUnavailableError when the queue's tables cannot be created or migrated. */
export async function openQueue(options: {
  connection: QueueConnection;
  /** Names of the configured connectors. Stored jobs of other connectors are worked on as well. */
  connectors?: readonly string[];
  /** Called with errors of pg-boss's own background work; errors of jobs are in their outcomes. */
  onError?: (error: unknown) => void;
}): Promise<Queue> {
  const { connection, connectors = [], onError } = options;
  const embedded = connection.kind === 'embedded';
  const boss = new PgBoss({
    ...(embedded
      ? { db: withRoomCheck(connection), backend: 'pglite' as const, registerInstance: false, monitorVacuum: false }
      : {
          connectionString: connection.databaseUrl,
          max: 6,
          // pg-boss passes on to the pool what it does not know itself.
          Client: PreparedClient,
          onConnect: (client: PreparedClient) => client.query(SESSION_SETTINGS),
          superviseIntervalSeconds: SUPERVISE_SECONDS,
          monitorIntervalSeconds: SUPERVISE_SECONDS,
        }),
    reindex: !embedded,
    schedule: false,
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
    flowIntervalSeconds: UNUSED_SECONDS,
    useListenNotify: true,
  });
  boss.on('error', (error) => onError?.(restoreError(error)));
  let queues: ReadonlyMap<JobName, readonly string[]>;
  try {
    await boss.start();
    queues = await declareQueues({ boss, connectors, embedded });
    if (embedded) await returnAbandonedJobs(boss, allNames(queues));
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => {});
    if (error instanceof StoreUnavailableError) throw error;
    const found = error instanceof Error && 'code' in error ? String(error.code) : 'no error code';
    throw new StoreUnavailableError({
      message: `The job queue's tables could not be opened (${found}). ${cureOf(found)}`,
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
          group.map((data) => ({ data, priority: priorityOf(data), singletonKey: keyOfJob(name, data) })),
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
          // Each postponed job gets a new job with all its tries, before the old one ends. A crash in between leaves
          // both, and the second finds its work done.
          if (postponed.length > 0) await boss.insert(queue, postponed.map(mapPostponed));
          return worked.map(({ job, outcome }) => mapResult(job, outcome));
        });
      }
    },

    findLost: (transaction) => findLostWork(fromDrizzle(transaction, sql)),

    countActive: () => countActiveJobs(boss.getDb(), allNames(queues)),

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

/** What to do when the queue cannot be opened, by PostgreSQL's code. */
function cureOf(code: string): string {
  if (code === '42501') return 'Let this account create a schema in the database.';
  // Class XX: internal errors, most of them about pages that cannot be read; 58P01: a file is missing.
  if (code.startsWith('XX') || code === '58P01') {
    return 'The database is damaged: restore a copy of it, or move it away and start again.';
  }
  return 'Check that the database runs and can be written to.';
}

/** pg-boss reports most errors as plain objects with the fields of the error. */
function restoreError(reported: unknown): unknown {
  if (reported instanceof Error || typeof reported !== 'object' || reported === null) return reported;
  const code: unknown = 'code' in reported ? reported.code : undefined;
  return Object.assign(new Error('pg-boss reported an error'), typeof code === 'string' ? { code } : {});
}

/** pg-boss writes continuously; this rejects its queries while the disk is too full for PGlite. */
function withRoomCheck({ pglite, assertRoom }: QueueConnection & { kind: 'embedded' }): Db {
  // The cast: pg-boss lets its caller choose the type of the rows.
  const db = fromPglite(pglite as Parameters<typeof fromPglite>[0]);
  return {
    ...db,
    executeSql: async (text, values) => {
      await assertRoom();
      return db.executeSql(text, values);
    },
  };
}

const allNames = (queues: ReadonlyMap<JobName, readonly string[]>) => [...queues.values()].flat();

/** Creates the queues of each kind of job in pg-boss, or updates their settings. Returns their names by kind. */
async function declareQueues(options: {
  boss: PgBoss;
  connectors: readonly string[];
  embedded: boolean;
}): Promise<ReadonlyMap<JobName, readonly string[]>> {
  const { boss, connectors, embedded } = options;
  const known = new Set((await boss.getQueues()).map(({ name }) => name));
  const queues = new Map<JobName, readonly string[]>(jobNames.map((name) => [name, [name]]));
  for (const kind of perConnectorJobs) {
    const names = new Set([
      kind,
      ...connectors.map((connector) => queueOfConnector(kind, connector)),
      // Queues of connectors that are no longer configured. Their jobs end without effect.
      ...[...known].filter((name) => name.startsWith(queueOfConnector(kind, ''))),
    ]);
    queues.set(kind, [...names]);
  }
  for (const [kind, names] of queues) {
    const settings = { ...jobSettings[kind], ...(embedded ? {} : { heartbeatSeconds: HEARTBEAT_SECONDS }) };
    // The policy of a queue stays what it was when the queue was created.
    const policy = queuePolicies[kind];
    for (const name of names) {
      if (known.has(name)) await boss.updateQueue(name, settings);
      else await boss.createQueue(name, { ...settings, ...(policy && { policy }) });
    }
  }
  return queues;
}

function queueOf(options: {
  name: JobName;
  payload: JobPayload<JobName>;
  queues: ReadonlyMap<JobName, readonly string[]>;
}): string {
  const { name, payload, queues } = options;
  const kind = perConnectorJobs.find((each) => each === name);
  if (kind === undefined || !('connector' in payload) || payload.connector === undefined) return name;
  const own = queueOfConnector(kind, payload.connector);
  return queues.get(name)?.includes(own) ? own : name;
}

/**
 * Fails the jobs that the last process on this folder was working on when it died. No other process can be working on
 * them, because the folder is locked. Failed jobs are tried again with the usual delay and a limit of tries, so a
 * ticket that kills the process each time is given up in the end.
 */
async function returnAbandonedJobs(boss: PgBoss, queues: readonly string[]): Promise<void> {
  const active = await findActiveJobs(boss.getDb(), queues);
  for (const [name, jobs] of Map.groupBy(active, (job) => job.name)) {
    await boss.fail(
      name,
      jobs.map((job) => job.id),
      { message: 'the process ended while it worked on this job' },
    );
  }
}

function mapPostponed({ job, startAfter }: { job: JobWithMetadata; startAfter: number }): JobInsert {
  const { data, priority, singletonKey } = job;
  return { data, priority, startAfter, ...(singletonKey !== null && { singletonKey }) };
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
  if (!parsed.success)
    return { status: 'deadletter', reason: 'the payload of the job does not have the shape of its kind' };
  const source = job.sourceOutput === null ? null : flattenOutput(job.sourceOutput);
  const ready: Job<N> = {
    // The cast: the schema was chosen by the same name.
    payload: parsed.data as JobPayload<N>,
    reason: source === null ? null : reasonSchema.parse(source).message,
    signal: job.signal,
  };
  return request.handle(ready);
}

/** pg-boss wraps outputs that its own supervisor writes in `value`. */
function flattenOutput(output: object): unknown {
  return 'value' in output ? output.value : output;
}
