import { z } from 'zod';
import { describeWaiting } from '../app/describe-waiting.ts';
import { describeExamples } from './check-examples.ts';
import type { Finding } from './finding.ts';

const RESPONSE_TIMEOUT_MS = 3_000;

/** Reads `/readyz` of the server that has the store open. With its token, the server says more. */
export async function checkServer({ url, token }: { url: string; token: string | null }): Promise<Finding[]> {
  try {
    const response = await fetch(`${url}/readyz`, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
    });
    const health = healthSchema.parse(await response.json());
    return [describeServer(health), ...describeExamples(health.unknownIntents)];
  } catch (error) {
    const found = error instanceof Error ? error.name : 'no answer';
    const detail = `${url} did not respond as a Switchboard server does (${found}). Restart it.`;
    return [{ check: 'server', status: 'failed', detail }];
  }
}

/** What a server says of itself in `/readyz`. */
export function describeServer(health: z.infer<typeof healthSchema>): Finding {
  const waiting = describeWaiting(health.queue);
  const [worst] = health.degraded;
  if (!health.ready) {
    const why = health.store.error ?? 'the store or the queue does not respond';
    return { check: 'server', status: 'failed', detail: `not ready: ${why}` };
  }
  return worst === undefined
    ? { check: 'server', status: 'ok', detail: `ready, ${waiting}, ${health.engine.why}` }
    : { check: 'server', status: 'note', detail: `ready, ${waiting}; ${worst.part}: ${worst.why}` };
}

const healthSchema = z.object({
  ready: z.boolean(),
  store: z.object({ error: z.string().nullable() }),
  /** A server of an older version does not say how old the oldest is. */
  queue: z.object({ waiting: z.number(), oldestSeconds: z.number().nullable().default(null) }),
  engine: z.object({ why: z.string() }),
  degraded: z.array(z.object({ part: z.string(), why: z.string() })).default([]),
  /** Missing in the response of a server of an older version. */
  unknownIntents: z.record(z.string(), z.number()).default({}),
});
