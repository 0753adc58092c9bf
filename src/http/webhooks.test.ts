// The route for webhooks with a real store and the generic connector behind it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { createRandom } from '../classifiers/local/random.ts';
import { connectorsSchema, sharedFieldsSchema } from '../connectors/connector-settings.ts';
import { createConnectors } from '../connectors/create-connectors.ts';
import { createPipeline } from '../pipeline/pipeline.ts';
import { createPipelineFixture } from '../testing/pipeline-fixture.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { openTestPglite, type TestStore } from '../testing/test-stores.ts';
import { createHttpServer } from './create-http-server.ts';

const timestamp = { header: 'X-Time', format: 'seconds', separator: '.' };
const settings = {
  type: 'webhook',
  receive: { id: 'id', body: 'text', signature: { header: 'X-Signature', timestamp } },
};
const good = Buffer.from(JSON.stringify({ id: 1, text: 'Where is my parcel?' }));

let opened: TestStore;
let server: Awaited<ReturnType<typeof createHttpServer>>;
let sign: (body: Buffer, at: Date) => Readonly<Record<string, string>>;
let logged: unknown[];

beforeAll(async () => {
  opened = await openTestPglite();
  const built = await createConnectors({
    settings: connectorsSchema.parse({ hook: settings }),
    secrets: { hook: { WEBHOOK_SECRET: 'secret' } },
    dataDir: '/nowhere',
    file: 'switchboard.yaml',
  });
  const connector = built.get('hook');
  if (connector?.webhook === undefined) throw new TypeError('no connector was built');
  sign = connector.webhook.sign;
  const { context } = createPipelineFixture({ store: opened.store });
  const connectors = new Map([['hook', { ...sharedFieldsSchema.parse({}), connector }] as const]);
  const pipeline = createPipeline({ ...context, connectors, now: () => new Date() });
  logged = [];
  server = await createHttpServer({
    app: { ...createStubHttpApp(), acceptWebhook: pipeline.acceptWebhook },
    access: { host: '127.0.0.1', allowedHosts: [], token: 'a token' },
    requestsPerMinute: 10,
    log: { ...silentLogger, error: (facts, message) => logged.push({ ...facts, message }) },
    version: '0.0.0-test',
  });
});
afterAll(async () => {
  await server?.close();
  await opened?.[Symbol.asyncDispose]();
});

