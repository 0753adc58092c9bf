import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ConnectorError } from '../errors.ts';
import { createHttpClient, type HttpClientOptions, waitOf } from './http-client.ts';
import { createRateLimit } from './rate-limit.ts';

type Answer = { status: number; headers?: Record<string, string>; body?: string } | 'break';
type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string };

let answers: Answer[];
let seen: Seen[];
let close: () => Promise<void>;
let baseUrl: string;

beforeEach(async () => {
  answers = [];
  seen = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined || answer === 'break') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers ?? {});
    response.end(answer.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a port expected');
  baseUrl = `http://127.0.0.1:${address.port}/api/v2`;
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
});
afterEach(async () => {
  vi.useRealTimers();
  await close();
});

const open = (options: Partial<HttpClientOptions> = {}) =>
  createHttpClient({
    connector: 'desk',
    baseUrl,
    headers: { authorization: 'Bearer key-1' },
    random: () => 0,
    ...options,
  });
const schema = z.object({ id: z.number() });
const ok: Answer = { status: 200, body: '{"id":7,"more":true}' };

/** A clock that waiting moves on. */
function fakeClock() {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    now: () => now,
    sleep: async ({ ms }: { ms: number }) => {
      waits.push(ms);
      now += ms;
    },
  };
}

test('a status that a call accepts is its result, a reply without changes as well', async () => {
  answers = [{ status: 304, headers: { etag: '"7"' } }];
  const reply = await open().call({ method: 'GET', path: 'tickets/1', schema, accepts: [304] });
  expect(reply).toMatchObject({ ok: false, status: 304 });
  expect(reply.headers.get('etag')).toBe('"7"');
  await expect(open().call({ method: 'GET', path: 'tickets/1', schema })).rejects.toThrow(/redirected/);
});

test('a call sends its query, JSON and credentials, and returns what the schema reads', async () => {
  answers = [ok];
  const query = { include: 'users', start: 5, left: undefined };
  const reply = await open().call({ method: 'PUT', path: '/tickets/7', query, body: { a: 1 }, schema });
  expect(reply).toMatchObject({ ok: true, status: 200, body: { id: 7 } });
  expect(seen).toMatchObject([
    {
      method: 'PUT',
      url: '/api/v2/tickets/7?include=users&start=5',
      body: '{"a":1}',
      headers: { authorization: 'Bearer key-1', 'content-type': 'application/json' },
    },
  ]);
});

test('the address of a next page is followed on the same server only', async () => {
  answers = [ok];
  const client = open();
  await client.call({ method: 'GET', path: `${baseUrl}/tickets?cursor=x`, schema });
  expect(seen[0]?.url).toBe('/api/v2/tickets?cursor=x');
  for (const path of ['http://127.0.0.1:1/tickets', '//other.example/tickets', 'https://127.0.0.1/api']) {
    const calling = client.call({ method: 'GET', path: path.replace(/^\/\//, 'http://'), schema });
    await expect(calling).rejects.toThrow(/an address of another server, which gets no credentials/);
  }
  expect(seen).toHaveLength(1);
});

test('a redirection is not followed, and the message does not show where it leads', async () => {
  answers = [{ status: 302, headers: { location: 'http://other.example/?token=secret' } }];
  const error = await open()
    .call({ method: 'GET', path: 'x', schema })
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ retryable: false, status: 302 });
  expect(String(error)).not.toContain('secret');
});

test('a status of `accepts` is a result, every other one from 400 on an error without text of the reply', async () => {
  answers = [{ status: 409, body: 'Jane Doe changed it' }];
  const call = { method: 'PUT', path: 'tickets/7?token=secret', schema } as const;
  expect(await open().call({ ...call, accepts: [409] })).toMatchObject({ ok: false, status: 409 });
  const error = await open()
    .call(call)
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ status: 409, retryable: false, unavailable: false });
  expect(String(error)).toContain('answered 409 to PUT tickets/7.');
  expect(String(error)).not.toMatch(/Jane|secret/);
});

test('a 404 that nobody expected asks for the address to be checked', async () => {
  answers = [{ status: 404 }];
  const called = open().call({ method: 'GET', path: 'rt', schema });
  await expect(called).rejects.toThrow(
    'answered 404 to GET rt: nothing is there. Check the address in the configuration.',
  );
});

test.each([
  [401, /refused the key/],
  [403, /does not allow GET x/],
])('%i means that no ticket can be written, until somebody changes something', async (status, message) => {
  answers = [{ status }];
  const error = await open()
    .call({ method: 'GET', path: 'x', schema })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectorError);
  expect(error).toMatchObject({ status, retryable: true, unavailable: true, message: expect.stringMatching(message) });
  expect(seen).toHaveLength(1);
});

test('a 429 is waited for as long as the helpdesk asks, and the call is sent again whatever its method', async () => {
  const clock = fakeClock();
  answers = [{ status: 429, headers: { 'retry-after': '3' } }, ok];
  const client = open(clock);
  expect(await client.call({ method: 'PUT', path: 'x', body: {}, schema })).toMatchObject({ ok: true });
  expect(clock.waits).toEqual([3_000]);
  expect(seen).toHaveLength(2);
});

