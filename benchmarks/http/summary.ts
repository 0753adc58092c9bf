import { quantile, type Sent } from './open-loop.ts';

export const round = (value: number): number => Math.round(value * 10) / 10;

/** Numbers and latencies of requests that were sent. */
export function summarise(sent: readonly Sent[]) {
  const latencies = sent.map(({ latencyMs }) => latencyMs);
  return {
    requests: sent.length,
    notAccepted: sent.filter(({ status }) => status < 200 || status > 299).length,
    latencyMs: {
      p50: round(quantile(latencies, 0.5)),
      p90: round(quantile(latencies, 0.9)),
      p99: round(quantile(latencies, 0.99)),
      max: round(Math.max(...latencies)),
    },
  };
}

/** Delays of the server's event loop in milliseconds since the last call; the server measures them. */
export async function readEventLoopMs(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.matchAll(/^nodejs_eventloop_lag_(\w+)_seconds (\S+)$/gm);
  return Object.fromEntries([...found].map(([, name = '', value]) => [name, round(Number(value) * 1_000)]));
}
