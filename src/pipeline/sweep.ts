import type { Logger } from '../base/logger.ts';
import type { Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';

/** Jobs that were queued again. */
export type Swept = { readonly tickets: number; readonly deliveries: number };

/**
 * Queues again what waits in the store without a job. One process at a time, and in one transaction: the next one finds
 * the jobs of the one before.
 */
export async function sweepLostWork(context: {
  store: Pick<Store, 'upkeep'>;
  queue: Pick<Queue, 'enqueue' | 'findLost'>;
  logger: Logger;
}): Promise<Swept> {
  const { store, queue, logger } = context;
  const swept = await store.upkeep(async ({ executor }) => {
    const { decide, deliver } = await queue.findLost(executor);
    await queue.enqueue('decide', decide, executor);
    await queue.enqueue('deliver', deliver, executor);
    return { tickets: decide.length, deliveries: deliver.length };
  });
  if (swept === null) return { tickets: 0, deliveries: 0 };
  if (swept.tickets + swept.deliveries > 0) logger.warn(swept, 'what waited without a job was queued again');
  return swept;
}
