/**
 * TEST DOUBLE of the Messages API: a strict server on 127.0.0.1 that refuses what the real one refuses, simulates
 * caching, usage, rate-limit headers and faults. Its answers come from the test. Nothing measured with it says
 * anything about how well Claude classifies.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answerByWordOverlap, type FakeQuestion, readQuestion, writeAnswer } from './fake-claude-answer.ts';
import { createFakeBatches } from './fake-claude-batches.ts';
import { createFakeCache } from './fake-claude-cache.ts';
import type { Fault } from './fake-claude-faults.ts';
import { describeModel, fakeModels } from './fake-claude-models.ts';
import { buildReply, type FakeReply } from './fake-claude-reply.ts';
import { checkBody, type FakeApiError, isApiError } from './fake-claude-request.ts';
import { streamReply } from './fake-claude-stream.ts';

export type RecordedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The unparsed request body. */
  readonly rawBody: string;
  readonly body: unknown;
  readonly at: number;
};

export type FakeClaudeOptions = {
  /** Returns the answer: an object is written in the requested format, a string is sent unchanged. */
  readonly answer?: (question: FakeQuestion) => unknown;
  /** Delay of every answer. */
  readonly latencyMs?: number;
  /** The accepted API keys. Default: any key. */
  readonly keys?: readonly string[];
  readonly port?: number;
  readonly now?: () => number;
};

