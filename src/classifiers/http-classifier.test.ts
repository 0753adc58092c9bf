import { createServer, type RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClassifierError } from '../errors.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
import { redact } from '../ticket/redact-ticket.ts';
import type { ClassifyRequest } from './classifier.ts';
import { createHttpClassifier } from './http-classifier.ts';

const taxonomy = smallTaxonomy(shopIntents);
const ticket = { id: 't-1', body: 'the words of a customer' };
const answer = sampleClassification({ intent: 'billing' });

async function serve(listener: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a port expected');
  return {
    url: `http://127.0.0.1:${address.port}/classify`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

test('ticket and taxonomy are posted as JSON, and the answer is the classification', async () => {
  let received: unknown;
  await using server = await serve((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      received = { method: request.method, type: request.headers['content-type'], ...JSON.parse(text) };
      response.end(JSON.stringify(answer));
    });
  });
  const classifier = createHttpClassifier({ url: server.url, redact: null });
  expect(await classifier.classify({ ticket, taxonomy })).toEqual(answer);
  expect(received).toMatchObject({
    method: 'POST',
    type: 'application/json',
    ticket,
    taxonomy: { name: taxonomy.name, version: taxonomy.version, intents: [{ id: 'password-reset' }, {}, {}, {}] },
  });
});

test.each([
  ['503', false, 503, '', { retryable: true, found: 'answered 503' }],
  ['500', false, 500, '', { retryable: true, found: 'answered 500' }],
  ['404', false, 404, '', { retryable: false, found: 'answered 404' }],
  ['no JSON', false, 200, '<html>', { retryable: false, found: 'did not return JSON' }],
  [
    'another shape',
    false,
    200,
    '{"intent":"billing"}',
    { retryable: false, found: 'not a classification (confidence' },
  ],
  [
    'an unknown intent',
    false,
    200,
    JSON.stringify({ ...answer, intent: 'surfing' }),
    { retryable: false, found: 'not a leaf' },
  ],
  ['megabytes', false, 200, 'x'.repeat(1_100_000), { retryable: false, found: 'more than' }],
  ['a broken connection', true, 200, '', { retryable: true, found: 'broke off' }],
])('%s is a ClassifierError that says what was found', async (_name, breaks, status, body, expected) => {
  await using server = await serve((_request, response) => {
    if (breaks) response.destroy();
    else response.writeHead(status).end(body);
  });
  const error = await createHttpClassifier({ url: server.url, redact: null })
    .classify({ ticket, taxonomy })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ClassifierError);
  expect(error).toMatchObject({ retryable: expected.retryable, unavailable: status === 503 });
  expect(String(error)).toContain(expected.found);
  expect(String(error)).not.toContain(ticket.body);
});

test('former ids of intents are replaced by their present ids, in runners-up and secondary intents too', async () => {
  const renamed = { ...taxonomy, aliases: new Map([['invoices', 'billing']]) };
  const former = {
    ...answer,
    intent: 'invoices',
    runnersUp: [{ intent: 'invoices', confidence: 0.1 }],
    secondaryIntents: ['invoices', 'returns'],
  };
  await using server = await serve((_request, response) => response.end(JSON.stringify(former)));
  const classified = await createHttpClassifier({ url: server.url, redact: null }).classify({
    ticket,
    taxonomy: renamed,
  });
  expect(classified).toMatchObject({
    intent: 'billing',
    runnersUp: [{ intent: 'billing', confidence: 0.1 }],
    secondaryIntents: ['billing', 'returns'],
  });
});

test('a server that cannot be reached is reported as unavailable for every ticket', async () => {
  const { url, ...server } = await serve(() => {});
  await server[Symbol.asyncDispose]();
  const attempt = createHttpClassifier({ url, redact: null }).classify({ ticket, taxonomy });
  await expect(attempt).rejects.toMatchObject({ code: 'classifier-unavailable', unavailable: true, retryable: true });
});

