import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/**
 * Keeps the rows in view where they are while others are added above them, unless the list is at its top. Returns how many
 * were added since it was there last.
 */
export function useHeldPosition(options: {
  scroller: RefObject<HTMLDivElement | null>;
  rows: readonly { readonly ticketId: string }[];
  rowHeight: number;
}): number {
  const { scroller, rows, rowHeight } = options;
  const firstId = rows[0]?.ticketId ?? null;
  const before = useRef<string | null>(null);
  const [above, setAbove] = useState(0);
  useLayoutEffect(() => {
    const added = before.current === null ? 0 : rows.findIndex(({ ticketId }) => ticketId === before.current);
    before.current = firstId;
    const element = scroller.current;
    if (added < 0) setAbove(0); // another list
    if (element === null || added <= 0 || element.scrollTop === 0) return;
    element.scrollTop += added * rowHeight;
    setAbove((count) => count + added);
  }, [firstId, rows, scroller, rowHeight]);
  useEffect(() => {
    const element = scroller.current;
    const seeTop = () => {
      if (element?.scrollTop === 0) setAbove(0);
    };
    element?.addEventListener('scroll', seeTop, { passive: true });
    return () => element?.removeEventListener('scroll', seeTop);
  }, [scroller]);
  return above;
}
