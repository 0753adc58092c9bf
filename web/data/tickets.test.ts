import { expect, test } from 'vitest';
import type { TicketPage, TicketRow } from './api-types.ts';
import { parseTicketFilter } from './ticket-filter.ts';
import { mergeRows } from './tickets.ts';

const row = (ticketId: string, revision = 1) => ({ ticketId, revision }) as TicketRow;
const page = (items: readonly TicketRow[], nextCursor: string | null = null): TicketPage => ({ items, nextCursor });
const merge = (held: readonly TicketPage[], newest: TicketPage, others: readonly TicketRow[] = []) =>
  mergeRows({
    held: { pages: held, pageParams: held.map((_, index) => (index === 0 ? null : `c${index}`)) },
    newest,
    fetched: new Map([...newest.items, ...others].map((item) => [item.ticketId, item])),
  });
const idsOf = ({ pages }: { pages: readonly TicketPage[] }) =>
  pages.map(({ items }) => items.map(({ ticketId, revision }) => `${ticketId}.${revision}`));

test('new rows come before the others, and those that changed are replaced where they are', () => {
  const held = [page([row('c'), row('b')], 'c1'), page([row('a')])];
  const merged = merge(held, page([row('e'), row('d'), row('c', 2)], 'c9'), [row('a', 3)]);
  expect(idsOf(merged)).toEqual([['e.1', 'd.1', 'c.2', 'b.1'], ['a.3']]);
  expect(merged.pages[0]?.nextCursor).toBe('c1');
  expect(merged.pageParams).toEqual([null, 'c1']);
});

test('pages without a change stay the same objects, so that nothing is drawn again', () => {
  const held = [page([row('b')], 'c1'), page([row('a')])];
  const merged = merge(held, page([row('b', 2)]));
  expect(merged.pages[1]).toBe(held[1]);
});

test('an empty list becomes the newest page', () => {
  expect(idsOf(merge([page([])], page([row('a')])))).toEqual([['a.1']]);
});

test('a filter is read out of any address', () => {
  expect(parseTicketFilter({ q: 'late', team: '', abstained: true, language: 7, other: 'x', stage: ['a'] })).toEqual({
    q: 'late',
    abstained: 'true',
    language: '7',
  });
});