describe('the deadline', () => {
  // A server that never answers: only the signal ends the request.
  const silent: typeof globalThis.fetch = (_url, init) =>
    new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
  const ask = (request: Partial<ClassifyRequest> = {}) =>
    createHttpClassifier({ url: 'http://own.example/', redact: null, deadlineMs: 50, fetch: silent }).classify({
      ticket,
      taxonomy,
      ...request,
    });
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const inTime = expect.objectContaining({
    retryable: true,
    message: expect.stringContaining('did not answer in time'),
  });

  test('ends a request to a silent server, and not before its time', async () => {
    const attempt = ask();
    const ended = vi.fn();
    attempt.catch(ended);
    await vi.advanceTimersByTimeAsync(49);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledWith(inTime);
  });

  test('of the request applies where it is earlier than the one of the classifier', async () => {
    const attempt = ask({ deadlineAt: performance.now() + 20 });
    const ended = vi.fn();
    attempt.catch(ended);
    await vi.advanceTimersByTimeAsync(20);
    expect(ended).toHaveBeenCalledWith(inTime);
  });

  test('that has already passed keeps the request from being sent', async () => {
    const fetch = vi.fn(silent);
    const classifier = createHttpClassifier({ url: 'http://own.example/', redact: null, fetch });
    await expect(classifier.classify({ ticket, taxonomy, deadlineAt: performance.now() })).rejects.toEqual(inTime);
    expect(fetch).not.toHaveBeenCalled();
  });

  test("is not waited for when the caller's signal aborts", async () => {
    const caller = new AbortController();
    const attempt = ask({ signal: caller.signal });
    caller.abort();
    await expect(attempt).rejects.toBeInstanceOf(ClassifierError);
  });
});

test('sends one request: retries are left to the job of the ticket', async () => {
  const fetch = vi.fn(async () => new Response('', { status: 503 }));
  const classifier = createHttpClassifier({ url: 'http://own.example/', redact: null, fetch });
  await expect(classifier.classify({ ticket, taxonomy })).rejects.toMatchObject({ retryable: true });
  expect(fetch).toHaveBeenCalledTimes(1);
});

describe('redaction', () => {
  const personal = {
    id: 'ana.belmonte@example.org/17',
    subject: 'Re: Wilhelmina Featherstone cannot log in',
    body: '<p>Call +34 612 345 678 or write to ana.belmonte@example.org. Order 5512.</p>',
    language: 'en',
    requester: {
      name: 'Wilhelmina Featherstone',
      email: 'ana.belmonte@example.org',
      tier: 'pro',
      attributes: { region: 'emea', card: '4111 1111 1111 1111' },
    },
    tags: ['vip', 'from ana.belmonte@example.org'],
    source: { connector: 'desk', externalId: 'ana.belmonte@example.org', url: 'https://desk.example/Featherstone' },
  };
  const capture = () => {
    const bodies: string[] = [];
    const fetch: typeof globalThis.fetch = async (_url, init) => {
      bodies.push(String(init?.body));
      return Response.json({
        ...answer,
        reasoning: 'Write to [EMAIL_1].',
        decidingWords: ['write to [EMAIL_1]'],
        abstainReason: '[NAME_1] again',
        stageReason: 'read [PHONE_1]',
      });
    };
    return { bodies, fetch };
  };

  test('personal data is not posted, and what helps to decide is', async () => {
    const { bodies, fetch } = capture();
    await createHttpClassifier({ url: 'http://own.example/', redact, fetch }).classify({ ticket: personal, taxonomy });
    const [body = ''] = bodies;
    for (const planted of [
      'ana',
      'belmonte',
      'Wilhelmina',
      'Featherstone',
      '612 345',
      '4111',
      'emea',
      'desk.example',
    ]) {
      expect(body).not.toContain(planted);
    }
    expect(JSON.parse(body).ticket).toMatchObject({
      subject: expect.stringContaining('cannot log in'),
      body: expect.stringContaining('Order 5512.'),
      language: 'en',
      requester: { tier: 'pro' },
      tags: ['vip', 'from [EMAIL_1]'],
      source: { connector: 'desk' },
    });
  });

  test('that is off sends the ticket unchanged, but without attributes, which no classifier reads', async () => {
    const { bodies, fetch } = capture();
    const classifier = createHttpClassifier({ url: 'http://own.example/', redact: null, fetch });
    await classifier.classify({ ticket: personal, taxonomy });
    const { attributes: _attributes, ...requester } = personal.requester;
    expect(JSON.parse(bodies[0] ?? '').ticket).toEqual({ ...personal, requester });
  });

  test('is reversed in the texts of the reply', async () => {
    const { fetch } = capture();
    const classifier = createHttpClassifier({ url: 'http://own.example/', redact, fetch });
    expect(await classifier.classify({ ticket: personal, taxonomy })).toMatchObject({
      reasoning: 'Write to ana.belmonte@example.org.',
      decidingWords: ['write to ana.belmonte@example.org'],
      abstainReason: expect.stringContaining('again'),
      stageReason: 'read +34 612 345 678',
    });
  });

  test('that fails keeps the ticket from being posted', async () => {
    const { bodies, fetch } = capture();
    const broken = () => {
      throw new Error('broken');
    };
    const classifier = createHttpClassifier({ url: 'http://own.example/', redact: broken, fetch });
    await expect(classifier.classify({ ticket: personal, taxonomy })).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('was not called'),
    });
    expect(bodies).toEqual([]);
  });
});
