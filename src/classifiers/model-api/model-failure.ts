/** Why a model gave no answer that can be used. Callers act on the kind, never on the text. */
export type FailureKind =
  /** The caller gave up. */
  | 'cancelled'
  /** The time for the ticket is over. */
  | 'deadline'
  /** An attempt was ended because it took too long. */
  | 'timeout'
  /** Overload, server error, lost connection, a reply that broke off. */
  | 'unavailable'
  | 'rate-limited'
  /** Key, billing, rights, model name: somebody has to put it right. */
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
  /** No request could be made of this ticket. */
  | 'unsendable';

export type ModelFailure = {
  readonly kind: FailureKind;
  /** For people: what happened, without a word of the ticket. */
  readonly detail: string;
  /** The same without words of the service, for logs and health checks. */
  readonly summary: string;
  /** What a person can do about it; null where waiting is all. */
  readonly cure: string | null;
  /** True when asking again at once may help. */
  readonly retryable: boolean;
  /** How long the service asks us to wait; null when it does not say. */
  readonly retryAfterMs: number | null;
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
};

/** A failure from the parts that are not the usual ones. */
export function modelFailure(
  parts: Pick<ModelFailure, 'kind' | 'detail' | 'retryable'> & Partial<ModelFailure>,
): ModelFailure {
  return { summary: parts.detail, cure: null, retryAfterMs: null, status: null, ...parts };
}
