import { z } from 'zod';
import { count } from '../../base/plural.ts';
import { describeExamples } from './check-examples.ts';
import type { Finding } from './finding.ts';

const ASK_TIMEOUT_MS = 3_000;

/** Asks the server that holds the store; `token` lets it say more. */
export async function checkServer({ url, token }: { url: string; token: string | null }): Promise<Finding[]> {
  try {
    const response = await fetch(`${url}/readyz`, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    const health = healthSchema.parse(await response.json());
    return [describeServer(health), ...describeExamples(health.unknownIntents)];
  } catch (error) {
    const found = error instanceof Error ? error.name : 'no answer';
    const detail = `${url} does not answer as it should (${found}). Restart it.`;
    return [{ check: 'server', status: 'failed', detail }];
  }
}

function describeServer(health: z.infer<typeof healthSchema>): Finding {
  const jobs = `${count(health.queue.waiting, 'ticket')} waiting`;
  const [worst] = health.degraded;
  if (!health.ready) {
    const why = health.store.error ?? 'the store or the queue is down';
    return { check: 'server', status: 'failed', detail: `not ready: ${why}` };
  }
  return worst === undefined
    ? { check: 'server', status: 'ok', detail: `ready, ${jobs}, ${health.engine.why}` }
    : { check: 'server', status: 'note', detail: `ready, ${jobs}; ${worst.part}: ${worst.why}` };
}

const healthSchema = z.object({
  ready: z.boolean(),
  store: z.object({ error: z.string().nullable() }),
  queue: z.object({ waiting: z.number() }),
  engine: z.object({ why: z.string() }),
  degraded: z.array(z.object({ part: z.string(), why: z.string() })).default([]),
  /** A server of an older version does not say. */
  unknownIntents: z.record(z.string(), z.number()).default({}),
});
