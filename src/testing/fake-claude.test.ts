// The fake is useful only if it is as strict as the real API.
import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { type FakeClaudeOptions, startFakeClaude } from './fake-claude.ts';

const long = 'The fixed part of a prompt. '.repeat(200);
const body = (more: object = {}) => ({
  model: 'claude-haiku-5-5',
  max_tokens: 100,
  thinking: { type: 'disabled' },
  system: [{ type: 'text', text: long, cache_control: { type: 'ephemeral' } }],
  messages: [{ role: 'user', content: 'Where is my order?' }],
  ...more,
});

async function post(url: string, value: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer test',
      'anthropic-version': '2026-10-21',
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof value === 'string' ? value : JSON.stringify(value),
  });
  const reply: Record<string, never> = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, reply };
}

const schema = (more: object = {}) => ({
  type: 'object',
  properties: { intent: { type: 'string', enum: ['a'] } },
  required: ['intent'],
  additionalProperties: false,
  ...more,
});
const format = (value: object) => ({ output_config: { format: { type: 'json_schema', schema: value } } });

describe('the fake refuses what the API refuses', () => {
  const refused: readonly [string, object][] = [
    ['temperature', { temperature: 1 }],
    ['top_p', { top_p: 1 }],
    ['top_k', { top_k: 5 }],
    ['unknown fields', { temprature: 1 }],
    [
      'a prefilled answer',
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: '{' },
        ],
      },
    ],
    ['an answer without a question', { messages: [] }],
    ['empty text', { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }],
    ['a thinking budget on a current model', { thinking: { type: 'enabled', budget_tokens: 2_000 } }],
    ['no thinking at the highest efforts', { output_config: { effort: 'xhigh' } }],
    ['five cache breakpoints', { system: Array.from({ length: 5 }, () => body().system[0]) }],
    ['minLength in a schema', format(schema({ properties: { intent: { type: 'string', minLength: 1 } } }))],
    ['objects that allow further fields', format(schema({ additionalProperties: true }))],
    [
      'recursion in a schema',
      format({
        ...schema({ properties: { intent: { $ref: '#/$defs/a' } } }),
        $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' } } },
      }),
    ],
    [
      '25 optional properties',
      format(
        schema({
          required: [],
          properties: Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`p${at}`, { type: 'string' }])),
        }),
      ),
    ],
  ];
  test.each(refused)('%s', async (_, more) => {
    await using fake = await startFakeClaude();
    const { status, reply } = await post(fake.url, body(more));
    expect([status, reply]).toMatchObject([400, { type: 'error', error: { type: 'invalid_request_error' } }]);
  });

  test('disabled thinking and forced tools on Sonnet 5.5', async () => {
    await using fake = await startFakeClaude();
    expect((await post(fake.url, body({ model: 'claude-sonnet-5-5' }))).status).toBe(400);
    const tools = { tools: [{ name: 'route', input_schema: {} }], tool_choice: { type: 'tool', name: 'route' } };
    expect((await post(fake.url, body({ model: 'claude-sonnet-5-5', thinking: undefined, ...tools }))).status).toBe(
      400,
    );
  });

  test('an unknown model, another API version, a key in the old header, a wrong key', async () => {
    await using fake = await startFakeClaude({ keys: ['test'] });
    expect((await post(fake.url, body({ model: 'claude-nobody' }))).status).toBe(404);
    expect((await post(fake.url, body(), { 'anthropic-version': '2023-06-01' })).status).toBe(400);
    expect((await post(fake.url, body(), { authorization: '', 'x-api-key': 'test' })).status).toBe(401);
    expect((await post(fake.url, body(), { authorization: 'Bearer other' })).status).toBe(401);
  });

  test('a body that is not JSON', async () => {
    await using fake = await startFakeClaude();
    expect((await post(fake.url, '{"model":')).status).toBe(400);
  });
});

