import { Button, Center, Loader } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { ticketsQuery } from '../../data/tickets.ts';
import { useTicketFilter } from '../../data/use-ticket-filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { NoTickets } from './no-tickets.tsx';
import classes from './ticket-list.module.css';
import { TicketRowView } from './ticket-row-view.tsx';
import { useHeldPosition } from './use-held-position.ts';
import { useListKeys } from './use-list-keys.ts';
import { useLiveTickets } from './use-live-tickets.ts';

/** In pixels, as in ticket-list.module.css. A wide list has columns, and two lines in place of three. */
const ROW_HEIGHT = { narrow: 76, wide: 54 };
const WIDE = 900;
/** The next page is asked for when so many rows are left below. */
const ROWS_AHEAD = 40;

/** The tickets that fit the filter in the address, newest first. New ones appear by themselves. */
export function TicketList() {
  const { t } = useTranslation();
  const filter = useTicketFilter();
  const { ticketId = null } = useParams({ strict: false });
  const navigate = useNavigate();
  const query = useInfiniteQuery(ticketsQuery(filter));
  useLiveTickets(filter);
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);

  const scroller = useRef<HTMLDivElement>(null);
  const { ref: frame, width } = useElementSize();
  const isWide = width >= WIDE;
  const rowHeight = isWide ? ROW_HEIGHT.wide : ROW_HEIGHT.narrow;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.ticketId ?? index,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are measured anew when their height changes.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  useTopOnChange(scroller, rows.length > 0 ? JSON.stringify(filter) : null);
  const above = useHeldPosition({ scroller, rows, rowHeight });

  const shown = virtualizer.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (lastShown >= rows.length - ROWS_AHEAD && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [lastShown, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const open = (id: string) => void navigate({ to: '/tickets/$ticketId', params: { ticketId: id }, search: filter });
  const { selected, select } = useListKeys({
    rows,
    openId: ticketId,
    open,
    close: () => void navigate({ to: '/tickets', search: filter }),
    show: (index) => virtualizer.scrollToIndex(index),
    focus: (id) => focusRow(scroller, id),
  });

  return (
    <>
      <div ref={frame} />
      <FilterBar filter={filter} />
      {query.isError && rows.length === 0 && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && (
        <Center p="xl">
          <Loader aria-label={t('tickets.loading')} />
        </Center>
      )}
      {query.isSuccess && rows.length === 0 && <NoTickets filter={filter} />}
      <div className={classes.above} role="status">
        {above > 0 && (
          <Button size="compact-sm" radius="xl" onClick={() => scroller.current?.scrollTo({ top: 0 })}>
            {t('tickets.newAbove', { count: above })}
          </Button>
        )}
      </div>
      <div ref={scroller} className={classes.scroller} hidden={rows.length === 0}>
        <ul
          className={classes.rows}
          data-wide={isWide || undefined}
          style={{ height: virtualizer.getTotalSize() }}
          aria-label={t('tickets.list')}
        >
          {shown.map(({ index, key, start }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <li
                key={key}
                className={classes.row}
                style={{ transform: `translateY(${start}px)` }}
                aria-setsize={hasNextPage ? -1 : rows.length}
                aria-posinset={index + 1}
              >
                <TicketRowView
                  row={row}
                  filter={filter}
                  isOpen={row.ticketId === ticketId}
                  isSelected={row.ticketId === selected}
                  onSelect={() => select(row.ticketId)}
                />
              </li>
            );
          })}
        </ul>
        {isFetchingNextPage && (
          <Center p="sm">
            <Loader size="sm" aria-label={t('tickets.loading')} />
          </Center>
        )}
        {rows.length > 0 && !hasNextPage && <Empty title={t('tickets.end')} />}
      </div>
    </>
  );
}

/**
 * Another filter is read from its newest ticket; the browser's back button restores where one was. `shown` is null while
 * there are no rows: a list that is hidden cannot be scrolled, and would come back where it was.
 */
function useTopOnChange(scroller: React.RefObject<HTMLDivElement | null>, shown: string | null): void {
  const before = useRef(shown);
  useLayoutEffect(() => {
    if (shown === null) return;
    if (before.current !== null && before.current !== shown) scroller.current?.scrollTo({ top: 0 });
    before.current = shown;
  }, [shown, scroller]);
}

/** The row may only just be scrolled to, and who types keeps the focus. */
function focusRow(scroller: React.RefObject<HTMLDivElement | null>, ticketId: string): void {
  requestAnimationFrame(() => {
    if (document.activeElement?.matches('input, textarea')) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-ticket="${CSS.escape(ticketId)}"]`);
    row?.focus({ preventScroll: true });
  });
}
