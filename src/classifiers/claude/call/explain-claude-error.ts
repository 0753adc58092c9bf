import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import { type ModelFailure, modelFailure } from '../../model-api/model-failure.ts';
import { readRetryAfter } from '../../model-api/retry-after.ts';

/** Codes of 429 that no waiting for seconds cures: monthly caps of the account. */
const spendLimitCodes: ReadonlySet<string> = new Set(['enforced_spend_limit_reached', 'contract_spend_limit_reached']);
const abortNames: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError', 'APIUserAbortError']);

/** What an error of the SDK means. Types and statuses decide, never the text of a message. */
export function explainClaudeError(error: unknown): ModelFailure {
  if (isAbort(error)) return modelFailure({ kind: 'timeout', detail: 'no answer in time', retryable: true });
  if (error instanceof APIConnectionError) {
    const cure = 'Check the network and ANTHROPIC_BASE_URL.';
    return modelFailure({ kind: 'unavailable', detail: 'the connection failed', cure, retryable: true });
  }
  if (error instanceof APIError) return fromApiError(error);
  // A body that breaks off or is no JSON surfaces as a plain error of fetch or of the parser.
  return modelFailure({ kind: 'unavailable', detail: 'the reply could not be read', retryable: true });
}

function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return abortNames.has(error.name) || abortNames.has(error.constructor.name);
}

function fromApiError(error: APIError): ModelFailure {
  const { type, errorCode } = error;
  const status = error.status ?? null;
  const headers = error.headers ?? new Headers();
  const called = [status, type, errorCode].filter((part) => part !== null && part !== undefined).join(' ');
  const asked = headers.get('x-should-retry');
  const retryable = (usual: boolean) => (asked === 'true' ? true : asked === 'false' ? false : usual);

  if (status === 429 && errorCode !== null && spendLimitCodes.has(errorCode)) {
    return modelFailure({
      kind: 'spend-limit',
      detail: `the spend limit of the account is reached (${called})`,
      cure: 'Raise the limit in the Console, or wait for the next month.',
      status,
      retryable: false,
    });
  }
  const noAccess = status === null ? undefined : accessCures[status];
  if (noAccess !== undefined) {
    const { detail, cure } = noAccess;
    return modelFailure({ kind: 'access', detail: `${detail} (${called})`, cure, status, retryable: retryable(false) });
  }
  const passing = passingDetail({ status, type });
  if (passing !== null) {
    return modelFailure({
      kind: status === 429 ? 'rate-limited' : 'unavailable',
      detail: `${passing} (${called || 'no status'})`,
      status,
      retryable: retryable(true),
      retryAfterMs: readRetryAfter(headers),
    });
  }
  // 400 also stands for a spend limit that the account's owner set, which only its text would tell.
  return modelFailure({
    kind: 'rejected',
    detail: `the request is refused (${called}: ${shorten(error.apiMessage)})`,
    summary: `the request is refused (${called})`,
    status,
    retryable: retryable(false),
  });
}

/** Statuses that somebody has to cure. */
const accessCures: Readonly<Record<number, { readonly detail: string; readonly cure: string }>> = {
  401: { detail: 'the API key is refused', cure: 'Check ANTHROPIC_API_KEY.' },
  402: { detail: 'billing has to be settled', cure: 'Settle it in the Console.' },
  403: { detail: 'the key may not do this', cure: 'Give the key the right to this model and workspace.' },
  404: { detail: 'model or address not found', cure: 'Check claude.model and ANTHROPIC_BASE_URL.' },
};

/** What a status that may pass by itself means; null for the others. */
function passingDetail({ status, type }: { status: number | null; type: string | null }): string | null {
  if (status === 429) return 'rate limited';
  if (status === 408 || status === 409) return 'not completed';
  if (status !== null && status < 500) return null;
  return status === 529 || type === 'overloaded_error' ? 'overloaded' : 'server error';
}

const shorten = (message: string | null) => (message ?? 'no message').replace(/\s+/g, ' ').slice(0, 160);
