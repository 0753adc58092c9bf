import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import type { CallOutcome } from './circuit-breaker.ts';

/** Why a call brought no reply. */
export type CallFailure = {
  /** For people: what happened, without a word of the ticket. */
  readonly detail: string;
  /** What a person can do about it; null where waiting is all. */
  readonly cure: string | null;
  readonly retryable: boolean;
  /** How long the service asks us to wait; null when it does not say. */
  readonly retryAfterMs: number | null;
  readonly outcome: CallOutcome;
  /** True when the work was ended by its signal; the caller knows whose it was. */
  readonly aborted: boolean;
};

/** Codes of 429 that no waiting for seconds cures: monthly caps of the account. */
const spendLimitCodes: ReadonlySet<string> = new Set(['enforced_spend_limit_reached', 'contract_spend_limit_reached']);
const abortNames: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError', 'APIUserAbortError']);

/** What to do about an error of the SDK. Types and statuses decide, never the text of a message. */
export function toCallFailure(error: unknown): CallFailure {
  if (isAbort(error))
    return failure({ detail: 'no answer in time', outcome: 'unavailable', retryable: true, aborted: true });
  if (error instanceof APIConnectionError) {
    const cure = 'Check the network and ANTHROPIC_BASE_URL.';
    return failure({ detail: 'the connection failed', cure, outcome: 'unavailable', retryable: true });
  }
  if (error instanceof APIError) return fromApiError(error);
  // A body that breaks off or is no JSON surfaces as a plain error of fetch or of the parser.
  return failure({ detail: 'the reply could not be read', outcome: 'unavailable', retryable: true });
}

function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return abortNames.has(error.name) || abortNames.has(error.constructor.name);
}

function failure(parts: Partial<CallFailure> & Pick<CallFailure, 'detail' | 'outcome' | 'retryable'>): CallFailure {
  return { retryAfterMs: null, aborted: false, cure: null, ...parts };
}

function fromApiError(error: APIError): CallFailure {
  const { status, type, errorCode } = error;
  const headers = error.headers ?? new Headers();
  const called = [status, type, errorCode].filter((part) => part !== null && part !== undefined).join(' ');
  const asked = headers.get('x-should-retry');
  const retryable = (usual: boolean) => (asked === 'true' ? true : asked === 'false' ? false : usual);
  const retryAfterMs = readRetryAfter(headers);

  if (status === 429 && errorCode !== null && spendLimitCodes.has(errorCode)) {
    return failure({
      detail: `the spend limit of the account is reached (${called})`,
      cure: 'Raise the limit in the Console, or wait for the next month.',
      outcome: 'shut',
      retryable: false,
    });
  }
  const shut = status === undefined ? undefined : shutBy[status];
  if (shut !== undefined) {
    const detail = `${shut.detail} (${called})`;
    return failure({ detail, cure: shut.cure, outcome: 'shut', retryable: retryable(false) });
  }
  const passing = passingDetail({ status, type });
  if (passing !== null) {
    const detail = `${passing} (${called || 'no status'})`;
    // A rate limit says that the service works; pausing all calls for it would send whole bursts to the fallback.
    const outcome = status === 429 ? 'unrelated' : 'unavailable';
    return failure({ detail, outcome, retryable: retryable(true), retryAfterMs });
  }
  // 400 also stands for a spend limit that the account's owner set, which only its text would tell. Our requests differ
  // in nothing but words, so several refusals in a row are no accident of one ticket: they open the circuit breaker.
  return failure({
    detail: `the request is refused (${called}: ${shorten(error.apiMessage)})`,
    outcome: 'unavailable',
    retryable: retryable(false),
  });
}

/** Statuses that somebody has to cure. */
const shutBy: Readonly<Record<number, { readonly detail: string; readonly cure: string }>> = {
  401: { detail: 'the API key is refused', cure: 'Check ANTHROPIC_API_KEY.' },
  402: { detail: 'billing has to be settled', cure: 'Settle it in the Console.' },
  403: { detail: 'the key may not do this', cure: 'Give the key the right to this model and workspace.' },
  404: { detail: 'model or address not found', cure: 'Check claude.model and ANTHROPIC_BASE_URL.' },
};

/** What a status that may pass by itself means; null for the others. */
function passingDetail({ status, type }: { status: number | undefined; type: string | null }): string | null {
  if (status === 429) return 'rate limited';
  if (status === 408 || status === 409) return 'not completed';
  if (status !== undefined && status < 500) return null;
  return status === 529 || type === 'overloaded_error' ? 'overloaded' : 'server error';
}

const shorten = (message: string | null) => (message ?? 'no message').replace(/\s+/g, ' ').slice(0, 160);

/** `retry-after-ms`, else `retry-after` in seconds or as a date. Null when there is none or it makes no sense. */
export function readRetryAfter(headers: Headers, now: number = Date.now()): number | null {
  const ms = numberIn(headers.get('retry-after-ms'));
  if (ms !== null) return Math.max(0, ms);
  const text = headers.get('retry-after');
  const seconds = numberIn(text);
  if (seconds !== null) return Math.max(0, seconds * 1_000);
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function numberIn(text: string | null): number | null {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
