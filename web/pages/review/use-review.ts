import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { type ReviewFilter, reviewApi } from '../../data/review.ts';
import { ReviewQueue } from '../../data/review-queue.ts';
import { ticketQuery } from '../../data/tickets.ts';
import { useLiveEvents } from '../../data/use-live-events.ts';

/** What is looked at is held for five minutes. */
const RENEW_EVERY_MS = 60_000;
/** Somebody who has nothing left sees what comes soon. */
const LOOK_EVERY_MS = 8_000;
/** What happens elsewhere within this time is answered by one request. */
const GATHER_MS = 2_000;

/** The queue of this tab. The tickets of all items that are held are loaded before they are shown. */
export function useReview(options: { reviewer: string; filter: ReviewFilter }) {
  const { reviewer, filter } = options;
  const { kind, team } = filter;
  const client = useQueryClient();
  const queue = useMemo(() => new ReviewQueue({ api: reviewApi, reviewer }), [reviewer]);
  const view = useSyncExternalStore(queue.subscribe, queue.view);
  const isEmpty = view.items.length === 0;

  useEffect(() => {
    void queue.want({ ...(kind !== undefined && { kinds: [kind] }), ...(team !== undefined && { team }) });
  }, [queue, kind, team]);

  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') void queue.refill();
    };
    const timer = setInterval(look, isEmpty ? LOOK_EVERY_MS : RENEW_EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [queue, isEmpty]);

  // What others decide, and what is new, changes what is left.
  const gathering = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(
    () => () => {
      if (gathering.current !== null) clearTimeout(gathering.current);
      gathering.current = null;
    },
    [],
  );
  useLiveEvents({
    onEvent: () => {
      gathering.current ??= setTimeout(() => {
        gathering.current = null;
        if (document.visibilityState !== 'visible') return;
        void queue.refill();
        void client.invalidateQueries({ queryKey: ['review'] });
      }, GATHER_MS);
    },
    onOpen: () => void queue.reconnect(),
  });

  // Others get at once what was held by a page that is closed.
  useEffect(() => {
    window.addEventListener('pagehide', queue.leave);
    return () => {
      window.removeEventListener('pagehide', queue.leave);
      queue.leave();
    };
  }, [queue]);

  useEffect(() => {
    for (const { ticketId } of view.items) {
      if (ticketId !== null) void client.prefetchQuery(ticketQuery(ticketId));
    }
  }, [view.items, client]);

  // What was said is seen where the ticket is shown.
  useEffect(() => {
    const ticketId = view.done.at(-1)?.item.ticketId ?? null;
    if (ticketId !== null) void client.invalidateQueries({ queryKey: ['ticket', ticketId], refetchType: 'none' });
  }, [view.done, client]);

  // Counted anew once the server has it: what was just taken back may still be on its way.
  useEffect(() => {
    if (view.stored > 0) void client.invalidateQueries({ queryKey: ['review'] });
  }, [view.stored, client]);

  return { queue, view };
}
