import type { Logger } from '../base/logger.ts';
import type { Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';

/** The number of jobs that were queued again. */
export type Swept = { readonly tickets: number; readonly deliveries: number; readonly webhooks: number };

/**
 * Queues new jobs for undecided tickets, pending deliveries and waiting webhooks in the store that have no job. One process at a time
 * does this, in one transaction, so that the next process finds the new jobs.
 */
export async function sweepLostWork(context: {
  store: Pick<Store, 'upkeep'>;
  queue: Pick<Queue, 'enqueue' | 'findLost'>;
  logger: Logger;
}): Promise<Swept> {
  const { store, queue, logger } = context;
  const swept = await store.upkeep(async ({ executor }) => {
    const { decide, deliver, receive } = await queue.findLost(executor);
    await queue.enqueue('decide', decide, executor);
    await queue.enqueue('deliver', deliver, executor);
    await queue.enqueue('receive', receive, executor);
    return { tickets: decide.length, deliveries: deliver.length, webhooks: receive.length };
  });
  if (swept === null) return { tickets: 0, deliveries: 0, webhooks: 0 };
  if (swept.tickets + swept.deliveries + swept.webhooks > 0)
    logger.warn(swept, 'tickets, deliveries or webhooks had lost their jobs; new jobs were queued');
  return swept;
}
