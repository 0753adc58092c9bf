import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '../../base/actor.ts';
import { silentLogger } from '../../base/logger.ts';
import { sampleClassification, sampleDecision, sampleTicket } from '../../testing/sample-values.ts';
import { createStubHttpApp } from '../../testing/stub-http-app.ts';
import { openTestPglite, type TestStore } from '../../testing/test-stores.ts';
import {
  correctionsSchema,
  countsSchema,
  problemSchema,
  seriesSchema,
  spendingSchema,
  ticketPageSchema,
} from '../contract.ts';
import { createHttpServer } from '../create-http-server.ts';

let opened: TestStore;
let url: string;
let close: () => Promise<unknown>;
beforeAll(async () => {
  opened = await openTestPglite();
  const { store } = opened;
  const stub = createStubHttpApp();
  const app = createStubHttpApp({
    store,
    names: { intent: ['billing', 'shipping'], team: ['orders', 'triage'], rule: ['orders'], connector: ['api'] },
    modelStatus: async () => ({ ...(await stub.modelStatus()), budgetUsd: 5 }),
  });
  const access = { host: '127.0.0.1', allowedHosts: [], token: null };
  const server = await createHttpServer({ app, access, requestsPerMinute: 1_000, log: silentLogger, version: '0' });
  close = () => server.close();
  url = await server.listen({ host: '127.0.0.1', port: 0 });

  for (const [n, intent] of ['billing', 'billing', 'shipping'].entries()) {
    const ref = { ticketId: `t-${n}`, revision: 1 };
    await store.tickets.insertMany([sampleTicket({ id: ref.ticketId })]);
    await store.decisions.saveMany([{ ...ref, decision: sampleDecision({ id: `d-${n}` }) }]);
    const classification = sampleClassification({ intent, language: 'de', costUsd: 0.5, confidence: 0.75 });
    await store.classifications.saveMany([{ ...ref, classification }]);
    await store.tickets.markDecided([ref]);
    const assignment = { ticketId: ref.ticketId, team: 'orders', assignee: null, by: systemActor } as const;
    await store.assignments.saveMany([{ ...assignment, cause: 'decision' }]);
    await store.words.save([{ position: n + 1, revision: 1, words: ['parcel', `number${n}`] }]);
  }
  const said = { ticketId: 't-0', revision: 1, actor: systemActor, state: 'applied', why: null } as const;
  await store.feedback.add({ ...said, feedback: { intent: 'shipping' } });
});
afterAll(async () => {
  await close?.();
  await opened?.[Symbol.asyncDispose]();
});

const get = async (path: string) => {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

test('counts are the most frequent first, of the newest 30 days', async () => {
  const { body } = await get('/v1/counts?by=intent');
  const counts = countsSchema.parse(body);
  expect(counts).toMatchObject({
    by: 'intent',
    total: 3,
    items: [
      // One of them by what a person said.
      { value: 'shipping', count: 2 },
      { value: 'billing', count: 1 },
    ],
  });
  expect(Date.parse(counts.until) - Date.parse(counts.since)).toBe(30 * 24 * 60 * 60_000);
  expect((await get('/v1/counts?by=team&q=number2&intent=shipping')).body).toMatchObject({ total: 1 });
  expect((await get('/v1/counts?by=team&since=2020-01-01&until=2020-02-01')).body).toMatchObject({
    total: 0,
    items: [],
  });
});

test('a series begins with a whole step', async () => {
  const { body } = await get('/v1/series?step=day&language=de');
  const { points, since } = seriesSchema.parse(body);
  expect(since).toMatch(/T00:00:00.000Z$/);
  expect(points[0]?.start).toBe(since);
  expect(points).toHaveLength(31);
  expect(points.at(-1)).toMatchObject({ tickets: 3, byStage: { local: 3 }, costUsd: 1.5, corrections: 1 });
  expect(seriesSchema.parse((await get('/v1/series')).body).step).toBe('hour');
});

test('spending is that of today, beside the budget', async () => {
  expect(spendingSchema.parse((await get('/v1/spending')).body)).toEqual({
    day: new Date().toISOString().slice(0, 10),
    todayUsd: 0,
    budgetUsd: 5,
    perTicketUsd: 0.5,
  });
});

test('corrections name what was said and what is right', async () => {
  const { items } = correctionsSchema.parse((await get('/v1/corrections')).body);
  expect(items).toEqual([{ intent: 'billing', corrected: 1, to: [{ intent: 'shipping', count: 1 }] }]);
});

test('the list takes words, a language and ids', async () => {
  const idsOf = async (query: string) =>
    ticketPageSchema.parse((await get(`/v1/tickets?${query}`)).body).items.map(({ ticketId }) => ticketId);
  expect(await idsOf('q=parcel%20number1')).toEqual(['t-1']);
  expect(await idsOf('q=')).toHaveLength(3);
  expect(await idsOf('language=de')).toHaveLength(3);
  expect(await idsOf('language=fr')).toEqual([]);
  expect(await idsOf('ids=t-2,t-0,gone')).toEqual(['t-2', 't-0']);
  expect(await idsOf('ids=,')).toEqual([]);
});

test.each([
  ['/v1/counts?by=colour', 'by'],
  ['/v1/counts', 'by'],
  ['/v1/counts?by=team&team=ordrs', 'team'],
  ['/v1/counts?by=team&since=2026-02-01&until=2026-01-01', 'since'],
  ['/v1/series?step=hour&since=2020-01-01', 'since'],
  ['/v1/series?step=week', 'step'],
  ['/v1/corrections?team=orders', ''],
  [`/v1/tickets?ids=${Array.from({ length: 101 }, (_, n) => `t-${n}`).join(',')}`, 'ids'],
])('a request that means nothing is refused with its field: %s', async (path, field) => {
  const { status, body } = await get(path);
  expect(status).toBe(400);
  expect(JSON.stringify(body.issues)).toContain(field);
});

test('a time that the database has no place for is refused', async () => {
  for (const query of [
    'counts?by=team&since=0000-01-01',
    'tickets?receivedAfter=0001-01-01T00:00:00%2B23:00',
    'tickets?receivedBefore=9999-12-31T23:00:00-23:00',
  ]) {
    const response = await fetch(`${url}/v1/${query}`);
    expect([query, response.status, problemSchema.parse(await response.json()).detail]).toEqual([
      query,
      400,
      expect.stringContaining('must be in the years 1 to 9999'),
    ]);
  }
});
