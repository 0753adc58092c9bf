// A server without a worker, and a separate worker, on one PostgreSQL. Needs TEST_DATABASE_URL.
import { expect, test, vi } from 'vitest';
import { healthSchema, resultSchema } from '../src/http/contract.ts';
import { createTestDatabase, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { createShopDir, runCli, startServer, startWorkerProcess } from './cli-harness.ts';

vi.setConfig({ testTimeout: 120_000 });
if (testDatabaseUrl === null) console.log('Skipped: a separate worker needs a PostgreSQL; set TEST_DATABASE_URL.');

const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test.skipIf(testDatabaseUrl === null)(
  'work decides tickets of a server without a worker; both stop cleanly',
  async () => {
    using dir = createShopDir({ hasStore: false });
    const { databaseUrl, drop } = await createTestDatabase();
    const options = { cwd: dir.path, env: { DATABASE_URL: databaseUrl } };
    const migrated = await runCli(['migrate', '--json'], options);
    expect(JSON.parse(migrated.stdout)).toMatchObject({ store: 'postgresql', upToDate: true });
    expect(migrated.stdout).not.toContain(new URL(databaseUrl).password || 'no password here');

    {
      await using server = await startServer(['--no-worker', '--port', '0'], options);
      const health = healthSchema.parse(await (await fetch(`${server.url}/readyz`)).json());
      expect(health).toMatchObject({ ready: true, worker: { running: false } });
      const refused = await post(`${server.url}/v1/route`, { body: 'I was charged twice' });
      expect(refused.status).toBe(501);
      expect(await refused.json()).toMatchObject({ code: 'no-engine' });

      await using worker = startWorkerProcess(options);
      const decided = await post(`${server.url}/v1/tickets?wait=60s`, { body: 'I was charged twice' });
      expect(decided.status).toBe(200);
      expect(resultSchema.parse(await decided.json())).toMatchObject({ decision: { team: 'money' } });
      expect((await runCli(['doctor'], options)).stdout).toMatch(/✓ store +postgresql.*1 tickets? decided/);
      expect(await worker.stop('SIGTERM')).toBe(0);
      expect(await server.stop('SIGTERM')).toBe(0);
    }
    await drop();
  },
);
