import type { z } from 'zod';
import { raceSignal, sleep as realSleep, startDeadline } from '../base/deadline.ts';
import { readBounded } from '../base/read-bounded.ts';
import { ConnectorError } from '../errors.ts';
import type { RateLimit } from './rate-limit.ts';

/** Time for a call with its repetitions and waits. Shorter than a delivery may take (pipeline/deliver.ts). */
const TIMEOUT_MS = 45_000;
/** A page of an export has a thousand tickets. */
const MAX_REPLY_BYTES = 64 * 1024 ** 2;
const MAX_TRIES = 3;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** A helpdesk that asks for more is asked again after this time, because it may be wrong. */
const LONGEST_ASKED_MS = 3_600_000;
/** Seconds since 1970 are larger, seconds from now smaller. */
const LEAST_UNIX_SECONDS = 1_000_000_000;

export type HttpCall<Body> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the configured address; or a whole address of the same origin, such as the link to the next page. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a reply of 2xx contains; null when it does not matter. */
  readonly schema: z.ZodType<Body> | null;
  /** Statuses from 300 on that are a result of this call; all others reject. */
  readonly accepts?: readonly number[];
  /** Whether the call may be sent again when it is not known what became of it. Default: true for GET alone. */
  readonly isRepeatable?: boolean;
  readonly signal?: AbortSignal;
};

export type HttpReply<Body> =
  | { readonly ok: true; readonly status: number; readonly headers: Headers; readonly body: Body }
  /** A status of `accepts`. */
  | { readonly ok: false; readonly status: number; readonly headers: Headers };

/** Calls the API of one helpdesk. */
export type HttpClient = {
  /**
   * Calls the API. Waits where a limit asks for it, and repeats a call that met a 429, a 503 or a lost connection. Rejects
   * with ConnectorError, which has no text of a reply; `unavailable` when the helpdesk could not be reached, refused the
   * key, or asks for a longer pause than there is time.
   */
  call<Body>(call: HttpCall<Body>): Promise<HttpReply<Body>>;
};

