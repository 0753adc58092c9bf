// The review over HTTP, with the real app and the embedded engine.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { reviewBatchSchema, reviewItemSchema, reviewStateSchema, verdictResultSchema } from '../src/http/contract.ts';
import { postJson, startService, type TestService } from './http-harness.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ env: { SWITCHBOARD_LEARNING__REVIEW_BELOW: '1' } });
}, 120_000);
afterAll(() => service?.[Symbol.asyncDispose]());

const read = async <Schema extends z.ZodType>(response: Response, schema: Schema): Promise<z.output<Schema>> => {
  expect(response.status).toBe(200);
  return schema.parse(await response.json());
};
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const next = async (reviewer: string, request: object = {}) =>
  read(await postJson(`${service.url}/v1/review/next`, { reviewer, ...request }), reviewBatchSchema);
const state = async (query = '') => read(await fetch(`${service.url}/v1/review${query}`), reviewStateSchema);
const take = async (id: string) => {
  const posted = await postJson(`${service.url}/v1/tickets?wait=20s`, { id, body: 'Where is my parcel?' });
  expect(posted.status).toBe(200);
};

test('an item is held, decided, taken back and decided again', async () => {
  await Promise.all([take('r-1'), take('r-2')]);
  const { items, remaining } = await next('tab-1', { count: 1 });
  expect(remaining).toBe(2);
  const [item] = items;
  const other = await next('tab-2', { count: 5 });
  expect(other.items.map(({ ticketId }) => ticketId)).not.toContain(item?.ticketId);
  const url = `${service.url}/v1/review/${item?.id}`;

  const taken = await postJson(url, { reviewer: 'tab-2', verdict: 'right' });
  expect([taken.status, await codeOf(taken)]).toEqual([409, 'conflict']);
  const verdict = { reviewer: 'tab-1', verdict: 'wrong', outOfScope: true };
  const given = await read(await postJson(url, verdict), verdictResultSchema);
  expect(given).toMatchObject({ id: item?.id, verdict: 'wrong', remaining: 1, feedbackId: expect.any(Number) });
  expect(await read(await postJson(url, verdict), verdictResultSchema)).toMatchObject({ feedbackId: given.feedbackId });
  expect((await state()).doneToday).toEqual({ mine: 1, all: 1 });
  expect((await state('?since=2999-01-01T00:00:00Z')).doneToday).toEqual({ mine: 0, all: 0 });

  const undone = await read(await fetch(`${url}/verdict`, { method: 'DELETE' }), reviewItemSchema);
  expect(undone).toMatchObject({ id: item?.id, ticketId: item?.ticketId });
  expect((await next('tab-1', { count: 1 })).items.map(({ id }) => id)).toEqual([item?.id]);
  expect((await fetch(`${url}/verdict`, { method: 'DELETE' })).status).toBe(409);
  const record = await (await fetch(`${service.url}/v1/tickets/${item?.ticketId}`)).json();
  expect(record).toMatchObject({ feedback: [{ state: 'undone' }] });
});

test('a request that cannot be met says what is wrong', async () => {
  for (const [path, body] of [
    ['next', {}],
    ['next', { reviewer: 'tab', count: 6 }],
    ['next', { reviewer: 'tab', kinds: ['all'] }],
    ['next', { reviewer: 'tab', intent: 'nothing/such' }],
    ['1', { reviewer: 'tab', verdict: 'perhaps' }],
    ['1', { reviewer: 'tab', verdict: 'wrong', intent: 'a', outOfScope: true }],
  ] as const) {
    const response = await postJson(`${service.url}/v1/review/${path}`, body);
    expect([response.status, await codeOf(response)]).toEqual([400, 'invalid-input']);
  }
  expect((await fetch(`${service.url}/v1/review?since=0000-01-01T00:00:00Z`)).status).toBe(400);
  const missing = await postJson(`${service.url}/v1/review/999999`, { reviewer: 'tab', verdict: 'skip' });
  expect([missing.status, await codeOf(missing)]).toEqual([404, 'not-found']);
});

test('the metrics say how many wait', async () => {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  expect(text).toMatch(/^switchboard_review_waiting\{kind="(abstained|unsure)"\} 2$/m);
});
