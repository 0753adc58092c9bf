import type { Problem } from './api-types.ts';

/** What the server refused, or why it could not be reached. */
export class ApiError extends Error {
  /** The HTTP status; null when no response came. */
  readonly status: number | null;
  /** The problem's code, `unreachable` when no response came. */
  readonly code: string;

  constructor(options: { status: number | null; code: string; message: string; cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.name = 'ApiError';
    this.status = options.status;
    this.code = options.code;
  }
}

/** Whether the server answered that it will not do this, and not that it cannot now. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof ApiError && error.status !== null && error.status < 500 && error.status !== 429;

/** Values of any type: the contract's are `unknown` where they are read from texts. */
export type Query = Readonly<Record<string, unknown>>;

type CallOptions = {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Left out: those that are null, undefined or empty. */
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** The request goes on when the page is closed. */
  readonly keepalive?: boolean;
};

/**
 * Calls the API of this server and returns the JSON of its response; null where it has none. Throws ApiError. The type of
 * the response is the caller's claim: page and server are built from one contract.
 */
export async function callApi<Result>(path: string, options: CallOptions = {}): Promise<Result> {
  const { method = 'GET', query = {}, body, signal, keepalive = false } = options;
  const response = await fetch(withQuery(path, query), {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
    keepalive,
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError({ status: null, code: 'unreachable', message: 'The server cannot be reached.', cause });
  });
  if (!response.ok) throw await readProblem(response);
  if (response.status === 204) return null as Result;
  return response.json().catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    // A proxy in between has answered, or the connection was lost in the middle.
    throw new ApiError({ status: null, code: 'unreachable', message: 'The server cannot be reached.', cause });
  });
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

async function readProblem(response: Response): Promise<ApiError> {
  const { status } = response;
  // A proxy in between may answer with a page of its own.
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  return new ApiError({
    status,
    code: problem?.code ?? 'unknown',
    message: problem?.detail ?? `The server answered with status ${status}.`,
  });
}
