// What holds for every route, on an app that is a stub. Long because each test is one request and its answer.
import { request as httpRequest } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '../base/logger.ts';
import { DEFAULT_STREAM_LIMITS } from '../config/server-settings.ts';
import { ClassifierError, NotFoundError, StoreLockedError, StoreUnavailableError } from '../errors.ts';
import { DatabaseError } from '../store/database-error.ts';
import type { ExampleFilter, TicketFilter } from '../store/store.ts';
import { sampleCalibration } from '../testing/sample-calibration.ts';
import { smallTaxonomy } from '../testing/small-taxonomy.ts';
import { createStubHttpApp, type StubHttpApp } from '../testing/stub-http-app.ts';
import type { AccessRules } from './access.ts';
import { acceptedSchema, problemSchema } from './contract.ts';
import { createHttpServer } from './create-http-server.ts';
import type { StreamLimits } from './stream-slots.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

type Started = { url: string; app: StubHttpApp; logged: unknown[] };

async function start(
  options: {
    app?: StubHttpApp;
    access?: Partial<AccessRules>;
    requestsPerMinute?: number;
    streamLimits?: StreamLimits;
  } = {},
): Promise<Started> {
  const app = options.app ?? createStubHttpApp();
  const logged: unknown[] = [];
  const server = await createHttpServer({
    app,
    access: { host: '127.0.0.1', allowedHosts: [], token: null, ...options.access },
    requestsPerMinute: options.requestsPerMinute ?? 60_000,
    streamLimits: options.streamLimits ?? DEFAULT_STREAM_LIMITS,
    log: { ...silentLogger, error: (facts, message) => logged.push({ ...facts, message }) },
    version: '0.0.0-test',
  });
  cleanups.push(() => server.close());
  return { url: await server.listen({ host: '127.0.0.1', port: 0 }), app, logged };
}

function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
}

/** Uses node:http because fetch does not allow setting the Host header. */
function getWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

async function expectProblem(response: Response, expected: { status: number; code: string; detail: RegExp }) {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = problemSchema.parse(await response.json());
  expect(problem).toMatchObject({ status: expected.status, code: expected.code });
  expect(response.status).toBe(expected.status);
  expect(problem.detail).toMatch(expected.detail);
  return problem;
}

test('feedback says that a ticket belongs to nobody as files do, or shorter', async () => {
  const given: unknown[] = [];
  const feedback: StubHttpApp['feedback'] = async (request) => {
    given.push(request.feedback);
    throw new NotFoundError('enough');
  };
  const { url } = await start({ app: { ...createStubHttpApp(), feedback } });
  await post(`${url}/v1/tickets/t/feedback`, '{"intent":null,"outOfScope":true}');
  await post(`${url}/v1/tickets/t/feedback`, '{"outOfScope":true,"by":"ana"}');
  expect(given).toEqual([{ outOfScope: true }, { outOfScope: true, by: 'ana' }]);
});

test('an import of older tickets is queued', async () => {
  const { url } = await start();
  const send = (body: unknown) => post(`${url}/v1/imports`, JSON.stringify(body));
  const since = '2026-11-01T00:00:00Z';
  expect((await send({ connector: 'desk', since })).status).toBe(202);
  expect((await send({ connector: 'nobody', since })).status).toBe(404);
  expect((await send({ connector: 'desk', since: 'yesterday' })).status).toBe(400);
});

test('deliveries are listed and taken back', async () => {
  const { url } = await start();
  const listed = await fetch(`${url}/v1/deliveries?since=2026-11-27T10:00:00Z&limit=5`);
  expect([listed.status, await listed.json()]).toEqual([200, { decisionIds: ['d-1'] }]);
  const undone = await fetch(`${url}/v1/decisions/d-1/undo`, { method: 'POST' });
  expect([undone.status, await undone.json()]).toMatchObject([200, { state: 'undone', ticketId: 't-1' }]);
  expect((await fetch(`${url}/v1/decisions/d-2/undo`, { method: 'POST' })).status).toBe(404);
  expect((await fetch(`${url}/v1/deliveries?since=yesterday`)).status).toBe(400);
});

