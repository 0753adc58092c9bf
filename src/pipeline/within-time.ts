import { raceSignal, startDeadline } from '../base/deadline.ts';
import { ConnectorError } from '../errors.ts';

/** A slow helpdesk takes seconds. Well below the time after which the job expires (queue/jobs.ts). */
const WRITE_TIMEOUT_MS = 60_000;

/** Rejects with ConnectorError when a helpdesk takes too long to write. What was written is found by the next try. */
export async function withinTime<T>(options: {
  connector: string;
  signal?: AbortSignal | undefined;
  work: (signal: AbortSignal) => Promise<T>;
}): Promise<T> {
  const { connector, signal, work } = options;
  using deadline = startDeadline({ timeoutMs: WRITE_TIMEOUT_MS, signal });
  try {
    return await raceSignal({ work: work(deadline.signal), signal: deadline.signal });
  } catch (error) {
    if (!deadline.passed()) throw error;
    const message = `The connector "${connector}" did not confirm within ${WRITE_TIMEOUT_MS / 1_000} s. Check that its helpdesk responds, and try again; a delivery is tried again by itself.`;
    throw new ConnectorError({ connector, retryable: true, message });
  }
}
