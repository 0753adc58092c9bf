// How much the fake of Zendesk (fake-zendesk.ts) allows.

export type FakeLimits = {
  /** Seconds to wait, and the headers of the reply; null when the call is allowed. */
  take(call: { readonly method: string; readonly path: string }): {
    readonly waitSeconds: number | null;
    readonly headers: Readonly<Record<string, string>>;
  };
};

const MINUTE = 60_000;

/** The calls of the last minute count, so that no burst across the turn of a minute passes. */
function createWindow(limit: number, lengthMs: number, now: () => number) {
  let times: number[] = [];
  return () => {
    const at = now();
    times = times.filter((time) => time > at - lengthMs);
    const [first = at] = times;
    const resetSeconds = Math.max(1, Math.ceil((first + lengthMs - at) / 1_000));
    if (times.length >= limit) return { waitSeconds: resetSeconds, remaining: 0, resetSeconds };
    times.push(at);
    return { waitSeconds: null, remaining: limit - times.length, resetSeconds };
  };
}

export function createLimits(options: {
  now: () => number;
  callsPerMinute: number;
  updatesPerMinute: number;
  exportsPerMinute: number;
  updatesPerTicket: number;
}): FakeLimits {
  const { now } = options;
  const all = createWindow(options.callsPerMinute, MINUTE, now);
  const updates = createWindow(options.updatesPerMinute, MINUTE, now);
  const exports = createWindow(options.exportsPerMinute, MINUTE, now);
  const tickets = new Map<string, ReturnType<typeof createWindow>>();
  return {
    take({ method, path }) {
      const account = all();
      const headers = {
        'x-rate-limit': String(options.callsPerMinute),
        'x-rate-limit-remaining': String(account.remaining),
        'ratelimit-limit': String(options.callsPerMinute),
        'ratelimit-remaining': String(account.remaining),
        'ratelimit-reset': String(account.resetSeconds),
      };
      const taken = [account];
      if (method === 'PUT' && path.startsWith('/api/v2/tickets/')) {
        const own = tickets.get(path) ?? createWindow(options.updatesPerTicket, 10 * MINUTE, now);
        tickets.set(path, own);
        taken.push(updates(), own());
      }
      if (path === '/api/v2/incremental/tickets/cursor') taken.push(exports());
      const waits = taken.flatMap(({ waitSeconds }) => waitSeconds ?? []);
      return { waitSeconds: waits.length === 0 ? null : Math.max(...waits), headers };
    },
  };
}
