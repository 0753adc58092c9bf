// The demo and the server as a user sees them: started as a program, with its output and signals.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ticketRecordSchema } from '../src/http/contract.ts';
import { findFreePort } from '../src/testing/take-port.ts';
import { createShopDir, createTempDir, type RunningServer, runCli, runMain, startServer } from './cli-harness.ts';

// On a busy machine a server needs ten seconds to start instead of two, and each test here starts at least one.
vi.setConfig({ testTimeout: 120_000 });

/** For tests that start the whole program several times: only with TEST_PROCESSES, which .ci/run sets. */
const testProcesses = test.skipIf(!process.env.TEST_PROCESSES);

const pageSchema = z.object({ items: z.array(z.object({ ticketId: z.string() })) });

async function ticketIds(server: RunningServer): Promise<string[]> {
  const response = await fetch(`${server.url}/v1/tickets?limit=200`);
  return pageSchema.parse(await response.json()).items.map(({ ticketId }) => ticketId);
}

/** The lines below the header of the demo. */
function decisionLines(server: RunningServer): string[] {
  return server
    .stdout()
    .split('\n')
    .filter((line) => /^\d\d:\d\d:\d\d /.test(line));
}

testProcesses(
  'the demo of the sample company shows what runs, decides the sample inbox, and stops cleanly on Ctrl-C',
  async () => {
    using dir = createTempDir();
    await using server = await startServer(['--demo', '--port', '0'], { cwd: dir.path });
    expect(server.stdout()).toContain('no ANTHROPIC_API_KEY: embedded engine');
    expect(server.stdout()).toContain(join(dir.path, '.switchboard'));
    await expect.poll(() => decisionLines(server).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
    for (const line of server
      .stdout()
      .split('\n')
      .filter((text) => !text.includes('curl') && !text.includes(dir.path))) {
      expect(stringWidth(line)).toBeLessThanOrEqual(100);
    }

    const [, command = ''] = /^ {2}(curl [\s\S]*?}')$/m.exec(server.stdout()) ?? [];
    const pasted = ticketRecordSchema.parse(JSON.parse(execFileSync('sh', ['-c', command], { encoding: 'utf8' })));
    expect(pasted.decision?.team).toBeTruthy();

    // A stop that takes too long ends with 1 (wait-for-stop.ts).
    expect(await server.stop('SIGINT')).toBe(0);
    expect(server.stderr()).toContain('Stopped.');
  },
  300_000,
); // long, because the engine first learns the examples of the sample company

testProcesses('each start of the demo sends tickets with new ids and keeps those of earlier starts', async () => {
  using dir = createShopDir();
  const playOne = async () => {
    await using server = await startServer(['--demo', '--port', '0'], { cwd: dir.path });
    await expect.poll(() => decisionLines(server).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(1);
    const ids = await ticketIds(server);
    await server.stop('SIGTERM');
    return ids;
  };
  const first = await playOne();
  const second = await playOne();
  expect(second.length).toBeGreaterThan(first.length);
  expect(new Set(second).size).toBe(second.length);
  expect(second).toEqual(expect.arrayContaining(first));
});

testProcesses('without --port, a taken port is replaced by the next free one, and the greeting says so', async () => {
  using dir = createShopDir();
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await using server = await startServer(['--demo'], { cwd: dir.path, env: { SWITCHBOARD_SERVER__PORT: `${port}` } });
    expect(Number(new URL(server.url).port)).toBeGreaterThan(port);
    expect(server.stdout()).toContain(`port ${port} is taken`);
  } finally {
    holder.close();
  }
});

testProcesses(
  'a ticket that arrives while the engine is learning is accepted, and decided once it is ready',
  async () => {
    using dir = createShopDir({ hasModel: false });
    await using server = await startServer(['--port', '0'], { cwd: dir.path });
    expect(server.stdout()).toContain('it is starting, and tickets wait');
    const send = (path: string) =>
      fetch(`${server.url}/v1/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: 'early', body: 'I was charged twice' }),
      });
    const [accepted, refused] = await Promise.all([send('tickets'), send('route')]);
    expect(accepted.status).toBe(202);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('still starting') });

    await expect.poll(() => server.stdout(), { timeout: 60_000 }).toContain('The engine is ready');
    const decided = await send('tickets?wait=30s');
    expect(ticketRecordSchema.parse(await decided.json()).decision?.team).toBeTruthy();
  },
);

describe('a server', () => {
  let dir: ReturnType<typeof createShopDir>;
  let server: RunningServer;
  let webhookPort: number;
  beforeAll(async () => {
    dir = createShopDir();
    webhookPort = await findFreePort();
    const env = { SWITCHBOARD_SERVER__WEBHOOK_PORT: `${webhookPort}` };
    server = await startServer(['--port', '0', '--log-level', 'debug'], { cwd: dir.path, env, isShared: true });
    await vi.waitFor(() => expect(server.stdout()).toContain('The engine is ready'), { timeout: 60_000 });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    dir[Symbol.dispose]();
  });

  testProcesses('a second server on the same folder is refused; doctor and import use the first', async () => {
    const second = await runCli(['serve', '--demo', '--port', '0'], { cwd: dir.path });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(server.url);

    const doctor = await runMain(['doctor'], { cwd: dir.path });
    expect(doctor.code).toBe(0);
    expect(doctor.stdout).toContain(`process ${server.pid} uses`);
    expect(doctor.stdout).toMatch(/✓ server +ready/);

    const example = { id: 'new-1', body: 'My parcel went to the old flat', intent: 'shipping' };
    writeFileSync(join(dir.path, 'new.jsonl'), `${JSON.stringify(example)}\n`);
    const imported = await runMain(['import', 'examples', 'new.jsonl', '--json'], { cwd: dir.path });
    expect(imported.code).toBe(0);
    expect(JSON.parse(imported.stdout)).toEqual({
      added: 1,
      changed: 0,
      unchanged: 0,
      skipped: 0,
      through: server.url,
    });
  });

  test('says where it receives webhooks, and does so there alone', async () => {
    const address = `http://127.0.0.1:${webhookPort}`;
    expect(server.stdout()).toMatch(new RegExp(`^ {2}webhooks +${address}/webhooks/NAME, on this port alone$`, 'm'));
    const details = [address, server.url].map(async (url) => {
      const response = await fetch(`${url}/webhooks/nobody`, { method: 'POST', body: '{}' });
      return ((await response.json()) as { detail: string }).detail;
    });
    expect(await Promise.all(details)).toEqual([
      expect.stringContaining('No connector'),
      `Webhooks are received on port ${webhookPort} alone (server.webhookPort). Send them there.`,
    ]);
    expect((await fetch(`${address}/v1/tickets`)).status).toBe(404);
  });

  test('the log says what happened and contains no text of a ticket', async () => {
    const secret = 'XYZZY-my-private-words';
    const send = (body: string, path = '/v1/tickets?wait=20s') =>
      fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const statuses = [
      await send(JSON.stringify({ id: 'a', subject: secret, body: `I was charged twice, ${secret}` })),
      await send(JSON.stringify({ id: 'a', body: `other ${secret}` })),
      await send(`{"body": "${secret}`),
      await send(JSON.stringify({ body: secret, tags: secret })),
      await send(JSON.stringify({ body: secret }), '/v1/route'),
      await send(JSON.stringify({ rating: 1, comment: secret }), '/v1/tickets/a/feedback'),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 409, 400, 400, 200, 201]);
    await expect.poll(() => server.stderr(), { timeout: 20_000 }).toContain('"route":"/v1/tickets/:id/feedback"');
    await expect
      .poll(() => server.stderr(), { timeout: 20_000 })
      .toMatch(/"ticketId":"a","intent":"billing".*"team":"money".*"msg":"decided"/);
    expect(server.stdout() + server.stderr()).not.toContain(secret);
  });
});

