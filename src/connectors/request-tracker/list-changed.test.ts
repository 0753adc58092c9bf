import { describe, expect, test } from 'vitest';
import type { Signal } from '../connector.ts';
import type { RtClient } from './client.ts';
import { listChanged } from './list-changed.ts';

type Row = { id: number; second: number };

const START = Date.parse('2026-11-27T10:00:00Z') / 1_000;
const iso = (second: number) => new Date(second * 1_000).toISOString().replace('.000', '');

/** RT's search, on rows that the test changes: it reads the day of the condition, and returns 100 rows at most. */
function fakeRt(rows: Row[]) {
  let now = START;
  let requests = 0;
  const client: Pick<RtClient, 'findChanged'> = {
    async findChanged({ condition, page }) {
      requests += 1;
      const day = /^LastUpdated > '(\d{4}-\d\d-\d\d)'$/.exec(condition)?.[1];
      if (day === undefined) throw new TypeError(`not the expected condition: ${condition}`);
      const listed = rows
        .filter(({ second }) => second > Date.parse(day) / 1_000)
        .toSorted((a, b) => b.second - a.second || b.id - a.id);
      const items = listed.slice((page - 1) * 100, page * 100).map(({ id, second }) => ({
        id: String(id),
        Status: 'new',
        Queue: { id: '3', Name: 'Inbox' },
        Created: iso(START),
        LastUpdated: iso(second),
      }));
      return { items, total: listed.length, pages: Math.ceil(listed.length / 100), now: now * 1_000 };
    },
  };
  return {
    // The cast: nothing else of the client is used.
    client: client as RtClient,
    rows,
    setTime: (second: number) => {
      now = second;
    },
    countRequests: () => requests,
  };
}

