import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { TicketFilter } from '../../data/ticket-filter.ts';
import { refreshPages, type TicketPages, ticketsKey } from '../../data/tickets.ts';
import { useLiveEvents } from '../../data/use-live-events.ts';

/** Events within this time are answered by one request. */
const GATHER_MS = 400;
const AFTER_FAILURE_MS = 5_000;

/** Keeps the list with this filter up to date while it is shown. */
export function useLiveTickets(filter: TicketFilter): void {
  const client = useQueryClient();
  const changed = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(filter);
  latest.current = filter;

  const refresh = async () => {
    const key = ticketsKey(latest.current);
    const held = client.getQueryData<TicketPages>(key);
    const ids = new Set(changed.current);
    changed.current.clear();
    let hasFailed = false;
    if (held !== undefined) {
      const next = await refreshPages({ filter: latest.current, held, changed: ids }).catch(() => null);
      hasFailed = next === null;
      // A page that was scrolled to meanwhile would be lost; what changed is asked for again with it.
      if (next !== null && client.getQueryData<TicketPages>(key) === held) client.setQueryData(key, next);
      else for (const id of ids) changed.current.add(id);
    }
    timer.current = null;
    if (changed.current.size > 0) gather(hasFailed ? AFTER_FAILURE_MS : GATHER_MS);
  };
  const gather = (afterMs: number) => {
    timer.current ??= setTimeout(() => void refresh(), afterMs);
  };
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  useLiveEvents({
    onEvent({ ticketId }) {
      if (ticketId === null) return;
      changed.current.add(ticketId);
      gather(GATHER_MS);
    },
    onOpen: () => gather(GATHER_MS),
  });
}