test('a NUL character in what is to be erased is refused', async () => {
  const { url } = await start();
  for (const what of [{ requester: 'ana@example.com\0' }, { ticketId: 't-\0' }]) {
    const response = await post(`${url}/v1/erasures`, JSON.stringify(what));
    await expectProblem(response, { status: 400, code: 'invalid-input', detail: /contains a NUL character/ });
  }
});

test('a request to a route without a body may name the content type of JSON', async () => {
  const { url } = await start();
  const headers = { 'content-type': 'application/json' };
  const approved = await post(`${url}/v1/tickets/t-1/feedback/1/approve`, '');
  const undone = await fetch(`${url}/v1/tickets/t-1/feedback/1`, { method: 'DELETE', headers });
  expect([approved.status, undone.status]).toEqual([204, 204]);
  const empty = await post(`${url}/v1/tickets`, '');
  await expectProblem(empty, { status: 400, code: 'malformed-json', detail: /The body is empty/ });
});

test('posting a ticket returns 202 with its id and location', async () => {
  const { url } = await start();
  const response = await post(`${url}/v1/tickets`, '{"id":"a/b c","body":"Where is my order?"}');
  expect(response.status).toBe(202);
  expect(response.headers.get('location')).toBe('/v1/tickets/a%2Fb%20c');
  expect(await response.json()).toEqual({ ticketId: 'a/b c', status: 'accepted', revision: 1 });
  const found = await fetch(`${url}/v1/tickets/a%2Fb%20c`);
  expect(await found.json()).toMatchObject({ ticketId: 'a/b c', state: 'received', decision: null });
});

test('?wait returns 200 with the result when it comes in time, else 202', async () => {
  const { url, app } = await start();
  const waiting = post(`${url}/v1/tickets?wait=10s`, '{"id":"soon","body":"x"}');
  await expect.poll(() => app.store.tickets.getRecord('soon')).not.toBeNull();
  app.decide('soon');
  const response = await waiting;
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ ticketId: 'soon', state: 'decided' });
  expect((await post(`${url}/v1/tickets?wait=20ms`, '{"id":"late","body":"x"}')).status).toBe(202);
  await expectProblem(await post(`${url}/v1/tickets?wait=soon`, '{"body":"x"}'), {
    status: 400,
    code: 'invalid-input',
    detail: /wait: .*500ms or 5s/,
  });
  await expectProblem(await post(`${url}/v1/tickets?wait=2m`, '{"body":"x"}'), {
    status: 400,
    code: 'invalid-input',
    detail: /at most 60s/,
  });
});

test('a request with ?wait leaves no subscription behind', async () => {
  const { url, app } = await start();
  const before = app.subscriberCount();
  await post(`${url}/v1/tickets?wait=10ms`, '{"body":"x"}');
  expect(app.subscriberCount()).toBe(before);
});

test('the same key with the same content returns the first result, with other content 409', async () => {
  const { url, app } = await start();
  await post(`${url}/v1/tickets`, '{"id":"k","body":"one"}');
  const again = await post(`${url}/v1/tickets`, '{"id":"k","body":"one"}');
  expect([again.status, acceptedSchema.parse(await again.json()).status]).toEqual([202, 'repeated']);
  app.decide('k');
  const decided = await post(`${url}/v1/tickets`, '{"id":"k","body":"one"}');
  expect(decided.status).toBe(200);
  expect(await decided.json()).toMatchObject({ ticketId: 'k', state: 'decided' });
  await expectProblem(await post(`${url}/v1/tickets`, '{"id":"k","body":"two"}'), {
    status: 409,
    code: 'conflict',
    detail: /"k"/,
  });
});

