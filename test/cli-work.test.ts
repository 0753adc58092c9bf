// A worker of its own, on a PostgreSQL that it shares with the server. Needs TEST_DATABASE_URL.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { createTestDatabase, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { createShopDir, root, runCli } from './cli-harness.ts';

vi.setConfig({ testTimeout: 120_000 });
if (testDatabaseUrl === null) console.log('Skipped: a worker of its own needs a PostgreSQL; set TEST_DATABASE_URL.');

test.skipIf(testDatabaseUrl === null)('work decides what another process took in, and stops cleanly', async () => {
  using dir = createShopDir();
  const { databaseUrl, drop } = await createTestDatabase();
  const env = { DATABASE_URL: databaseUrl };
  const migrated = await runCli(['migrate', '--json'], { cwd: dir.path, env });
  expect(JSON.parse(migrated.stdout)).toMatchObject({ store: 'postgresql', upToDate: true });
  expect(migrated.stdout).not.toContain(new URL(databaseUrl).password || 'no password here');

  const app = await createApp({ config: await loadConfig({ cwd: dir.path, env }) });
  const worker = spawn(process.execPath, [join(root, 'bin/switchboard.js'), 'work'], {
    cwd: dir.path,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | null>((resolve) => worker.once('exit', resolve));
  try {
    const { ticketId } = await app.intake({ connector: 'api', ticket: { body: 'I was charged twice' } });
    await expect
      .poll(async () => (await app.store.tickets.getRecord(ticketId))?.state, { timeout: 60_000 })
      .toBe('decided');
    expect((await runCli(['doctor'], { cwd: dir.path, env })).stdout).toMatch(/✓ store +postgresql.*1 tickets decided/);
    worker.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    worker.kill('SIGKILL');
    await ended;
    await app.close();
    await drop();
  }
});
