// The two servers of `server.webhookPort`, over real sockets.
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { SignatureError } from '../errors.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { problemSchema } from './contract.ts';
import { createHttpServers, type HttpServers } from './create-http-servers.ts';

const WEBHOOK_PORT = 4711;
const token = 'a-long-random-text';
const received: { connector: string; body: string }[] = [];

let servers: HttpServers;
let main: string;
let webhooks: string;

beforeAll(async () => {
  servers = await createHttpServers({
    app: createStubHttpApp({
      acceptWebhook: async ({ connector, headers, body }) => {
        if (headers['x-signature'] !== 'good') throw new SignatureError('The signature does not fit.');
        received.push({ connector, body: body.toString() });
        return { status: 'accepted' };
      },
    }),
    access: { host: '127.0.0.1', allowedHosts: ['hooks.example'], token },
    requestsPerMinute: 60_000,
    webhookPort: WEBHOOK_PORT,
    log: silentLogger,
    version: '0.0.0-test',
  });
  if (servers.webhookServer === null) throw new TypeError('no server for webhooks was built');
  main = await servers.server.listen({ host: '127.0.0.1', port: 0 });
  webhooks = await servers.webhookServer.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await servers?.webhookServer?.close();
  await servers?.server.close();
});

const send = (url: string, headers: Record<string, string> = {}, body: string | Buffer = '{"id":1}') =>
  fetch(`${url}/webhooks/desk`, { method: 'POST', body, headers: { 'x-signature': 'good', ...headers } });

test('the port for webhooks takes them without a token', async () => {
  const response = await send(webhooks);
  expect([response.status, await response.json()]).toEqual([202, { status: 'accepted' }]);
  expect(received).toContainEqual({ connector: 'desk', body: '{"id":1}' });
});

test('the port for webhooks has the health check, and for anything else a problem document that says so', async () => {
  expect(await (await fetch(`${webhooks}/healthz`)).json()).toEqual({ status: 'ok' });
  const others = ['/', '/docs', '/openapi.json', '/readyz', '/metrics', '/sign-in', '/v1/tickets', '/v1/events'];
  for (const path of others) {
    for (const authorization of [undefined, `Bearer ${token}`]) {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await fetch(`${webhooks}${path}`, { headers });
      expect([path, response.status]).toEqual([path, 404]);
      const { code, detail } = problemSchema.parse(await response.json());
      expect([code, detail]).toEqual(['not-found', expect.stringContaining(`${path} on this port, which receives`)]);
    }
  }
  const posted = await fetch(`${webhooks}/v1/tickets`, { method: 'POST', body: '{}' });
  expect(posted.status).toBe(404);
});

test('the other port takes no webhooks, names the port for them, and does not describe the route', async () => {
  const before = received.length;
  const response = await send(main);
  expect(response.status).toBe(404);
  expect(problemSchema.parse(await response.json()).detail).toContain(`on port ${WEBHOOK_PORT} alone`);
  expect(received).toHaveLength(before);
  const headers = { authorization: `Bearer ${token}` };
  const openapi = (await (await fetch(`${main}/openapi.json`, { headers })).json()) as { paths: object };
  expect(Object.keys(openapi.paths)).toContain('/v1/tickets');
  expect(Object.keys(openapi.paths)).not.toContain('/webhooks/{connector}');
});

test('the limits are those of webhooks on one port', async () => {
  const huge = await send(webhooks, {}, Buffer.alloc(1_000_001, 'x'));
  expect(huge.status).toBe(413);
  expect(problemSchema.parse(await huge.json()).detail).toContain('larger than 1000000 bytes');
  expect((await send(webhooks, { 'content-encoding': 'gzip' })).status).toBe(415);
  const statuses = new Set<number>();
  for (let index = 0; index < 101; index++) statuses.add((await send(webhooks, { 'x-signature': 'bad' })).status);
  expect([...statuses]).toEqual([401, 429]);
  // Guesses of a signature do not hold up the helpdesk behind the same address.
  expect((await send(webhooks)).status).toBe(202);
});

test('the Host header is checked on the port for webhooks too', async () => {
  // fetch does not allow setting the Host header.
  const statusFor = (host: string) =>
    new Promise((resolve, reject) => {
      const request = httpRequest(`${webhooks}/webhooks/desk`, {
        method: 'POST',
        headers: { host, 'x-signature': 'good' },
      });
      request.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
      request.end('{}');
    });
  expect(await statusFor('hooks.example')).toBe(202);
  expect(await statusFor('elsewhere.example')).toBe(421);
});

test('requests to both ports are counted together', async () => {
  await send(webhooks);
  const headers = { authorization: `Bearer ${token}` };
  const metrics = await (await fetch(`${main}/metrics`, { headers })).text();
  expect(metrics).toMatch(/http_request_duration_seconds_count\{.*route="\/webhooks\/:connector".*\} [1-9]/);
});

test('without server.webhookPort there is one server, which takes webhooks', async () => {
  const alone = await createHttpServers({
    app: createStubHttpApp({ acceptWebhook: async () => ({ status: 'accepted' }) }),
    access: { host: '127.0.0.1', allowedHosts: [], token },
    ...{ requestsPerMinute: 60_000, log: silentLogger, version: '0.0.0-test' },
  });
  try {
    expect(alone.webhookServer).toBeNull();
    expect((await send(await alone.server.listen({ host: '127.0.0.1', port: 0 }))).status).toBe(202);
  } finally {
    await alone.server.close();
  }
});
