import { useHotkeys } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

/**
 * j and k go down and up, Enter opens, Escape closes. While a ticket is open, j and k open the next one at once. The
 * selected row is a ticket, not a place: it stays selected when others arrive above it. It has the focus too, and gets it
 * back when its ticket is closed.
 */
export function useListKeys(options: {
  rows: readonly { readonly ticketId: string }[];
  openId: string | null;
  open(ticketId: string): void;
  close(): void;
  /** Scrolls to a row. */
  show(index: number): void;
  /** Gives the focus to the row of a ticket, where it is shown. */
  focus(ticketId: string): void;
}): { readonly selected: string | null; select(ticketId: string): void } {
  const { rows, openId, open, close, show, focus } = options;
  const [chosen, select] = useState<string | null>(null);
  const selected = openId ?? chosen;
  const move = (step: 1 | -1) => {
    if (rows.length === 0) return;
    const at = rows.findIndex(({ ticketId }) => ticketId === selected);
    const next = at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
    const row = rows[next];
    if (row === undefined) return;
    select(row.ticketId);
    show(next);
    if (openId !== null) open(row.ticketId);
    else focus(row.ticketId);
  };
  const closed = useRef(openId);
  useEffect(() => {
    const before = closed.current;
    closed.current = openId;
    if (before === null || openId !== null) return;
    const at = rows.findIndex(({ ticketId }) => ticketId === before);
    if (at === -1) return;
    select(before);
    show(at);
    focus(before);
  });
  useHotkeys([
    ['j', () => move(1)],
    ['k', () => move(-1)],
    ['Enter', () => selected !== null && openId === null && open(selected)],
    ['Escape', () => openId !== null && close()],
  ]);
  return { selected, select };
}