test('examples are repaired and limited like tickets, and each wrong one is listed', async () => {
  const taken: unknown[] = [];
  const app = createStubHttpApp({
    importExamples: async ({ examples }) => {
      taken.push(...examples);
      return { added: examples.length, changed: 0, unchanged: 0 };
    },
  });
  const { url } = await start({ app });
  const send = (examples: unknown) => post(`${url}/v1/examples`, JSON.stringify({ examples }));
  expect((await send([{ id: 'e', body: 'a\0b', intent: 'i' }])).status).toBe(200);
  expect(taken).toEqual([{ id: 'e', body: 'ab', intent: 'i' }]);

  const attributes = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, i]));
  const wrong = [
    { id: 'a', body: 'x', intent: 'i' },
    { id: 'b', body: 'x', intent: 'i', requester: { attributes } },
    { id: 'c', body: 'x'.repeat(200_001), intent: 'i' },
  ];
  const problem = await expectProblem(await send(wrong), {
    status: 400,
    code: 'invalid-input',
    detail: /2 of 3 examples .*limit is 100.*200000/,
  });
  expect(problem.issues?.map(({ path }) => path)).toEqual(['examples[1].requester.attributes', 'examples[2].body']);
  await expectProblem(await send([]), { status: 400, code: 'invalid-input', detail: /at least one/ });
  await expectProblem(await send(Array.from({ length: 10_001 }, () => 1)), {
    status: 400,
    code: 'invalid-input',
    detail: /10001 examples .*limit is 10000/,
  });
  expect(taken).toHaveLength(1);
});

test('every kind of bad request returns a problem document that says what to do', async () => {
  const { url } = await start();
  const tickets = `${url}/v1/tickets`;
  await expectProblem(await post(tickets, '{"body": '), {
    status: 400,
    code: 'malformed-json',
    detail: /quote, comma/,
  });
  await expectProblem(await post(tickets, ''), { status: 400, code: 'malformed-json', detail: /empty/ });
  await expectProblem(await post(tickets, 'null'), { status: 400, code: 'invalid-input', detail: /not a ticket/ });
  await expectProblem(await post(tickets, '{"__proto__":{"a":1},"body":"x"}'), {
    status: 400,
    code: 'malformed-json',
    detail: /JSON/,
  });
  const wide = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, 1]));
  await expectProblem(await post(tickets, JSON.stringify({ body: 'x', requester: { attributes: wide } })), {
    status: 400,
    code: 'invalid-input',
    detail: /more than 1000 fields/,
  });
  const problem = await expectProblem(await post(tickets, '{"body": 7, "tags": "x"}'), {
    status: 400,
    code: 'invalid-input',
    detail: /body: .*string.*tags: .*array/,
  });
  expect(problem.issues?.map(({ path }) => path)).toEqual(['body', 'tags']);
  await expectProblem(await post(tickets, 'body=x', { 'content-type': 'text/plain' }), {
    status: 415,
    code: 'unsupported-media-type',
    detail: /application\/json/,
  });
  await expectProblem(await post(tickets, 'a', { 'content-encoding': 'gzip' }), {
    status: 415,
    code: 'unsupported-media-type',
    detail: /gzip/,
  });
  await expectProblem(await post(tickets, JSON.stringify({ body: 'x'.repeat(2_000_000) })), {
    status: 413,
    code: 'body-too-large',
    detail: /1500000 bytes/,
  });
  await expectProblem(await fetch(`${tickets}/none`), { status: 404, code: 'not-found', detail: /"none"/ });
  await expectProblem(await fetch(`${tickets}?stat=x`), { status: 400, code: 'invalid-input', detail: /"stat"/ });
  await expectProblem(await fetch(`${tickets}?limit=1000`), { status: 400, code: 'invalid-input', detail: /limit/ });
  await expectProblem(await fetch(`${url}/v2/tickets`), {
    status: 404,
    code: 'not-found',
    detail: /GET \/v2\/tickets/,
  });
  await expectProblem(await fetch(`${tickets}/%zz`), { status: 400, code: 'bad-request', detail: /% escapes/ });
  await expectProblem(await post(`${tickets}/none/feedback`, '{}'), {
    status: 400,
    code: 'invalid-input',
    detail: /at least one of/,
  });
  for (const wrong of ['{"intent":null}', '{"intent":null,"rating":5}']) {
    const detail = /If no intent fits the ticket, say "outOfScope": true/;
    await expectProblem(await post(`${tickets}/none/feedback`, wrong), { status: 400, code: 'invalid-input', detail });
  }
  await expectProblem(await post(`${tickets}/none/feedback`, '{"intent":"a","outOfScope":true}'), {
    status: 400,
    code: 'invalid-input',
    detail: /not out of scope/,
  });
  await expectProblem(await post(`${tickets}/none/feedback`, '{"rating":5}'), {
    status: 404,
    code: 'not-found',
    detail: /"none"/,
  });
});