describe('the fake simulates', () => {
  const usageOf = async (options: FakeClaudeOptions, requests: readonly object[]) => {
    await using fake = await startFakeClaude(options);
    const all: Record<string, unknown>[] = [];
    for (const request of requests) all.push((await post(fake.url, request)).reply.usage ?? {});
    return all;
  };

  test('caching: the second request reads what the first one wrote', async () => {
    const [first, second] = await usageOf({}, [
      body(),
      body({ messages: [{ role: 'user', content: 'Another question' }] }),
    ]);
    expect(first).toMatchObject({ cache_read_input_tokens: 0 });
    expect(second).toMatchObject({
      cache_read_input_tokens: first?.cache_creation_input_tokens,
      cache_creation_input_tokens: 0,
    });
  });

  test('no caching below 512 tokens', async () => {
    const short = body({ system: [{ type: 'text', text: 'Short.', cache_control: { type: 'ephemeral' } }] });
    for (const usage of await usageOf({}, [short, short])) {
      expect(usage).toMatchObject({ cache_read_input_tokens: 0, cache_creation_input_tokens: 0 });
    }
  });

  test('the lifetime of an entry, refreshed by reading', async () => {
    let at = 0;
    await using fake = await startFakeClaude({ now: () => at });
    const readsAfter = async (ms: number) => {
      at += ms;
      const { reply } = await post(fake.url, body());
      return Number(Object(reply.usage).cache_read_input_tokens) > 0;
    };
    expect(await readsAfter(0)).toBe(false);
    expect(await readsAfter(200_000)).toBe(true);
    expect(await readsAfter(200_000)).toBe(true);
    expect(await readsAfter(301_000)).toBe(false);
  });

  test('another schema or model is another entry', async () => {
    const [, other, third] = await usageOf({}, [body(), body(format(schema())), body({ model: 'claude-sonnet-5' })]);
    expect(other).toMatchObject({ cache_read_input_tokens: 0 });
    expect(third).toMatchObject({ cache_read_input_tokens: 0 });
  });

  test('thinking that counts towards max_tokens, unless it is disabled', async () => {
    const [thinking] = await usageOf({}, [body({ thinking: undefined })]);
    expect(thinking).toMatchObject({ output_tokens_details: { thinking_tokens: expect.any(Number) } });
    await using fake = await startFakeClaude();
    const { reply } = await post(fake.url, body({ thinking: undefined, max_tokens: 10 }));
    expect(reply).toMatchObject({ stop_reason: 'max_tokens', content: [{ type: 'thinking' }] });
  });

  test('request ids and rate-limit headers', async () => {
    await using fake = await startFakeClaude();
    const { headers } = await post(fake.url, body());
    expect(headers.get('request-id')).toMatch(/^req_/);
    expect(headers.get('anthropic-ratelimit-input-tokens-remaining')).toMatch(/^\d+$/);
  });
});

describe('the SDK on the fake', () => {
  const clientOn = (url: string) => new Anthropic({ apiKey: 'test', baseURL: url, maxRetries: 0, logLevel: 'off' });
  const params = {
    model: 'claude-haiku-5-5',
    max_tokens: 200,
    thinking: { type: 'disabled' as const },
    messages: [{ role: 'user' as const, content: 'Where is my order?' }],
  };

  test('streams, counts tokens and knows the models', async () => {
    await using fake = await startFakeClaude({ answer: () => 'An answer' });
    const client = clientOn(fake.url);
    const message = await client.messages.stream(params).finalMessage();
    expect(message.content).toMatchObject([{ type: 'text', text: 'An answer' }]);
    const { max_tokens, ...counted } = params;
    expect((await client.messages.countTokens(counted)).input_tokens).toBeGreaterThan(0);
    const model = await client.models.retrieve('claude-haiku-5-5');
    expect(model.capabilities?.structured_outputs.supported).toBe(true);
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toContain('claude-sonnet-5-5');
  });

  test('sees an error in the middle of a stream', async () => {
    await using fake = await startFakeClaude();
    fake.script({ kind: 'sse-error' });
    await expect(clientOn(fake.url).messages.stream(params).finalMessage()).rejects.toThrow(/Overloaded/);
  });

  test('runs a batch to its end, with results in another order and of every kind', async () => {
    await using fake = await startFakeClaude({ answer: () => 'An answer' });
    const client = clientOn(fake.url);
    const texts = ['one', 'fake:errored', 'fake:expired', 'fake:canceled'];
    const requests = texts.map((text, at) => ({
      custom_id: `t-${at}`,
      params: { ...params, messages: [{ role: 'user' as const, content: text }] },
    }));
    const { id, processing_status } = await client.messages.batches.create({ requests });
    expect(processing_status).toBe('in_progress');
    while ((await client.messages.batches.retrieve(id)).processing_status !== 'ended');
    const results: [string, string][] = [];
    for await (const { custom_id, result } of await client.messages.batches.results(id))
      results.push([custom_id, result.type]);
    expect(results.map(([custom]) => custom)).not.toEqual(['t-0', 't-1', 't-2', 't-3']);
    expect(Object.fromEntries(results)).toEqual({
      't-0': 'succeeded',
      't-1': 'errored',
      't-2': 'expired',
      't-3': 'canceled',
    });
    expect((await client.messages.batches.retrieve(id)).request_counts).toEqual({
      processing: 0,
      succeeded: 1,
      errored: 1,
      canceled: 1,
      expired: 1,
    });
  });
});
