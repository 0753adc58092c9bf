import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import { type ModelFailure, modelFailure } from '../../model-api/model-failure.ts';
import { readRetryAfter } from '../../model-api/retry-after.ts';

/** Codes of 429 for the monthly caps of an account, which do not pass within seconds. */
const spendLimitCodes: ReadonlySet<string> = new Set(['enforced_spend_limit_reached', 'contract_spend_limit_reached']);
const abortNames: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError', 'APIUserAbortError']);

/** Maps an error of the SDK to a failure, by its type and status and never by the text of its message. */
export function explainClaudeError(error: unknown): ModelFailure {
  if (isAbort(error)) return modelFailure({ kind: 'timeout', detail: 'no answer in time', retryable: true });
  if (error instanceof APIConnectionError) {
    const cure = 'Check the network and ANTHROPIC_BASE_URL.';
    return modelFailure({ kind: 'unavailable', detail: 'the connection failed', cure, retryable: true });
  }
  if (error instanceof APIError) return fromApiError(error);
  // A body that is incomplete or not JSON causes a plain error of fetch or of the parser.
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
  const codes = [status, type, errorCode].filter((part) => part !== null && part !== undefined).join(' ');
  const shouldRetry = headers.get('x-should-retry');
  const retryable = (usual: boolean) => (shouldRetry === 'true' ? true : shouldRetry === 'false' ? false : usual);

  if (status === 429 && errorCode !== null && spendLimitCodes.has(errorCode)) {
    return modelFailure({
      kind: 'spend-limit',
      detail: `the spend limit of the account is reached (${codes})`,
      cure: 'Raise the limit in the Console, or wait for the next month.',
      status,
      retryable: false,
    });
  }
  const noAccess = status === null ? undefined : accessCures[status];
  if (noAccess !== undefined) {
    const { detail, cure } = noAccess;
    return modelFailure({ kind: 'access', detail: `${detail} (${codes})`, cure, status, retryable: retryable(false) });
  }
  const passing = passingDetail({ status, type });
  if (passing !== null) {
    return modelFailure({
      kind: status === 429 ? 'rate-limited' : 'unavailable',
      detail: `${passing} (${codes || 'no status'})`,
      status,
      retryable: retryable(true),
      retryAfterMs: readRetryAfter(headers),
    });
  }
  // 400 is also the status for a spend limit that the owner of the account set; only the text shows which one it is.
  return modelFailure({
    kind: 'rejected',
    detail: `the request is refused (${codes}: ${shorten(error.apiMessage)})`,
    summary: `the request is refused (${codes})`,
    status,
    retryable: retryable(false),
  });
}

/** Statuses whose cause a person has to correct. */
const accessCures: Readonly<Record<number, { readonly detail: string; readonly cure: string }>> = {
  401: { detail: 'the API key is refused', cure: 'Check ANTHROPIC_API_KEY.' },
  402: { detail: 'the account has a billing problem', cure: 'Check billing in the Console.' },
  403: { detail: 'the key lacks a permission', cure: 'Give the key access to this model and workspace.' },
  404: { detail: 'model or address not found', cure: 'Check claude.model and ANTHROPIC_BASE_URL.' },
};

/** Describes a status that may pass by itself; null for the others. */
function passingDetail({ status, type }: { status: number | null; type: string | null }): string | null {
  if (status === 429) return 'rate limited';
  if (status === 408 || status === 409) return 'not completed';
  if (status !== null && status < 500) return null;
  return status === 529 || type === 'overloaded_error' ? 'overloaded' : 'server error';
}

const shorten = (message: string | null) => (message ?? 'no message').replace(/\s+/g, ' ').slice(0, 160);