async function poll(client: RtClient, cursor: string | null, onPage = (_page: number) => {}) {
  const signals: Signal[] = [];
  for (let page = 1; ; page += 1) {
    const since = new Date(START * 1_000);
    const found = await listChanged(client, { cursor, since, signal: AbortSignal.timeout(60_000) });
    signals.push(...found.signals);
    cursor = found.cursor;
    expect(cursor.length).toBeLessThan(100_000);
    if (found.isEnd) return { ids: signals.map(({ externalId }) => Number(externalId)), signals, cursor };
    onPage(page);
  }
}
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('listing what changed', () => {
  test('starts shortly before the time of connection, and says where a ticket is', async () => {
    const { client, setTime } = fakeRt([
      { id: 1, second: START - 121 },
      { id: 2, second: START },
    ]);
    setTime(START + 60);
    const { signals } = await poll(client, null);
    expect(signals).toEqual([
      {
        externalId: '2',
        createdAt: '2026-11-27T10:00:00Z',
        changedAt: '2026-11-27T10:00:00Z',
        intake: { groups: ['3', 'Inbox'], brands: [], statuses: ['new'] },
      },
    ]);
  });

  test('lists each of 350 tickets that changed in one second once', async () => {
    const { client, setTime } = fakeRt(numbers(1, 350).map((id) => ({ id, second: START + 5 })));
    setTime(START + 60);
    const { ids } = await poll(client, null);
    expect(ids.toSorted((a, b) => a - b)).toEqual(numbers(1, 350));
  });

  test('misses none and repeats none but those that changed when tickets change between two pages', async () => {
    const rt = fakeRt(numbers(1, 250).map((id) => ({ id, second: START + id })));
    rt.setTime(START + 400);
    const { ids } = await poll(rt.client, null, (page) => {
      // Of each page, some move to the top: of those that are read, and of those that are not.
      if (page === 1) for (const row of rt.rows) if (row.id <= 30 || row.id > 240) row.second = START + 399;
    });
    const [moved, unchanged] = [[...numbers(1, 30), ...numbers(241, 250)], numbers(31, 240)];
    expect(ids.filter((id) => unchanged.includes(id)).toSorted((a, b) => a - b)).toEqual(unchanged);
    // Listed where they were and are now, and all in this look.
    expect(ids.slice(-40).toSorted((a, b) => a - b)).toEqual(moved);
  });

  test('misses none when tickets leave the list between two pages', async () => {
    const rt = fakeRt(numbers(1, 350).map((id) => ({ id, second: START + id })));
    rt.setTime(START + 400);
    const { ids } = await poll(rt.client, null, (page) => {
      // The newest three are deleted, after they were listed.
      if (page === 1) rt.rows.splice(347, 3);
    });
    expect(ids.toSorted((a, b) => a - b)).toEqual(numbers(1, 350));
  });

  test('reads one page of a list of thousands when little has changed', async () => {
    const rt = fakeRt(numbers(1, 5_000).map((id) => ({ id, second: START - 5_000 + id })));
    rt.setTime(START + 600);
    const first = await poll(rt.client, null);
    expect(first.ids).toHaveLength(121);
    rt.rows[17] = { id: 18, second: START + 650 };
    rt.setTime(START + 700);
    const before = rt.countRequests();
    expect((await poll(rt.client, first.cursor)).ids).toEqual([18]);
    expect(rt.countRequests() - before).toBe(1);
  });

  test('finds a ticket whose change appears late, and does not list again what it knows', async () => {
    const rt = fakeRt(numbers(1, 20).map((id) => ({ id, second: START + 10 })));
    rt.setTime(START + 60);
    const first = await poll(rt.client, null);
    expect(first.ids).toHaveLength(20);
    rt.rows.push({ id: 21, second: START + 9 });
    rt.setTime(START + 90);
    const second = await poll(rt.client, first.cursor);
    expect(second.ids).toEqual([21]);
    expect((await poll(rt.client, second.cursor)).ids).toEqual([]);
  });

  test('lists a ticket again that may have changed again in the second in which it was listed', async () => {
    const rt = fakeRt([{ id: 1, second: START + 10 }]);
    rt.setTime(START + 11);
    const first = await poll(rt.client, null);
    rt.setTime(START + 30);
    const second = await poll(rt.client, first.cursor);
    expect([first.ids, second.ids]).toEqual([[1], [1]]);
    expect((await poll(rt.client, second.cursor)).ids).toEqual([]);
  });

  test('lists a known ticket when it has changed', async () => {
    const rt = fakeRt([{ id: 1, second: START + 10 }]);
    rt.setTime(START + 60);
    const first = await poll(rt.client, null);
    rt.rows[0] = { id: 1, second: START + 61 };
    expect((await poll(rt.client, first.cursor)).ids).toEqual([1]);
  });

  test('goes on in the middle of a round where the process ended', async () => {
    const rt = fakeRt(numbers(1, 150).map((id) => ({ id, second: START + 5 })));
    rt.setTime(START + 60);
    const since = new Date(START * 1_000);
    const { signal } = new AbortController();
    const page = await listChanged(rt.client, { cursor: null, since, signal });
    expect([page.isEnd, page.signals.length]).toEqual([false, 100]);
    expect((await poll(rt.client, page.cursor)).ids).toEqual(numbers(1, 50));
  });

  test('keeps its cursor short when thousands of tickets change at once', async () => {
    const rt = fakeRt(numbers(1, 4_000).map((id) => ({ id: id * 1_000_003, second: START + 30 + (id % 7) })));
    rt.setTime(START + 60);
    const { ids, cursor } = await poll(rt.client, null);
    expect(new Set(ids).size).toBe(4_000);
    // What it has forgotten is listed again, and nothing is left out.
    expect((await poll(rt.client, cursor)).ids.length).toBeLessThan(3_000);
  });

  test('starts anew with a cursor that it does not know', async () => {
    const rt = fakeRt([{ id: 1, second: START + 10 }]);
    rt.setTime(START + 60);
    expect((await poll(rt.client, '{"page":7}')).ids).toEqual([1]);
    expect((await poll(rt.client, 'page 7')).ids).toEqual([1]);
  });
});