test('a NUL character in a path or a query is refused with the name of the field', async () => {
  const { url, app } = await start();
  const asked: string[] = [];
  app.store.tickets.getRecord = async (id) => {
    asked.push(id);
    return null;
  };
  const invalid = { status: 400, code: 'invalid-input' };
  await expectProblem(await fetch(`${url}/v1/tickets/a%00b`), { ...invalid, detail: /"id" in the path.*NUL/ });
  await expectProblem(await post(`${url}/v1/tickets/%00/feedback`, '{"rating":1}'), { ...invalid, detail: /"id"/ });
  await expectProblem(await fetch(`${url}/v1/tickets?team=a%00b`), { ...invalid, detail: /"team" in the query/ });
  await expectProblem(await fetch(`${url}/v1/tickets?te%00am=a`), { ...invalid, detail: /"team" in the query/ });
  await expectProblem(await fetch(`${url}/docs/static/%00.js`), { ...invalid, detail: /in the path/ });
  expect(asked).toEqual([]);
});

test('too many requests return 429 with a problem document', async () => {
  const { url } = await start({ requestsPerMinute: 2 });
  await fetch(`${url}/v1/tickets`);
  await fetch(`${url}/v1/tickets`);
  const response = await fetch(`${url}/v1/tickets`);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  await expectProblem(response, { status: 429, code: 'too-many-requests', detail: /Wait/ });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('a database or an engine that is down returns 503; a bug returns 500 without its text', async () => {
  const fail = (error: Error) => async () => {
    throw error;
  };
  const app = createStubHttpApp({
    intake: fail(new StoreUnavailableError({ message: 'The database at /srv/desk/.switchboard does not answer.' })),
    importExamples: fail(
      new StoreLockedError({ dataDir: '/srv/desk/.switchboard', owner: { pid: 7, url: null, startingUrl: null } }),
    ),
    route: fail(new ClassifierError({ classifier: 'claude', retryable: true, message: 'Claude is busy.' })),
    feedback: async ({ feedback }) => {
      if (feedback.team === undefined) throw new Error('secret words of a ticket');
      throw new DatabaseError({
        sqlState: '22021',
        constraint: null,
        message: 'The database at /srv refused (22021).',
      });
    },
  });
  const { url, logged } = await start({ app });
  const down = await post(`${url}/v1/tickets`, '{"body":"x"}');
  expect(down.headers.get('retry-after')).toBe('5');
  const problems = [await expectProblem(down, { status: 503, code: 'store-unavailable', detail: /Try again/ })];
  const examples = '{"examples":[{"id":"e","body":"x","intent":"a"}]}';
  const locked = await post(`${url}/v1/examples`, examples);
  problems.push(await expectProblem(locked, { status: 503, code: 'store-locked', detail: /Another process/ }));
  const refused = await post(`${url}/v1/tickets/t/feedback`, '{"team":"a"}');
  problems.push(await expectProblem(refused, { status: 500, code: 'internal', detail: /log/ }));
  // The location of the store and the text of a database driver are only in the log.
  expect(JSON.stringify(problems)).not.toMatch(/srv|22021/);
  await expectProblem(await post(`${url}/v1/route`, '{"body":"x"}'), {
    status: 503,
    code: 'classifier-failed',
    detail: /busy/,
  });
  const bug = await post(`${url}/v1/tickets/t/feedback`, '{"rating":1}');
  expect(JSON.stringify(await expectProblem(bug, { status: 500, code: 'internal', detail: /log/ }))).not.toContain(
    'secret',
  );
  expect(logged).toHaveLength(5);
  expect(JSON.stringify(logged)).toContain('/srv/desk/.switchboard does not answer');
  expect(JSON.stringify(logged)).not.toContain('secret');
  expect(JSON.stringify(logged)).toContain('create-http-server.test.ts');
});

test('POST /v1/route returns 503 where the store of the corrections is down', async () => {
  const message = 'The database at /srv/desk does not answer.';
  const app = createStubHttpApp({
    route: async () => {
      throw new StoreUnavailableError({ message });
    },
  });
  const { url } = await start({ app });
  const down = await post(`${url}/v1/route`, '{"body":"x"}');
  expect(down.headers.get('retry-after')).toBe('5');
  await expectProblem(down, { status: 503, code: 'store-unavailable', detail: /cannot be used now.*Try again soon/ });
});

test('with a token, only health checks and webhooks are open', async () => {
  const { url } = await start({ access: { token: 'the-right-one' } });
  const withToken = (token: string) => fetch(`${url}/v1/tickets`, { headers: { authorization: `Bearer ${token}` } });
  const refused = await fetch(`${url}/v1/tickets`);
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
  await expectProblem(refused, { status: 401, code: 'token-needed', detail: /SWITCHBOARD_TOKEN/ });
  expect((await withToken('the-wrong-one')).status).toBe(401);
  expect((await withToken('the-right-one')).status).toBe(200);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  for (const path of ['/metrics', '/openapi.json', '/docs', '/nothing-here', '/healthz/x']) {
    expect([path, (await fetch(`${url}${path}`, { redirect: 'manual' })).status]).toEqual([path, 401]);
  }
  expect((await fetch(`${url}/webhooks/desk`, { method: 'POST' })).status).toBe(404);
});

test('guessing tokens in the header is limited', async () => {
  const { url } = await start({ access: { token: 'the-right-one' } });
  const statuses = new Set<number>();
  for (let tries = 0; tries < 120; tries += 1) {
    statuses.add((await fetch(`${url}/v1/tickets`, { headers: { authorization: `Bearer ${tries}` } })).status);
  }
  expect([...statuses]).toEqual([401, 429]);
});

test('a foreign name in the Host header is refused', async () => {
  const { url } = await start();
  const port = new URL(url).port;
  expect(await getWithHost(`${url}/healthz`, 'evil.example')).toBe(421);
  expect(await getWithHost(`${url}/healthz`, `evil.example:${port}`)).toBe(421);
  expect(await getWithHost(`${url}/healthz`, `localhost:${port}`)).toBe(200);
});

test('the event stream sends hello at once, resumes after Last-Event-ID and then follows new events', async () => {
  const { url, app } = await start();
  app.emit('t-1', 'accepted');
  app.emit('t-1', 'decided');
  const response = await fetch(`${url}/v1/events`, { headers: { 'last-event-id': '1' } });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const readUntil = async (part: string) => {
    while (!text.includes(part)) text += (await reader.read()).value ?? '';
  };
  await readUntil('retry: 2000');
  await readUntil('event: ticket.decided');
  app.emit('t-2', 'accepted');
  await readUntil('event: ticket.accepted');
  await readUntil('"t-2"');
  app.emit(null, 'tickets-erased');
  await readUntil('event: tickets-erased');
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  expect(ids).toEqual([1, 2, 3, 4]);
  const before = app.subscriberCount();
  await reader.cancel();
  await expect.poll(() => app.subscriberCount()).toBe(before - 1);
});

test('event streams beyond the limits are refused, open ones go on, and a closed one frees its slot', async () => {
  const { url, app } = await start({ streamLimits: { perProcess: 3, perAddress: 2 } });
  const stops: AbortController[] = [];
  const open = async () => {
    const stop = new AbortController();
    stops.push(stop);
    const response = await fetch(`${url}/v1/events`, { signal: stop.signal });
    return { response, reader: response.body!.pipeThrough(new TextDecoderStream()).getReader() };
  };
  const first = await open();
  expect((await open()).response.status).toBe(200);
  const refused = await fetch(`${url}/v1/events`);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await expectProblem(refused, { status: 429, code: 'too-many-streams', detail: /2 event streams.*Close one/ });
  app.emit('t-1', 'accepted');
  let text = '';
  while (!text.includes('"t-1"')) text += (await first.reader.read()).value ?? '';
  stops[1]?.abort();
  await expect.poll(async () => (await open()).response.status).toBe(200);
  for (const stop of stops) stop.abort();
  await expect.poll(() => app.subscriberCount()).toBeLessThanOrEqual(1);
});

test('a calibration of the usual size is applied; one for another taxonomy or of another shape is refused', async () => {
  const { url } = await start();
  const calibration = sampleCalibration({ taxonomy: 'stub', rightOf100: 60, day: 1 });
  // As many answers as thousands of labelled tickets make.
  const large = {
    ...calibration,
    heldOut: Array(10_000).fill(calibration.heldOut[0]),
    tickets: Array(20_000).fill('0123456789abcdef'),
  };
  const send = (body: unknown) => post(`${url}/v1/calibrations`, JSON.stringify(body));
  const applied = await send(large);
  expect(applied.status).toBe(200);
  expect(await applied.json()).toEqual({ engine: 'local', version: calibration.version });
  expect((await send({ ...calibration, taxonomy: 'other' })).status).toBe(400);
  expect((await send({ engine: 'local' })).status).toBe(400);
});

test('calibrations are listed with who applied them, and dropped in the name of the caller', async () => {
  const listed = {
    ...{ engine: 'claude', version: 'v-1', fittedAt: null, model: 'claude-haiku-5-5', prompt: 'p-1' },
    ...{ answersFrom: { pooled: 0.97, perIntent: { billing: null } }, answered: 60, right: 58 },
    ...{ cases: 120, accuracy: 0.8, setAside: 'it was fitted with prompt p-0, and the prompt is p-1 now' },
    ...{ appliedAt: '2026-11-22T10:00:00.000Z', actor: { kind: 'user', id: 'ana' } as const },
  };
  const dropped: unknown[] = [];
  const { url } = await start({
    app: createStubHttpApp({
      listCalibrations: async () => [listed],
      dropCalibration: async (request) => void dropped.push(request),
    }),
  });
  expect(await (await fetch(`${url}/v1/calibrations`)).json()).toEqual({ items: [listed] });
  const gone = await fetch(`${url}/v1/calibrations/claude`, { method: 'DELETE' });
  expect([gone.status, dropped]).toEqual([204, [{ engine: 'claude', actor: { kind: 'token', id: 'local' } }]]);
  expect((await fetch(`${url}/v1/calibrations/tarot`, { method: 'DELETE' })).status).toBe(400);
});

const openApiSchema = z.object({
  paths: z.record(
    z.string(),
    z.object({
      post: z.object({ requestBody: z.unknown().optional(), responses: z.record(z.string(), z.unknown()) }).optional(),
    }),
  ),
});

test('OpenAPI lists every route, and the documentation page needs no inline script', async () => {
  const { url } = await start();
  const openapi = openApiSchema.parse(await (await fetch(`${url}/openapi.json`)).json());
  expect(Object.keys(openapi.paths).sort()).toEqual([
    '/healthz',
    '/metrics',
    '/readyz',
    '/v1/calibrations',
    '/v1/calibrations/{engine}',
    '/v1/comparisons',
    '/v1/corrections',
    '/v1/counts',
    '/v1/decisions/{id}/undo',
    '/v1/deliveries',
    '/v1/doctor',
    '/v1/erasures',
    '/v1/events',
    '/v1/examples',
    '/v1/examples/{id}',
    '/v1/examples/{id}/approve',
    '/v1/imports',
    '/v1/invitations/{code}',
    '/v1/me',
    '/v1/review',
    '/v1/review/next',
    '/v1/review/{id}',
    '/v1/review/{id}/verdict',
    '/v1/route',
    '/v1/runs',
    '/v1/runs/{id}',
    '/v1/runs/{id}/report',
    '/v1/series',
    '/v1/session',
    '/v1/setup',
    '/v1/spending',
    '/v1/taxonomy',
    '/v1/tickets',
    '/v1/tickets/{id}',
    '/v1/tickets/{id}/feedback',
    '/v1/tickets/{id}/feedback/{n}',
    '/v1/tickets/{id}/feedback/{n}/approve',
    '/v1/tokens',
    '/v1/tokens/{id}',
    '/v1/try',
    '/v1/users',
    '/v1/users/{id}',
    '/v1/users/{id}/invitation',
    '/webhooks/{connector}',
  ]);
  const intake = openapi.paths['/v1/tickets']?.post;
  expect(intake?.requestBody).toMatchObject({
    content: { 'application/json': { schema: { properties: { subject: {} } } } },
  });
  expect(Object.keys(intake?.responses ?? {}).sort()).toEqual(['200', '202', 'default']);
  const page = await fetch(`${url}/docs`);
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(html).toContain('swagger-ui');
  expect(html).toContain('<title>Switchboard</title>');
  const [, icon] = /href="([^"]*icon\.svg)"/.exec(html) ?? [];
  expect((await fetch(new URL(icon ?? '', `${url}/`))).headers.get('content-type')).toContain('svg');
  const script = await (await fetch(`${url}/docs/static/swagger-initializer.js`)).text();
  const [, logo] = /data:image\/svg\+xml;base64,([\w+/=]+)/.exec(script) ?? [];
  expect(Buffer.from(logo ?? '', 'base64').toString()).toContain('>Switchboard</text>');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
});

