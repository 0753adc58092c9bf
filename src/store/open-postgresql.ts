import { Client, Pool, type PoolClient } from 'pg';
import { loadPostgresqlDriver } from '../base/drizzle.ts';
import { PreparedClient } from '../base/prepared-client.ts';
import type { OnProgress } from '../base/progress.ts';
import { codeOf } from '../base/safe-error.ts';
import { StoreUnavailableError } from '../errors.ts';
import { advisoryLocks } from './advisory-locks.ts';
import type { Backend, Channel, Readable } from './database.ts';
import { createGuard } from './database-error.ts';
import { migrationSettings, runMigrations } from './migrations.ts';
import { FLUSH, runPostgresqlTransaction } from './postgresql-transaction.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const READ_TIMEOUT_MS = 10_000;
const POOL_SIZE = 10;
const IDLE_IN_TRANSACTION_MS = 10_000;
const RELISTEN_DELAY_MS = 1_000;
/**
 * Every query reads few rows, however many the planner expects: to start processes or compile for it takes a hundred times
 * as long as the query itself.
 */
const SESSION_SETTINGS = `set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS};
  set max_parallel_workers_per_gather = 0; set jit = off`;

export async function openPostgresql(options: { databaseUrl: string; onProgress?: OnProgress }): Promise<Backend> {
  const { databaseUrl } = options;
  const location = describeDatabaseUrl(databaseUrl);
  options.onProgress?.({ step: 'connecting to PostgreSQL', done: 0, total: null });
  await migrateOnce({ ...options, location });

  const pool = new Pool({
    connectionString: databaseUrl,
    Client: PreparedClient,
    pipeline: true,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'switchboard',
    keepAlive: true,
    // A process that freezes within a transaction must not keep the others from writing history. The pool awaits this
    // promise, although its types do not say so.
    onConnect: async (client) => {
      // The pool handles errors of idle connections only; a connection that breaks within a transaction would end the
      // process. The transaction's next statement reports the error.
      client.on('error', () => {});
      await client.query(SESSION_SETTINGS);
    },
  });
  // The server ended an idle connection. The pool replaces it; if it cannot, the next statement reports the error.
  pool.on('error', () => {});
  const { drizzle } = loadPostgresqlDriver();
  return {
    executor: drizzle({ client: pool }),
    transaction: (work, options) =>
      runPostgresqlTransaction({ pool, options }, (transaction) =>
        work({
          // The cast: drizzle's type asks for a whole client, but its driver calls `query` alone.
          executor: drizzle({ client: transaction as unknown as PoolClient }),
          together: (steps) => transaction.together(steps),
          finish: (steps) => transaction.finish(steps),
        }),
      ),
    connection: { kind: 'postgresql', pool, databaseUrl },
    location,
    guard: createGuard(location),
    flush: async () => {
      await pool.query(FLUSH);
    },
    listen: (channel, listener) => listen({ databaseUrl, channel, listener }),
    ping: async () => {
      await pool.query('select 1');
    },
    announceUrl: () => {},
    close: async () => {
      if (!pool.ended) await pool.end();
    },
  };
}

/** The address without user and password. Throws StoreUnavailableError when it is not a PostgreSQL URL. */
function describeDatabaseUrl(databaseUrl: string): string {
  const url = URL.parse(databaseUrl);
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new StoreUnavailableError({
      message:
        'DATABASE_URL is not a PostgreSQL address. Write it like postgres://user:password@host:5432/database, with special characters of the password percent-encoded.',
    });
  }
  return `postgres://${url.host}${url.pathname}`;
}

async function migrateOnce(options: { databaseUrl: string; location: string; onProgress?: OnProgress }): Promise<void> {
  const { databaseUrl, location, onProgress } = options;
  const client = await connect({ databaseUrl, location, applicationName: 'switchboard migrations' });
  try {
    await client.query(`select pg_advisory_lock(${advisoryLocks.migration})`);
    const { drizzle, migrate } = loadPostgresqlDriver();
    await runMigrations({
      executor: drizzle({ client }),
      location,
      migrate: (logQuery) => migrate(drizzle({ client, logger: { logQuery } }), migrationSettings),
      onProgress,
    });
  } finally {
    // Ends the session, and with it the advisory lock.
    await client.end().catch(() => {});
  }
}

/** Opens PostgreSQL for reading; the tables stay as they are. */
export async function openPostgresqlToRead({ databaseUrl }: { databaseUrl: string }): Promise<Readable> {
  const location = describeDatabaseUrl(databaseUrl);
  const client = await connect({ databaseUrl, location, applicationName: 'switchboard, reading' });
  const close = () => client.end().catch(() => {});
  try {
    await client.query(`set default_transaction_read_only = on; set statement_timeout = ${READ_TIMEOUT_MS}`);
  } catch (error) {
    await close();
    throw error;
  }
  return { executor: loadPostgresqlDriver().drizzle({ client }), location, close };
}

async function connect(options: { databaseUrl: string; location: string; applicationName: string }): Promise<Client> {
  const { databaseUrl, location, applicationName } = options;
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: applicationName,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw new StoreUnavailableError({ message: explainConnectFailure(error, location) });
  }
}

function explainConnectFailure(error: unknown, location: string): string {
  const code = codeOf(error);
  switch (code) {
    case '28P01':
    case '28000':
      return `PostgreSQL at ${location} refused the user or password (${code}). Check DATABASE_URL.`;
    case '3D000':
      return `PostgreSQL at ${location} has no such database (${code}). Create it, or correct DATABASE_URL.`;
    default:
      return `PostgreSQL at ${location} could not be reached (${code ?? 'no answer in time'}). Check that it runs and that DATABASE_URL is right.`;
  }
}

/** Listens on its own connection and reconnects when it is lost; each (re)start counts as a notification. */
async function listen(options: {
  databaseUrl: string;
  channel: Channel;
  listener: () => void;
}): Promise<() => Promise<void>> {
  const { databaseUrl, channel, listener } = options;
  let stopped = false;
  let client: Client | null = null;
  let timer: NodeJS.Timeout | null = null;

  const start = async () => {
    const next = new Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'switchboard events',
      keepAlive: true,
    });
    next.on('error', () => {});
    next.on('end', () => {
      if (client === next) client = null;
      restartLater();
    });
    next.on('notification', listener);
    await next.connect();
    if (stopped) {
      await next.end();
      return;
    }
    client = next;
    await next.query(`listen ${channel}`);
    listener();
  };
  const restartLater = () => {
    if (stopped || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      start().catch(restartLater);
    }, RELISTEN_DELAY_MS);
    timer.unref();
  };

  await start();
  return async () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
    await client?.end().catch(() => {});
  };
}