test('a first start with a mistake in the taxonomy names it and makes no data folder', async () => {
  using dir = createShopDir({ hasStore: false, hasModel: false });
  writeFileSync(join(dir.path, 'taxonomy.yaml'), 'name: Shop');
  const { code, stderr } = await runCli(['serve', '--port', '0'], { cwd: dir.path });
  expect(code).toBe(2);
  expect(stderr).toContain('taxonomy.yaml');
  expect(existsSync(join(dir.path, '.switchboard'))).toBe(false);
});

test('import opens the store when no server has it open, and names every wrong line', async () => {
  using dir = createShopDir();
  const good = { id: 'new-1', body: 'My parcel went to the old flat', intent: 'shipping' };
  writeFileSync(join(dir.path, 'good.jsonl'), `${JSON.stringify(good)}\n`);
  const imported = await runMain(['import', 'examples', 'good.jsonl', '--json'], { cwd: dir.path });
  expect(imported.code).toBe(0);
  expect(JSON.parse(imported.stdout)).toMatchObject({ added: 1, through: 'store' });
  const again = await runMain(['import', 'examples', 'good.jsonl', '--json'], { cwd: dir.path });
  expect(JSON.parse(again.stdout)).toMatchObject({ added: 0, unchanged: 1 });

  writeFileSync(join(dir.path, 'bad.jsonl'), `${JSON.stringify({ ...good, intent: 'no/such' })}\n{"body":\n`);
  const refused = await runMain(['import', 'examples', 'bad.jsonl'], { cwd: dir.path });
  expect(refused.code).toBe(2);
  for (const line of [1, 2]) expect(refused.stderr).toContain(`${join(dir.path, 'bad.jsonl')}:${line}: `);
});

testProcesses('with a token, the command in the greeting sends it', async () => {
  using dir = createShopDir();
  const env = { SWITCHBOARD_TOKEN: 'a-long-random-text' };
  await using server = await startServer(['--demo', '--port', '0'], { cwd: dir.path, env });
  expect((await fetch(`${server.url}/v1/tickets`)).status).toBe(401);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const [, command = ''] = /^ {2}(curl [\s\S]*?}')$/m.exec(server.stdout()) ?? [];
  const text = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, ...env } });
  expect(ticketRecordSchema.parse(JSON.parse(text)).decision?.team).toBeTruthy();
  expect(server.stdout() + server.stderr()).not.toContain(env.SWITCHBOARD_TOKEN);
});
