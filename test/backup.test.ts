// What docs/deploy.md says about backups: a restored store has every ticket, and does the jobs that waited in it.
// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set and PostgreSQL's own programs are there.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '../src/base/logger.ts';
import { createPipeline } from '../src/pipeline/pipeline.ts';
import { openQueue } from '../src/queue/open-queue.ts';
import { createEventFeed } from '../src/store/event-feed.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { createPipelineFixture } from '../src/testing/pipeline-fixture.ts';
import { copyStoreTemplate } from '../src/testing/store-template.ts';
import { createTestDatabase, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { embeddedWorkerSettings, startWorker } from '../src/worker/start-worker.ts';
import { createTempDir } from './cli-harness.ts';

const actor = { kind: 'token', id: 'api' } as const;

/** Debian and Ubuntu keep PostgreSQL's programs out of the PATH. */
const [programs = null] = globSync('/usr/lib/postgresql/*/bin').filter((folder) => existsSync(join(folder, 'pg_dump')));
const runProgram = (name: string, args: readonly string[]) =>
  execFileSync(join(programs ?? '', name), args, { stdio: ['ignore', 'ignore', 'inherit'] });

/** Stores a ticket whose job waits. */
async function acceptTicket(store: Store): Promise<void> {
  const queue = await openQueue({ connection: store.connection });
  const { context } = createPipelineFixture({ store, enqueue: queue.enqueue });
  await createPipeline(context).intake({ connector: 'api', actor, ticket: { id: 'kept', body: 'Where is it?' } });
  await queue.close();
}

/** Lets a worker do what waits, until the ticket is delivered, and returns how often that happened. */
async function workOff(store: Store): Promise<number> {
  const queue = await openQueue({ connection: store.connection });
  const { context, delivered } = createPipelineFixture({ store, enqueue: queue.enqueue });
  const events = await createEventFeed({ store });
  const finished = Promise.withResolvers<void>();
  events.subscribe({ onEvent: ({ event }) => event === 'delivered' && finished.resolve() });
  const pipeline = createPipeline(context);
  const stop = await startWorker({ queue, pipeline, store, settings: embeddedWorkerSettings, logger: silentLogger });
  await finished.promise;
  await stop();
  await events.close();
  await queue.close();
  return delivered.length;
}

async function expectRestored(store: Store): Promise<void> {
  expect(await store.tickets.getRecord('kept')).toMatchObject({ state: 'received', ticket: { body: 'Where is it?' } });
  expect(await workOff(store)).toBe(1);
  expect(await store.tickets.getRecord('kept')).toMatchObject({ state: 'decided', delivery: { state: 'delivered' } });
}

// Slow, so only with TEST_PROCESSES, which .ci/run sets.
test.skipIf(!process.env.TEST_PROCESSES)('a copy of the folder of a stopped server is a whole store', async () => {
  using dir = createTempDir();
  const [original, copy] = [join(dir.path, 'original'), join(dir.path, 'copy')];
  copyStoreTemplate(original);
  const store = await openStore({ databaseUrl: null, dataDir: original });
  await acceptTicket(store);
  await store.close();
  cpSync(original, copy, { recursive: true });
  const restored = await openStore({ databaseUrl: null, dataDir: copy });
  await expectRestored(restored);
  await restored.close();
});

describe.skipIf(testDatabaseUrl === null || programs === null)('on PostgreSQL', () => {
  test('pg_dump of a store that is in use, and pg_restore into an empty database, give a whole store', async () => {
    using dir = createTempDir();
    const original = await createTestDatabase();
    const empty = await createTestDatabase();
    const store = await openStore({ databaseUrl: original.databaseUrl, dataDir: '' });
    await acceptTicket(store);
    const dump = join(dir.path, 'switchboard.dump');
    runProgram('pg_dump', ['--format=custom', `--file=${dump}`, original.databaseUrl]);
    await store.close();
    runProgram('pg_restore', ['--exit-on-error', '--no-owner', `--dbname=${empty.databaseUrl}`, dump]);
    const restored = await openStore({ databaseUrl: empty.databaseUrl, dataDir: '' });
    await expectRestored(restored);
    await restored.close();
    await original.drop();
    await empty.drop();
  });
});
