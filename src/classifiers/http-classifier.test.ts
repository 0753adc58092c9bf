import { createServer, type RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { ClassifierError } from '../errors.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
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
  const classifier = createHttpClassifier({ url: server.url });
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
  ['404', false, 404, '', { retryable: false, found: 'answered 404' }],
  ['no JSON', false, 200, '<html>', { retryable: false, found: 'did not answer JSON' }],
  [
    'another shape',
    false,
    200,
    '{"intent":"billing"}',
    { retryable: false, found: 'not a classification (confidence' },
  ],
  [
    'an intent that is not there',
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
  const error = await createHttpClassifier({ url: server.url })
    .classify({ ticket, taxonomy })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ClassifierError);
  expect(error).toMatchObject({ retryable: expected.retryable });
  expect(String(error)).toContain(expected.found);
  expect(String(error)).not.toContain(ticket.body);
});

test('a server that says nothing is left when the deadline has passed', async () => {
  await using server = await serve(() => {});
  const attempt = createHttpClassifier({ url: server.url, deadlineMs: 50 }).classify({ ticket, taxonomy });
  await expect(attempt).rejects.toThrow('did not answer within 50 ms');
});

test("the caller's signal ends the work", async () => {
  await using server = await serve(() => {});
  const attempt = createHttpClassifier({ url: server.url }).classify({
    ticket,
    taxonomy,
    signal: AbortSignal.timeout(20),
  });
  await expect(attempt).rejects.toBeInstanceOf(ClassifierError);
});