let addresses = 0;
/** From a new address each time, because wrong signatures from one are limited. */
function send(body: Buffer | string, headers: Record<string, string> = {}, path = '/webhooks/hook') {
  const remoteAddress = `10.${(++addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
  const given = { host: '127.0.0.1', 'content-type': 'application/json', ...headers };
  return server.inject({ method: 'POST', url: path, headers: given, payload: body, remoteAddress });
}
const countStored = async () => {
  const { rows } = (await opened.store.transaction(({ executor }) =>
    executor.execute('select count(*)::int as n from switchboard.webhooks'),
  )) as { rows: { n: number }[] };
  return rows[0]?.n;
};

test('a signed webhook needs no token, whatever its content type, and is accepted once', async () => {
  const headers = { ...sign(good, new Date()), 'content-type': 'text/plain' };
  const first = await send(good, headers);
  expect([first.statusCode, first.json()]).toEqual([202, { status: 'accepted' }]);
  const second = await send(good, headers);
  expect([second.statusCode, second.json()]).toEqual([200, { status: 'repeated' }]);
  expect(await countStored()).toBe(1);
});

test('a busy helpdesk is not held up by the limit of requests', async () => {
  for (let index = 0; index < 50; index++) {
    const body = Buffer.from(JSON.stringify({ id: 'busy', text: `${index}` }));
    const response = await server.inject({
      ...{ method: 'POST', url: '/webhooks/hook', payload: body, remoteAddress: '10.99.0.1' },
      headers: { host: '127.0.0.1', ...sign(body, new Date()) },
    });
    expect(response.statusCode).toBe(202);
  }
});

test.each([
  ['no signature', {}, 401, /the header x-signature is missing/],
  ['a wrong signature', { 'x-signature': '0'.repeat(64) }, 401, /does not fit the body and the secret/],
])('%s is refused in words that do not help to forge one', async (_, change, status, detail) => {
  const { 'x-signature': right = '', ...others } = sign(good, new Date());
  const response = await send(good, { ...others, ...change });
  expect(response.statusCode).toBe(status);
  expect(response.json()).toMatchObject({ code: 'wrong-signature', detail: expect.stringMatching(detail) });
  expect(response.body).not.toContain(right);
});

test('a connector that receives nothing is named', async () => {
  const response = await send(good, {}, '/webhooks/nobody');
  expect([response.statusCode, response.json().code]).toEqual([404, 'not-found']);
});

test('somebody who guesses signatures is stopped', async () => {
  const statuses: number[] = [];
  for (let index = 0; index < 105; index++) {
    const response = await server.inject({
      ...{ method: 'POST', url: '/webhooks/hook', payload: good, remoteAddress: '10.98.0.1' },
      headers: { host: '127.0.0.1', ...sign(good, new Date()), 'x-signature': `${index}` },
    });
    statuses.push(response.statusCode);
  }
  expect(new Set(statuses.slice(0, 100))).toEqual(new Set([401]));
  expect(statuses.at(-1)).toBe(429);
});

test('of ten thousand forged, old, swapped, huge and broken webhooks none is stored, and the service goes on', async () => {
  const random = createRandom(7);
  const before = await countStored();
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  const now = () => new Date();
  const huge = Buffer.alloc(1_100_000, 'x');
  const kinds: Record<string, () => { body: Buffer; headers: Record<string, string> }> = {
    forged: () => ({ body: good, headers: { ...sign(good, now()), 'x-signature': bytes(32).toString('hex') } }),
    shortened: () => {
      const headers = { ...sign(good, now()) };
      return { body: good, headers: { ...headers, 'x-signature': (headers['x-signature'] ?? '').slice(0, -1) } };
    },
    old: () => ({ body: good, headers: { ...sign(good, new Date(Date.now() - 301_000 - random() * 1e9)) } }),
    early: () => ({ body: good, headers: { ...sign(good, new Date(Date.now() + 301_000 + random() * 1e9)) } }),
    redated: () => ({
      body: good,
      headers: { ...sign(good, new Date(0)), 'x-time': String(Math.floor(Date.now() / 1e3)) },
    }),
    swapped: () => ({ body: Buffer.from(`{"id":2,"text":"${random()}"}`), headers: { ...sign(good, now()) } }),
    broken: () => ({ body: bytes(Math.floor(random() * 200)), headers: { ...sign(good, now()) } }),
    notTime: () => ({
      body: good,
      headers: { ...sign(good, now()), 'x-time': pick(['', 'x', '-1', '1e99', '∞'].slice(0, 4)) },
    }),
    unsigned: () => ({ body: good, headers: {} }),
    otherType: () => ({
      body: good,
      headers: {
        'content-type': pick(['application/x-www-form-urlencoded', 'multipart/form-data', 'a/b', 'text/xml']),
      },
    }),
    huge: () => ({ body: huge, headers: { ...sign(huge, now()) } }),
    compressed: () => ({ body: good, headers: { ...sign(good, now()), 'content-encoding': 'gzip' } }),
  };
  const names = Object.keys(kinds);
  const seen = new Map<string, Set<number>>();
  for (let index = 0; index < 10_000; index++) {
    // A huge one takes a millisecond of copying.
    const name = index % 200 === 0 ? 'huge' : pick(names.filter((other) => other !== 'huge'));
    const { body, headers } = kinds[name]?.() ?? { body: good, headers: {} };
    const { statusCode } = await send(body, headers);
    seen.set(name, (seen.get(name) ?? new Set()).add(statusCode));
  }
  const statuses = Object.fromEntries([...seen].map(([name, codes]) => [name, [...codes]]));
  expect(statuses).toEqual({
    ...Object.fromEntries(names.map((name) => [name, [401]])),
    ...{ huge: [413], compressed: [415] },
  });
  expect(await countStored()).toBe(before);
  expect(logged).toEqual([]);
  expect((await send(good, { ...sign(good, now()) })).statusCode).toBe(202);
});
