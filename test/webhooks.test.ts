// A system that only sends and takes JSON, from its webhook to the decision that it gets back.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createShopDir, runMain } from './cli-harness.ts';
import { startService } from './http-harness.ts';

vi.setConfig({ testTimeout: 60_000 });

const env = { SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET: 'secret', SWITCHBOARD_CONNECTORS__DESK__TOKEN: 'key' };

test('a saved webhook is signed, received, decided and answered; sent again it changes nothing', async () => {
  const written: { url: string; key: string | undefined; body: unknown }[] = [];
  const arrived = Promise.withResolvers<void>();
  const desk = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    written.push({ url: request.url ?? '', key: request.headers.authorization, body: JSON.parse(text) });
    response.end('{}');
    arrived.resolve();
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const address = desk.address();
  if (address === null || typeof address === 'string') throw new TypeError('a port expected');
  using dir = createShopDir();
  const file = join(dir.path, 'switchboard.yaml');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  const desks = {
    type: 'webhook',
    mode: 'auto',
    receive: { id: 'ticket.id', body: 'ticket.text', signature: { header: 'X-Signature' } },
    deliver: {
      method: 'PUT',
      url: `http://127.0.0.1:${address.port}/tickets/{externalId}`,
      body: { group: '{owner}', why: '{because}' },
    },
  };
  const [triage, money] = config.teams;
  const teams = [triage, { ...money, owners: { desk: '36001' } }];
  writeFileSync(file, JSON.stringify({ ...config, teams, connectors: { ...config.connectors, desk: desks } }));
  const saved = { ticket: { id: 4711, text: 'I was charged twice for my order and want my money back' } };
  writeFileSync(join(dir.path, 'webhook.json'), JSON.stringify(saved));
  {
    await using service = await startService({ dir: dir.path, env });
    const receive = (...more: string[]) =>
      runMain(['receive', '--connector', 'desk', '--url', service.url, 'webhook.json', ...more], {
        cwd: dir.path,
        env,
      });
    expect(await receive()).toMatchObject({ code: 0, stdout: 'Accepted: a worker reads it now.\n' });
    await arrived.promise;
    expect(written).toEqual([
      {
        url: '/tickets/4711',
        key: 'Bearer key',
        body: { group: '36001', why: expect.stringMatching(/^Rule "money" matched/) },
      },
    ]);
    const again = await receive('--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ httpStatus: 200, reply: { status: 'repeated' } });
    const wrongName = await runMain(['receive', '--connector', 'dask', 'webhook.json'], { cwd: dir.path, env });
    expect(wrongName).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean "desk"?') });
    const noHook = await runMain(['receive', '--connector', 'api', 'webhook.json'], { cwd: dir.path, env });
    expect(noHook).toMatchObject({ code: 2, stderr: expect.stringContaining('receives no webhooks') });
    expect(await service.app.store.tickets.get('desk:4711')).toMatchObject({ revision: 1, state: 'decided' });
  }
  const gone = await runMain(['receive', '--connector', 'desk', '--url', 'http://127.0.0.1:1', 'webhook.json'], {
    cwd: dir.path,
    env,
  });
  expect(gone).toMatchObject({ code: 2, stderr: expect.stringContaining('No server could be reached') });
  expect(written).toHaveLength(1);
  await new Promise<void>((resolve) => desk.close(() => resolve()));
});

// Slow, so only with TEST_PROCESSES, which .ci/run sets.
test.skipIf(!process.env.TEST_PROCESSES)(
  'a saved webhook is sent to the port for webhooks where there is one',
  async () => {
    const paths: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"accepted"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('a port expected');
    using dir = createShopDir({ hasStore: false, hasModel: false });
    const file = join(dir.path, 'switchboard.yaml');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    const desk = { type: 'webhook', receive: { id: 'id', body: 'text', signature: { header: 'X-Signature' } } };
    const listening = { port: 1, webhookPort: address.port };
    writeFileSync(file, JSON.stringify({ ...config, server: listening, connectors: { desk } }));
    writeFileSync(join(dir.path, 'webhook.json'), '{"id":1,"text":"hello"}');
    const sent = await runMain(['receive', '--connector', 'desk', 'webhook.json', '--json'], {
      cwd: dir.path,
      env: { SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET: 'secret' },
    });
    expect(JSON.parse(sent.stdout)).toMatchObject({ server: `http://127.0.0.1:${address.port}`, httpStatus: 202 });
    expect(paths).toEqual(['/webhooks/desk']);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  },
);

test('a helpdesk without the secret of its webhooks is told which variable it lacks', async () => {
  using dir = createShopDir({ hasStore: false, hasModel: false });
  const file = join(dir.path, 'switchboard.yaml');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  const desk = { type: 'zendesk', url: 'https://acme.zendesk.com', email: 'bot@acme.example' };
  writeFileSync(file, JSON.stringify({ ...config, connectors: { desk } }));
  writeFileSync(join(dir.path, 'webhook.json'), '{}');
  const { code, stderr } = await runMain(['receive', '--connector', 'desk', 'webhook.json'], {
    cwd: dir.path,
    env: { SWITCHBOARD_CONNECTORS__DESK__TOKEN: 'key' },
  });
  expect(code).toBe(2);
  expect(stderr).toContain('receives no webhooks. Set SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET');
});
