import type { TicketRecord } from '../store/store.ts';
import type { HttpApp } from './http-app.ts';

/** Lets a request wait until its ticket is decided, by this process or another one. */
export type DecisionWaiter = {
  /**
   * Resolves with the record once the ticket is decided, or with null when `waitMs` is over or `close` is called first.
   */
  waitFor(options: { ticketId: string; waitMs: number }): Promise<TicketRecord | null>;
  /** Ends every wait at once. */
  close(): void;
};

export function createDecisionWaiter(app: Pick<HttpApp, 'events' | 'store'>): DecisionWaiter {
  const wakersByTicket = new Map<string, Set<() => void>>();
  let unsubscribe: (() => void) | null = null;

  // All waiting requests share one subscription; it ends with the last of them.
  const add = (ticketId: string, wake: () => void) => {
    const wakers = wakersByTicket.get(ticketId) ?? new Set();
    wakersByTicket.set(ticketId, wakers.add(wake));
    unsubscribe ??= app.events.subscribe({
      onEvent: (entry) => {
        if (entry.event !== 'decided' || entry.ticketId === null) return;
        for (const waker of wakersByTicket.get(entry.ticketId) ?? []) waker();
      },
    });
  };
  const remove = (ticketId: string, wake: () => void) => {
    const wakers = wakersByTicket.get(ticketId);
    wakers?.delete(wake);
    if (wakers?.size === 0) wakersByTicket.delete(ticketId);
    if (wakersByTicket.size > 0) return;
    unsubscribe?.();
    unsubscribe = null;
  };
  const findDecided = async (ticketId: string) => {
    const record = await app.store.tickets.getRecord(ticketId);
    return record?.state === 'decided' ? record : null;
  };

  return {
    waitFor: async ({ ticketId, waitMs }) => {
      const woken = Promise.withResolvers<void>();
      const timer = setTimeout(woken.resolve, waitMs);
      add(ticketId, woken.resolve);
      try {
        // Subscribed first, so a decision between this read and the wait is not missed.
        const already = await findDecided(ticketId);
        if (already) return already;
        await woken.promise;
        return await findDecided(ticketId);
      } finally {
        clearTimeout(timer);
        remove(ticketId, woken.resolve);
      }
    },
    close: () => {
      for (const wakers of wakersByTicket.values()) for (const wake of wakers) wake();
    },
  };
}
