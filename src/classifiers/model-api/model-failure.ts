/** Why a model gave no usable answer. Callers act on the kind, never on the text. */
export type FailureKind =
  /** The caller gave up. */
  | 'cancelled'
  /** The time for the ticket is over. */
  | 'deadline'
  /** An attempt was ended because it took too long. */
  | 'timeout'
  /** Overload, server error, or a connection that was lost, also in the middle of a reply. */
  | 'unavailable'
  | 'rate-limited'
  /** Key, billing, rights or model name is wrong: a person has to correct it. */
  | 'access'
  /** The spend limit of the account at the service. */
  | 'spend-limit'
  /** The request was refused for another reason. */
  | 'rejected'
  /** Our own daily budget. */
  | 'budget'
  /** The circuit breaker is open: no call was made. */
  | 'paused'
  /** A reply came, and it cannot be used. */
  | 'unreadable'
  /** The model declined: a person should look. */
  | 'declined'
  /** No request could be built from this ticket. */
  | 'unsendable';

export type ModelFailure = {
  readonly kind: FailureKind;
  /** For people: what happened, without a word of the ticket. */
  readonly detail: string;
  /** The same without words of the service, for logs and health checks. */
  readonly summary: string;
  /** What a person can do about it; null where one can only wait. */
  readonly cure: string | null;
  /** True when another attempt may succeed. */
  readonly retryable: boolean;
  /** How long the service asks us to wait; null when it does not say. */
  readonly retryAfterMs: number | null;
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
};

/** Builds a failure. What is left out: the summary is the detail, and all else is null. */
export function modelFailure(
  parts: Pick<ModelFailure, 'kind' | 'detail' | 'retryable'> & Partial<ModelFailure>,
): ModelFailure {
  return { summary: parts.detail, cure: null, retryAfterMs: null, status: null, ...parts };
}
