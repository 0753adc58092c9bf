import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import type { CallOutcome } from './circuit-breaker.ts';

/** Why a call brought no reply. */
export type CallFailure = {
  /** For people: what happened, without a word of the ticket. */
  readonly detail: string;
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
    return failure({ detail: 'the connection failed', outcome: 'unavailable', retryable: true });
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
  return { retryAfterMs: null, aborted: false, ...parts };
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
      outcome: 'shut',
      retryable: false,
    });
  }
  if (status === 429) {
    return failure({
      detail: `rate limited (${called})`,
      outcome: 'unavailable',
      retryable: retryable(true),
      retryAfterMs,
    });
  }
  if (status === 401)
    return failure({ detail: `the API key is refused (${called})`, outcome: 'shut', retryable: false });
  if (status === 402)
    return failure({ detail: `billing has to be settled (${called})`, outcome: 'shut', retryable: false });
  if (status === 403)
    return failure({ detail: `the key may not do this (${called})`, outcome: 'shut', retryable: false });
  if (status === 404) {
    return failure({ detail: `model or address not found (${called})`, outcome: 'shut', retryable: retryable(false) });
  }
  if (status === 408 || status === 409) {
    return failure({
      detail: `not completed (${called})`,
      outcome: 'unavailable',
      retryable: retryable(true),
      retryAfterMs,
    });
  }
  if (status === undefined || status >= 500) {
    const detail = status === 529 || type === 'overloaded_error' ? 'overloaded' : 'server error';
    return failure({
      detail: `${detail} (${called || 'no status'})`,
      outcome: 'unavailable',
      retryable: retryable(true),
      retryAfterMs,
    });
  }
  // 400 also stands for a spend limit that the account's owner set, which only its text would tell.
  return failure({
    detail: `the request is refused (${called}: ${shorten(error.apiMessage)})`,
    outcome: 'unrelated',
    retryable: retryable(false),
  });
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