test('a pause that is longer than there is time rejects at once with its length, also for the next calls', async () => {
  answers = [{ status: 429, headers: { 'retry-after': '600' } }];
  const client = open({ now: () => 0 });
  const expected = { unavailable: true, retryable: true, retryInMs: 600_000 };
  await expect(client.call({ method: 'GET', path: 'x', schema })).rejects.toMatchObject(expected);
  await expect(client.call({ method: 'GET', path: 'y', schema })).rejects.toMatchObject(expected);
  expect(seen).toHaveLength(1);
});

test('a read is repeated after a lost connection or a 500, a write is not', async () => {
  const clock = fakeClock();
  answers = ['break', { status: 500 }, ok];
  expect(await open(clock).call({ method: 'GET', path: 'x', schema })).toMatchObject({ ok: true });
  expect(seen).toHaveLength(3);
  expect(clock.waits).toEqual([250, 500]);
  answers = ['break'];
  const write = open().call({ method: 'PUT', path: 'x', body: {}, schema });
  await expect(write).rejects.toMatchObject({ unavailable: true, retryable: true });
  expect(seen).toHaveLength(4);
});

test('a helpdesk that stays away is tried three times', async () => {
  answers = ['break'];
  const reading = open(fakeClock()).call({ method: 'GET', path: 'x', schema });
  await expect(reading).rejects.toMatchObject({
    unavailable: true,
    message: expect.stringContaining('not be reached'),
  });
  expect(seen).toHaveLength(3);
});

test('a reply that is no JSON, of another shape or too long is an error that names the fields alone', async () => {
  answers = [{ status: 200, body: '<html>Jane</html>' }];
  await expect(open().call({ method: 'GET', path: 'x', schema })).rejects.toThrow(/did not return JSON for GET x/);
  answers = [{ status: 200, body: '{"id":"Jane"}' }];
  const error = await open()
    .call({ method: 'GET', path: 'x', schema })
    .catch((reason: unknown) => reason);
  expect(String(error)).toMatch(/returned something unexpected for GET x \(id\)/);
  expect(String(error)).not.toContain('Jane');
  answers = [{ status: 200, body: JSON.stringify({ id: 7, more: 'x'.repeat(100) }) }];
  const tooLong = open({ maxReplyBytes: 50 }).call({ method: 'GET', path: 'x', schema });
  await expect(tooLong).rejects.toThrow(/sent more than 50 bytes/);
});

test('the caller can give up', async () => {
  const caller = new AbortController();
  const calling = open().call({ method: 'GET', path: 'x', schema, signal: caller.signal });
  caller.abort(new Error('the worker stops'));
  await expect(calling).rejects.toThrow('the worker stops');
});

test('a call waits for each limit that applies to it', async () => {
  answers = [ok];
  const taken: string[] = [];
  const limitOf = (name: string) => ({ take: async () => void taken.push(name) });
  const client = open({
    limits: [
      { applies: () => true, limit: limitOf('all') },
      { applies: ({ method }) => method === 'PUT', limit: limitOf('writes') },
    ],
  });
  await client.call({ method: 'GET', path: 'x', schema });
  await client.call({ method: 'PUT', path: 'x', body: {}, schema });
  expect(taken).toEqual(['all', 'all', 'writes']);
});

test.each([
  [{ 'retry-after': '12' }, 12_000],
  [{ 'retry-after': 'Thu, 01 Jan 1970 00:01:00 GMT' }, 50_000],
  [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
  [{ 'ratelimit-reset': '41' }, 41_000],
  [{ 'x-ratelimit-reset': '1000000020' }, 30_000],
  [{ 'retry-after': '1e300' }, 3_600_000],
  [{ 'retry-after': 'soon' }, null],
  [{}, null],
])('%j asks for a wait of %s ms', (headers, expected) => {
  const now = 'x-ratelimit-reset' in headers ? 999_999_990_000 : 10_000;
  expect(waitOf(new Headers(headers as Record<string, string>), now)).toBe(expected);
});

test('a rate limit lets a first number begin at once and the others one by one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const limit = createRateLimit({ calls: 3, perMs: 60_000 });
  const { signal } = new AbortController();
  let begun = 0;
  for (let call = 0; call < 6; call++) void limit.take(signal).then(() => begun++);
  const counts: number[] = [];
  for (const ms of [0, 19_000, 1_000, 20_000, 20_000]) {
    await vi.advanceTimersByTimeAsync(ms);
    counts.push(begun);
  }
  expect(counts).toEqual([3, 3, 4, 5, 6]);
});

test('whoever gives up waiting for a limit leaves its place to the next', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const limit = createRateLimit({ calls: 1, perMs: 10_000 });
  await limit.take(new AbortController().signal);
  const first = new AbortController();
  const givenUp = limit.take(first.signal);
  let isNext = false;
  void limit.take(new AbortController().signal).then(() => {
    isNext = true;
  });
  first.abort(new Error('no longer needed'));
  await expect(givenUp).rejects.toThrow('no longer needed');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(isNext).toBe(true);
});
