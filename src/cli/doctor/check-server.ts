import { z } from 'zod';
import { count } from '../../base/plural.ts';
import type { Finding } from './finding.ts';

const ASK_TIMEOUT_MS = 3_000;

/** Asks the server that holds the store. */
export async function checkServer(url: string): Promise<Finding> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    const health = healthSchema.parse(await response.json());
    const jobs = `${count(health.queue.waiting, 'ticket')} waiting`;
    const [worst] = health.degraded;
    if (health.ready && worst !== undefined) {
      return { check: 'server', status: 'note', detail: `ready, ${jobs}; ${worst.part}: ${worst.why}` };
    }
    return health.ready
      ? { check: 'server', status: 'ok', detail: `ready, ${jobs}, ${health.engine.why}` }
      : {
          check: 'server',
          status: 'failed',
          detail: `not ready: ${health.store.error ?? 'the store or the queue is down'}`,
        };
  } catch (error) {
    const found = error instanceof Error ? error.name : 'no answer';
    return { check: 'server', status: 'failed', detail: `${url} does not answer as it should (${found}). Restart it.` };
  }
}
const healthSchema = z.object({
  ready: z.boolean(),
  store: z.object({ error: z.string().nullable() }),
  queue: z.object({ waiting: z.number() }),
  engine: z.object({ why: z.string() }),
  degraded: z.array(z.object({ part: z.string(), why: z.string() })).default([]),
});
