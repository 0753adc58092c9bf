import { afterEach, beforeEach, expect, test } from 'vitest';
import { openZendeskDesk, type ZendeskDesk } from '../../testing/zendesk-desk.ts';
import type { Connector, Signal } from '../connector.ts';

const { signal } = new AbortController();
let desk: ZendeskDesk;
let connector: Connector;
beforeEach(async () => {
  desk = await openZendeskDesk({ exportPageSize: 3 });
  connector = desk.connect();
});
afterEach(() => desk[Symbol.asyncDispose]());

const since = new Date('2026-11-27T09:00:00Z');
/** Reads until the end. */
async function poll(cursor: string | null): Promise<{ signals: Signal[]; cursor: string; pages: number }> {
  const signals: Signal[] = [];
  for (let pages = 1, from = cursor; ; pages += 1) {
    const page = await connector.listChanged?.({ cursor: from, since, signal });
    if (page === undefined) throw new TypeError('it cannot be polled');
    signals.push(...page.signals);
    from = page.cursor;
    if (page.isEnd) return { signals, cursor: from, pages };
  }
}
const exports = () => desk.zendesk.callsTo('GET', /incremental/);

test('all pages since the time are read, with where and when each ticket changed', async () => {
  const asked = Array.from({ length: 7 }, () => desk.ask());
  const { signals, pages } = await poll(null);
  expect(pages).toBe(3);
  expect(signals.map(({ externalId }) => externalId)).toEqual(asked.map(({ id }) => String(id)));
  expect(signals[0]).toEqual({
    externalId: String(asked[0]?.id),
    stamp: '2026-11-27T10:00:00Z',
    createdAt: '2026-11-27T10:00:00Z',
    changedAt: '2026-11-27T10:00:00Z',
    intake: {
      groups: [String(desk.triage.id), 'Triage'],
      brands: [String(asked[0]?.brand_id)],
      statuses: ['new'],
    },
  });
});

test('the cursor at the end is kept: the next poll brings only what has changed since', async () => {
  desk.ask();
  const second = desk.ask();
  const first = await poll(null);
  expect(await poll(first.cursor)).toMatchObject({ signals: [], pages: 1 });
  desk.zendesk.tickets.update(second.id, { by: desk.ana.id, changes: { priority: 'low' } });
  const young = await poll(first.cursor);
  expect(young.signals).toEqual([]); // Zendesk leaves out the last minute
  desk.clock.advance(61_000);
  const { signals } = await poll(young.cursor);
  expect(signals).toMatchObject([{ externalId: String(second.id), stamp: second.updated_at }]);
  expect(
    exports()
      .slice(1)
      .every(({ query }) => query.includes('cursor=')),
  ).toBe(true);
});

test('the first start is never in the last minute, which Zendesk refuses', async () => {
  desk.clock.advance(3_600_000);
  await connector.listChanged?.({ cursor: null, since: new Date(desk.clock.now()), signal });
  const start = Number(/start_time=(\d+)/.exec(exports()[0]?.query ?? '')?.[1]);
  expect(desk.clock.now() / 1_000 - start).toBeGreaterThanOrEqual(60);
  expect(exports()[0]?.status).toBe(200);
});

test('a change by the system has the stamp that is known, and a deleted ticket is a deletion', async () => {
  const [asked, gone] = [desk.ask(), desk.ask()];
  desk.zendesk.tickets.systemUpdate(asked.id);
  desk.zendesk.tickets.destroy(gone.id, desk.ana.id);
  desk.clock.advance(61_000);
  const { signals } = await poll(null);
  expect(signals).toMatchObject([{ stamp: '2026-11-27T10:00:00Z' }, { externalId: String(gone.id), isDeleted: true }]);
});

test('ten exports a minute are never exceeded, whatever there is to catch up', async () => {
  for (let count = 0; count < 90; count += 1) desk.ask();
  const { pages } = await poll(null);
  expect(pages).toBe(30);
  expect(exports().every(({ status }) => status === 200)).toBe(true);
});

test('a pause that Zendesk asks for exports does not hold back other calls', async () => {
  const asked = desk.ask();
  desk.zendesk.fail('GET', /incremental/, { kind: 'status', status: 429, retryAfter: '600' });
  await expect(poll(null)).rejects.toMatchObject({ unavailable: true, retryInMs: expect.any(Number) });
  const before = desk.clock.now();
  expect(await connector.readTicket?.(String(asked.id), signal)).not.toBeNull();
  expect(desk.clock.now() - before).toBeLessThan(10_000);
});

test('an hour of Zendesk being away loses nothing', async () => {
  desk.ask();
  const { cursor } = await poll(null);
  desk.zendesk.setAway(true);
  await expect(poll(cursor)).rejects.toMatchObject({ retryable: true, unavailable: true });
  const asked = [desk.ask(), desk.ask()];
  desk.zendesk.setAway(false);
  const { signals } = await poll(cursor);
  expect(signals.map(({ externalId }) => externalId)).toEqual(asked.map(({ id }) => String(id)));
});