export type HttpClientOptions = {
  /** Name of the connector, for messages. */
  readonly connector: string;
  /** Address of the API. Credentials go to this origin and to no other. */
  readonly baseUrl: string;
  /** Headers with the credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** Each call waits for those that apply to it. */
  readonly limits?: readonly { readonly applies: (call: HttpCall<unknown>) => boolean; readonly limit: RateLimit }[];
  readonly timeoutMs?: number;
  readonly maxReplyBytes?: number;
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly sleep?: typeof realSleep;
  /** In [0, 1). */
  readonly random?: () => number;
};

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { connector, headers, limits = [], timeoutMs = TIMEOUT_MS, maxReplyBytes = MAX_REPLY_BYTES } = options;
  const { fetch = globalThis.fetch, now = Date.now, sleep = realSleep, random = Math.random } = options;
  const base = new URL(options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`);
  const where = `The helpdesk of the connector "${connector}" (${base.host})`;
  /** The helpdesk has asked for a pause until then. */
  let pausedUntil = 0;

  const fail = (found: string, facts: FailureFacts) =>
    new ConnectorError({ connector, message: `${where} ${found}.`, ...facts });

  const addressOf = ({ path, query = {} }: HttpCall<unknown>): URL => {
    const url = new URL(path.startsWith('/') ? path.slice(1) : path, base);
    if (url.origin !== base.origin) {
      throw fail('named an address of another server, which gets no credentials', { retryable: false });
    }
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  };

  const send = async <Body>(call: HttpCall<Body>, signal: AbortSignal): Promise<Answer> => {
    const response = await fetch(addressOf(call), {
      method: call.method,
      headers: {
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      redirect: 'manual',
      signal,
    });
    const { status } = response;
    const isUsed = response.ok && call.schema !== null;
    if (!isUsed) await response.body?.cancel();
    const tooLong = () => fail(`sent more than ${maxReplyBytes} bytes`, { retryable: false });
    const text = isUsed ? await readBounded(response, { maxBytes: maxReplyBytes, tooLong }) : '';
    return { status, headers: response.headers, text };
  };

  /** Waits until the helpdesk and our own limits allow a call. */
  const waitForTurn = async (call: HttpCall<unknown>, deadline: { signal: AbortSignal; remainingMs(): number }) => {
    const pauseMs = pausedUntil - now();
    if (pauseMs > deadline.remainingMs()) {
      throw fail(`asks for a pause of ${Math.ceil(pauseMs / 1_000)} s`, {
        retryable: true,
        unavailable: true,
        retryInMs: pauseMs,
      });
    }
    if (pauseMs > 0) await sleep({ ms: pauseMs, signal: deadline.signal });
    for (const { applies, limit } of limits) if (applies(call)) await limit.take(deadline.signal);
  };

  /** Waits longer after each try, by a random part so that processes do not repeat at the same moment. */
  const pause = (tries: number, signal: AbortSignal) => {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
    return sleep({ ms: longest * (0.5 + random() / 2), signal });
  };

  return {
    async call(call) {
      using deadline = startDeadline({ timeoutMs, signal: call.signal });
      const isRepeatable = call.isRepeatable ?? call.method === 'GET';
      for (let tries = 1; ; tries += 1) {
        let answer: Answer;
        try {
          await waitForTurn(call, deadline);
          answer = await raceSignal({ work: send(call, deadline.signal), signal: deadline.signal });
        } catch (error) {
          if (error instanceof ConnectorError) throw error;
          if (call.signal?.aborted) throw call.signal.reason;
          const isLast = deadline.passed() || tries === MAX_TRIES || !isRepeatable;
          if (!isLast) {
            await pause(tries, deadline.signal);
            continue;
          }
          const found = deadline.passed() ? `did not answer within ${timeoutMs / 1_000} s` : 'could not be reached';
          throw fail(found, { retryable: true, unavailable: true, cause: error });
        }
        const { status } = answer;
        if (status < 400 || call.accepts?.includes(status)) return readAnswer({ call, answer, fail });
        const waitMs = status === 429 || status === 503 ? waitOf(answer.headers, now()) : null;
        if (waitMs !== null) pausedUntil = Math.max(pausedUntil, now() + waitMs);
        // A call that was refused for its number has changed nothing.
        const mayRepeat = status === 429 || (status >= 500 && isRepeatable);
        if (!mayRepeat || tries === MAX_TRIES) throw fail(...describeStatus({ call, status, retryInMs: waitMs }));
        if (waitMs === null) await pause(tries, deadline.signal);
      }
    },
  };
}

type Answer = { readonly status: number; readonly headers: Headers; readonly text: string };
type FailureFacts = {
  readonly retryable: boolean;
  readonly unavailable?: boolean;
  readonly status?: number;
  readonly retryInMs?: number;
  readonly cause?: unknown;
};

function readAnswer<Body>(options: {
  call: HttpCall<Body>;
  answer: Answer;
  fail: (found: string, facts: FailureFacts) => ConnectorError;
}): HttpReply<Body> {
  const { call, answer, fail } = options;
  const { status, headers, text } = answer;
  const what = `${call.method} ${withoutQuery(call.path)}`;
  if (call.accepts?.includes(status)) return { ok: false, status, headers };
  if (status >= 300) {
    // The address of a redirection may contain a key, so it is not shown.
    throw fail(`redirected ${what} (${status}). Check the address in the configuration`, { retryable: false, status });
  }
  if (call.schema === null) return { ok: true, status, headers, body: undefined as Body };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail(`did not return JSON for ${what}. Check the address in the configuration`, { retryable: false, status });
  }
  const parsed = call.schema.safeParse(value);
  if (parsed.success) return { ok: true, status, headers, body: parsed.data };
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole reply').slice(0, 5);
  throw fail(`returned something unexpected for ${what} (${fields.join(', ')})`, { retryable: false, status });
}

function describeStatus(options: {
  call: HttpCall<unknown>;
  status: number;
  retryInMs: number | null;
}): [string, FailureFacts] {
  const { call, status, retryInMs } = options;
  const what = `${call.method} ${withoutQuery(call.path)}`;
  const facts = { status, ...(retryInMs !== null && { retryInMs }) };
  if (status === 401) {
    return [
      'refused the key (401). Check the secret of this connector',
      { ...facts, retryable: true, unavailable: true },
    ];
  }
  if (status === 403) {
    const found = `does not allow ${what} (403). Give the account the right, or use the key of one that has it`;
    return [found, { ...facts, retryable: true, unavailable: true }];
  }
  if (status === 429) return [`received too many calls (429)`, { ...facts, retryable: true, unavailable: true }];
  // Calls about a ticket that may be gone accept it.
  if (status === 404) {
    const found = `answered 404 to ${what}: nothing is there. Check the address in the configuration`;
    return [found, { ...facts, retryable: false }];
  }
  if (status >= 500) return [`answered ${status} to ${what}`, { ...facts, retryable: true, unavailable: true }];
  return [`answered ${status} to ${what}`, { ...facts, retryable: false }];
}

const withoutQuery = (path: string) => path.replace(/[?#].*$/, '');

/**
 * How long a helpdesk asks to wait, in milliseconds and an hour at most, by the headers that vendors use; null when it does
 * not say.
 */
export function waitOf(headers: Headers, nowMs: number): number | null {
  const asked = askedWait(headers, nowMs);
  return asked === null ? null : Math.min(asked, LONGEST_ASKED_MS);
}

function askedWait(headers: Headers, nowMs: number): number | null {
  const retryAfter = headers.get('retry-after');
  if (retryAfter !== null) {
    const seconds = Number(retryAfter);
    if (retryAfter.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
    const at = Date.parse(retryAfter);
    if (Number.isFinite(at)) return Math.max(0, at - nowMs);
  }
  for (const name of ['ratelimit-reset', 'x-ratelimit-reset', 'x-rate-limit-reset']) {
    const value = headers.get(name);
    const seconds = Number(value);
    if (value === null || value.trim() === '' || !Number.isFinite(seconds)) continue;
    return Math.max(0, seconds >= LEAST_UNIX_SECONDS ? seconds * 1_000 - nowMs : seconds * 1_000);
  }
  return null;
}
