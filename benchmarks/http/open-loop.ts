// Sends requests at planned moments, whether or not earlier ones have been answered: a server that falls behind gets no
// rest. Each latency counts from the planned moment to the end of the response, so that waiting in the sender is not
// left out (coordinated omission).
import { Agent, request } from 'node:http';

export type Sent = { readonly latencyMs: number; readonly status: number };

/** Moments in milliseconds of a Poisson process: arrivals as they come, with gaps that do not depend on each other. */
export function planPoisson(options: { perSecond: number; seconds: number; random: () => number }): number[] {
  const { perSecond, seconds, random } = options;
  const moments: number[] = [];
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random()) / perSecond) * 1_000;
    if (at >= seconds * 1_000) return moments;
    moments.push(at);
  }
}

/** All at the same moment. */
export const planBurst = (count: number): number[] => Array.from({ length: count }, () => 0);

/** Posts a JSON body at each moment, with further headers that may depend on it. Status 0: the connection failed. */
export async function postAtMoments(options: {
  url: string;
  moments: readonly number[];
  bodyOf: (index: number) => unknown;
  headersOf?: (body: Buffer) => Readonly<Record<string, string>>;
}): Promise<Sent[]> {
  const { url, moments, bodyOf, headersOf = () => ({}) } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const startedAt = performance.now();
  const answers: Promise<Sent>[] = [];
  while (answers.length < moments.length) {
    const index = answers.length;
    const wait = startedAt + (moments[index] ?? 0) - performance.now();
    // Timers of Node fire up to a millisecond late; that is part of the latency.
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const body = Buffer.from(JSON.stringify(bodyOf(index)));
    answers.push(post({ url, agent, body, more: headersOf(body), plannedAt: startedAt + (moments[index] ?? 0) }));
  }
  const sent = await Promise.all(answers);
  agent.destroy();
  return sent;
}

function post(options: {
  url: string;
  agent: Agent;
  body: Buffer;
  more: Readonly<Record<string, string>>;
  plannedAt: number;
}): Promise<Sent> {
  const { url, agent, body, more, plannedAt } = options;
  return new Promise((resolve) => {
    const done = (status: number) => resolve({ latencyMs: performance.now() - plannedAt, status });
    const headers = { 'content-type': 'application/json', 'content-length': body.length, ...more };
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => done(response.statusCode ?? 0));
      response.once('error', () => done(0));
    });
    sending.once('error', () => done(0));
    sending.end(body);
  });
}

/** The smallest value that at least this share of the values does not exceed; 0 without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
