import { expect, test } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import { ConnectorError } from '../../errors.ts';
import { having, type OpenDesk, signal } from './test-desk.ts';

/** Longer than a helpdesk keeps its latest changes from a list (Zendesk: a minute). */
const sinceMs = 10 * 60_000;
const MAX_CURSOR_LENGTH = 100_000;
const MAX_PAGES = 200;

export function describeChanges(open: OpenDesk): void {
  test('lists every new ticket, page by page to the end', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'listChanged');
    const ids = [];
    for (const body of ['one', 'two', 'three']) ids.push(await desk.createTicket({ subject: 'Parcel', body }));
    const { found, cursor } = await listAll(connector, null);
    expect(found).toEqual(expect.arrayContaining(ids));
    expect(cursor.length).toBeGreaterThan(0);
    // Nothing is new: the list ends again, at the first page or after an overlap.
    await listAll(connector, cursor);
  });

  test('goes on after a restart from where it was', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'listChanged');
    await desk.createTicket({ subject: 'Parcel', body: 'before' });
    const { cursor } = await listAll(connector, null);
    const externalId = await desk.createTicket({ subject: 'Parcel', body: 'afterwards' });
    const restarted = having(context, await desk.connect(), 'listChanged');
    expect((await listAll(restarted, cursor)).found).toContain(externalId);
    await restarted.close?.();
  });

  test('loses nothing when a page is listed again, because a crash came before its tickets were stored', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'listChanged');
    const ids = [];
    for (const body of ['one', 'two', 'three']) ids.push(await desk.createTicket({ subject: 'Parcel', body }));
    const first = await connector.listChanged({ cursor: null, since: since(), signal });
    const restarted = having(context, await desk.connect(), 'listChanged');
    const again = await listAll(restarted, null);
    expect(again.found).toEqual(expect.arrayContaining(ids));
    await restarted.close?.();
    // The page after the first one, twice as well.
    const later = await desk.createTicket({ subject: 'Parcel', body: 'four' });
    const once = await connector.listChanged({ cursor: first.cursor, since: since(), signal });
    const twice = await listAll(connector, first.cursor);
    expect(twice.found).toEqual(expect.arrayContaining(once.signals.map(({ externalId }) => externalId)));
    expect(twice.found).toContain(later);
  });

  test('starts again, or throws ConnectorError, at a cursor that is none', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'listChanged');
    const externalId = await desk.createTicket({ subject: 'Parcel', body: 'one' });
    for (const cursor of ['', 'no cursor', '{"a":', 'null', '{}', '[-1]']) {
      const found = await listAll(connector, cursor).then(
        (list) => list.found,
        (error: unknown) => error,
      );
      if (Array.isArray(found)) expect(found).toContain(externalId);
      else expect(found).toBeInstanceOf(ConnectorError);
    }
  });

  test('stops when it is told to', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'listChanged');
    const stopped = connector.listChanged({ cursor: null, since: since(), signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow();
  });
}

const since = () => new Date(Date.now() - sinceMs);

/** Lists pages from a cursor to the end. */
async function listAll(connector: Connector & Required<Pick<Connector, 'listChanged'>>, from: string | null) {
  const found: string[] = [];
  let cursor = from;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await connector.listChanged({ cursor, since: since(), signal });
    expect(page.cursor.length).toBeLessThanOrEqual(MAX_CURSOR_LENGTH);
    found.push(...page.signals.map(({ externalId }) => externalId));
    cursor = page.cursor;
    if (page.isEnd) return { found, cursor };
  }
  throw new RangeError(`the list did not end within ${MAX_PAGES} pages`);
}