export type FakeClaude = {
  readonly url: string;
  /** All requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Only those to /v1/messages. */
  messageRequests(): RecordedRequest[];
  /** Faults for the next requests to /v1/messages, one each; null for a good answer in between. */
  script(...next: readonly (Fault | null)[]): void;
  /** Applies this fault to every request from now on, until called with null. */
  always(fault: Fault | null): void;
  answerWith(answer: (question: FakeQuestion) => unknown): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const API_VERSION = '2026-10-21';
const MAX_BODY_BYTES = 32 * 1024 * 1024;

export async function startFakeClaude(options: FakeClaudeOptions = {}): Promise<FakeClaude> {
  const now = options.now ?? Date.now;
  const requests: RecordedRequest[] = [];
  const scripted: (Fault | null)[] = [];
  let standing: Fault | null = null;
  let answer = options.answer ?? answerByWordOverlap;
  const cache = createFakeCache({ now });
  const batches = createFakeBatches({
    answerOne: (params) => answerParams({ params, tier: 'batch', fault: null }),
    now,
  });

  type Answered = { readonly reply: FakeReply; begin(): void; readonly stream: boolean };
  function answerParams(given: {
    params: unknown;
    tier: 'standard' | 'batch';
    fault: Fault | null;
  }): Answered | FakeApiError {
    const checked = checkBody(given.params);
    if (isApiError(checked)) return checked;
    const count = cache.count(checked);
    const question = readQuestion(checked.body);
    const text = writeAnswer({ answer: answer(question), question });
    const reply = buildReply({
      id: `msg_${randomUUID().slice(0, 12)}`,
      checked,
      count,
      text,
      fault: given.fault,
      tier: given.tier,
    });
    return { reply, begin: count.begin, stream: checked.body.stream === true };
  }

  async function createMessage(request: RecordedRequest, response: ServerResponse): Promise<void> {
    const fault = scripted.length > 0 ? (scripted.shift() ?? null) : standing;
    if (fault?.kind === 'drop') return void response.socket?.destroy();
    if (fault?.kind === 'stall-before-headers') return; // the client has to give up
    if (fault?.kind === 'error') return sendError(response, fault);
    if (fault?.kind === 'html') {
      response.writeHead(fault.status, { 'content-type': 'text/html' });
      return void response.end('<html><body><h1>Bad gateway</h1></body></html>');
    }
    const answered = answerParams({ params: request.body, tier: 'standard', fault });
    if ('status' in answered) return sendError(response, answered);
    await delay((options.latencyMs ?? 0) + (fault?.kind === 'delay' ? fault.ms : 0));
    answered.begin();
    if (answered.stream) return streamReply({ response, reply: answered.reply, fault, headers: commonHeaders() });
    const text = JSON.stringify(answered.reply);
    response.writeHead(200, {
      ...commonHeaders(),
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    if (fault?.kind === 'stall-in-body') return void response.write(text.slice(0, 20));
    if (fault?.kind === 'drop-in-body') {
      response.write(text.slice(0, 20), () => response.socket?.destroy());
      return;
    }
    response.end(text);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const rawBody = await readBody(request);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const recorded: RecordedRequest = {
      method: request.method ?? '',
      path: url.pathname,
      headers: request.headers,
      rawBody,
      body: parseJson(rawBody),
      at: now(),
    };
    requests.push(recorded);
    const refused = refuseHeaders({ request, rawBody, keys: options.keys });
    if (refused !== null) return sendError(response, refused);
    const route = `${recorded.method} ${recorded.path}`;
    if (route === 'POST /v1/messages') return createMessage(recorded, response);
    if (route === 'POST /v1/messages/count_tokens') return countTokens(recorded, response);
    if (recorded.path.startsWith('/v1/messages/batches')) {
      return sendBatch(response, batches.handle({ route, body: recorded.body, baseUrl: address() }));
    }
    if (route === 'GET /v1/models') {
      const data = fakeModels.map(describeModel);
      return sendJson(response, { data, has_more: false, first_id: fakeModels[0]?.id, last_id: fakeModels.at(-1)?.id });
    }
    const model = fakeModels.find(({ id }) => route === `GET /v1/models/${id}`);
    if (model !== undefined) return sendJson(response, describeModel(model));
    sendError(response, { status: 404, type: 'not_found_error', message: `${recorded.path} not found` });
  }

  function countTokens(request: RecordedRequest, response: ServerResponse): void {
    const checked = checkBody({ max_tokens: 1, ...Object(request.body) });
    if (isApiError(checked)) sendError(response, checked);
    else sendJson(response, { input_tokens: cache.count(checked).promptTokens });
  }

  function sendBatch(response: ServerResponse, result: ReturnType<typeof batches.handle>): void {
    if ('error' in result) sendError(response, result.error);
    else if ('json' in result) sendJson(response, result.json);
    else {
      response.writeHead(200, { ...commonHeaders(), 'content-type': 'application/x-jsonl' });
      response.end(result.jsonl);
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, { status: 500, type: 'api_error', message: `fake failed: ${String(error)}` });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = (): string => {
    const bound = server.address();
    return typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : '';
  };

  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    url: address(),
    requests,
    messageRequests: () => requests.filter(({ path }) => path === '/v1/messages'),
    script: (...next) => void scripted.push(...next),
    always: (fault) => {
      standing = fault;
    },
    answerWith: (next) => {
      answer = next;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function refuseHeaders(options: {
  request: IncomingMessage;
  rawBody: string;
  keys: readonly string[] | undefined;
}): FakeApiError | null {
  const { headers, method } = options.request;
  const key = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  const unauthorised = (message: string) => ({ status: 401, type: 'authentication_error', message });
  if (key === undefined) return unauthorised('an API key is required as Authorization: Bearer');
  if (options.keys !== undefined && !options.keys.includes(key)) return unauthorised('invalid API key');
  const bad = (message: string) => ({ status: 400, type: 'invalid_request_error', message });
  if (headers['anthropic-version'] !== API_VERSION) return bad(`anthropic-version: must be ${API_VERSION}`);
  if (Buffer.byteLength(options.rawBody) > MAX_BODY_BYTES) {
    return { status: 413, type: 'request_too_large', message: 'Request exceeds the maximum size' };
  }
  if (method !== 'POST' || options.rawBody === '') return null;
  if (!(headers['content-type'] ?? '').startsWith('application/json'))
    return bad('content-type: must be application/json');
  return parseJson(options.rawBody) === undefined ? bad('The request body is not valid JSON') : null;
}

function commonHeaders(): Record<string, string> {
  const reset = new Date(Date.now() + 1_000).toISOString();
  const limits = { requests: 1_000, tokens: 2_400_000, 'input-tokens': 2_000_000, 'output-tokens': 400_000 };
  const limitHeaders = Object.entries(limits).flatMap(([name, limit]) => [
    [`anthropic-ratelimit-${name}-limit`, String(limit)],
    [`anthropic-ratelimit-${name}-remaining`, String(limit)],
    [`anthropic-ratelimit-${name}-reset`, reset],
  ]);
  return {
    'request-id': `req_${randomUUID().slice(0, 12)}`,
    'anthropic-organization-id': 'fake-organization',
    ...Object.fromEntries(limitHeaders),
  };
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { ...commonHeaders(), 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function sendError(response: ServerResponse, error: FakeApiError): void {
  const headers = commonHeaders();
  response.writeHead(error.status, { ...headers, ...error.headers, 'content-type': 'application/json' });
  const details = error.errorCode === undefined ? {} : { details: { error_code: error.errorCode } };
  response.end(
    JSON.stringify({
      type: 'error',
      error: { type: error.type, message: error.message, ...details },
      request_id: headers['request-id'],
    }),
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