test('metrics are in the text format of Prometheus', async () => {
  const { url, app } = await start();
  await post(`${url}/v1/tickets`, '{"id":"m","body":"x"}');
  app.decide('m');
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect(text).toContain('switchboard_events_total{event="decided"} 1\n');
  expect(text).toMatch(
    /switchboard_http_request_duration_seconds_count\{method="POST",route="\/v1\/tickets",status="202"\} 1\n/,
  );
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(
      /^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [\d.e+-]+)$/,
    );
  }
});

test('closing ends open event streams and waits at once', async () => {
  const app = createStubHttpApp();
  const server = await createHttpServer({
    app,
    access: { host: '127.0.0.1', allowedHosts: [], token: null },
    requestsPerMinute: 1000,
    log: silentLogger,
    version: '0',
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  await fetch(`${url}/v1/events`);
  const waiting = post(`${url}/v1/tickets?wait=60s`, '{"body":"x"}').then(
    ({ status }) => status,
    () => 'cut',
  );
  await expect.poll(() => app.store.tickets.getRecord('minted-1')).not.toBeNull();
  await server.close();
  expect([202, 'cut']).toContain(await waiting);
  await expect.poll(() => app.subscriberCount()).toBe(0);
});

test('lists filtered by an intent look under its former ids too, whichever id is named', async () => {
  const asked: unknown[] = [];
  const stub = createStubHttpApp();
  const renamed = smallTaxonomy({ money: 'Bills' });
  const list = async (request?: { filter?: TicketFilter | ExampleFilter }) => {
    asked.push(request?.filter?.intent);
    return { items: [], nextCursor: null };
  };
  const app = {
    ...stub,
    taxonomy: { ...renamed, aliases: new Map([['billing', 'money']]) },
    names: { ...stub.names, intent: ['money'] },
    store: { ...stub.store, tickets: { ...stub.store.tickets, list }, examples: { ...stub.store.examples, list } },
  };
  const { url } = await start({ app });
  for (const path of ['tickets', 'examples']) {
    for (const intent of ['money', 'billing']) {
      expect((await fetch(`${url}/v1/${path}?intent=${intent}`)).status).toBe(200);
    }
    expect((await fetch(`${url}/v1/${path}?intent=refunds`)).status).toBe(400);
  }
  const both = ['money', 'billing'].map((within) => ({ within, except: [] }));
  const unknown = [{ within: 'refunds', except: [] }];
  expect(asked).toEqual([both, both, unknown, both, both, unknown]);
});
