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

type Wait = {
  /** The ticket has been decided, perhaps in an earlier revision: look again. */
  readonly wake: () => void;
  /** Look for the last time. */
  readonly end: () => void;
};

export function createDecisionWaiter(app: Pick<HttpApp, 'events' | 'store'>): DecisionWaiter {
  const waitsByTicket = new Map<string, Set<Wait>>();
  let unsubscribe: (() => void) | null = null;

  // All waiting requests share one subscription; it ends with the last of them.
  const add = (ticketId: string, wait: Wait) => {
    const waits = waitsByTicket.get(ticketId) ?? new Set();
    waitsByTicket.set(ticketId, waits.add(wait));
    unsubscribe ??= app.events.subscribe({
      onEvent: (entry) => {
        if (entry.event !== 'decided' || entry.ticketId === null) return;
        for (const { wake } of waitsByTicket.get(entry.ticketId) ?? []) wake();
      },
    });
  };
  const remove = (ticketId: string, wait: Wait) => {
    const waits = waitsByTicket.get(ticketId);
    waits?.delete(wait);
    if (waits?.size === 0) waitsByTicket.delete(ticketId);
    if (waitsByTicket.size > 0) return;
    unsubscribe?.();
    unsubscribe = null;
  };
  const findDecided = async (ticketId: string) => {
    const record = await app.store.tickets.getRecord(ticketId);
    return record?.state === 'decided' ? record : null;
  };

  return {
    waitFor: async ({ ticketId, waitMs }) => {
      let woken = Promise.withResolvers<void>();
      let isOver = false;
      const wait: Wait = {
        wake: () => woken.resolve(),
        end: () => {
          isOver = true;
          woken.resolve();
        },
      };
      const timer = setTimeout(wait.end, waitMs);
      add(ticketId, wait);
      try {
        // Subscribed first, so a decision between a read and the wait is not missed.
        for (;;) {
          const isLast = isOver;
          if (!isLast) woken = Promise.withResolvers<void>();
          const decided = await findDecided(ticketId);
          if (decided !== null || isLast) return decided;
          await woken.promise;
        }
      } finally {
        clearTimeout(timer);
        remove(ticketId, wait);
      }
    },
    close: () => {
      for (const waits of waitsByTicket.values()) for (const { end } of waits) end();
    },
  };
}
