import { z } from 'zod';
import { describeWaiting } from '../app/describe-waiting.ts';
import { say, sayAll, sayingOf, withText } from '../base/say.ts';
import { sayingSchema } from '../base/saying-schema.ts';
import { describeExamples } from './check-examples.ts';
import { type Finding, finding } from './finding.ts';

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
  const { engine, queue } = health;
  const waiting = describeWaiting(queue);
  const [worst] = health.degraded;
  if (!health.ready) {
    const why = health.store.error ?? 'the store or the queue does not respond';
    return finding('server', 'failed', say('doctor.not-ready', `not ready: ${why}`, { why }));
  }
  const isReady = say('doctor.ready', `ready, ${waiting}`, { count: queue.waiting });
  const [status, end, why] =
    worst === undefined
      ? (['ok', `, ${engine.why}`, sayingOf(engine.why, engine.whyFacts)] as const)
      : (['note', `; ${worst.part}: ${worst.why}`, sayingOf(`${worst.part}: ${worst.why}`, worst.whyFacts)] as const);
  return finding('server', status, withText(sayAll([isReady, why]), `${isReady.text}${end}`));
}

const healthSchema = z.object({
  ready: z.boolean(),
  store: z.object({ error: z.string().nullable() }),
  /** A server of an older version does not say how old the oldest is. */
  queue: z.object({ waiting: z.number(), oldestSeconds: z.number().nullable().default(null) }),
  engine: z.object({ why: z.string(), whyFacts: sayingSchema }),
  degraded: z.array(z.object({ part: z.string(), why: z.string(), whyFacts: sayingSchema })).default([]),
  /** Missing in the response of a server of an older version. */
  unknownIntents: z.record(z.string(), z.number()).default({}),
});
