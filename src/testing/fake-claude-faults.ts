// Test double: the faults that the fake can simulate. Each request uses up one fault.
import type { FakeApiError } from './fake-claude-request.ts';

export type Fault =
  /** An error in the API's own format. */
  | ({ readonly kind: 'error' } & FakeApiError)
  /** An HTML page of a gateway instead of JSON. */
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'drop-in-body' }
  | { readonly kind: 'stall-before-headers' }
  | { readonly kind: 'stall-in-body' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'sse-error' }
  /** Complete replies that are not what was requested. */
  | { readonly kind: 'refusal'; readonly category: string | null; readonly text?: string }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'thinking-only' }
  | { readonly kind: 'thinking-first' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'wrong-case' };

/** Faults by name, as listed in the API's documentation. */
export const faults = {
  rateLimited: (headers: Readonly<Record<string, string>> = {}): Fault => ({
    kind: 'error',
    status: 429,
    type: 'rate_limit_error',
    message: 'This request would exceed your rate limit.',
    headers,
  }),
  spendCap: (): Fault => ({
    kind: 'error',
    status: 429,
    type: 'rate_limit_error',
    message: 'Your organization has reached its monthly spend limit.',
    errorCode: 'enforced_spend_limit_reached',
  }),
  ownSpendLimit: (): Fault => ({
    kind: 'error',
    status: 400,
    type: 'invalid_request_error',
    message: 'You have reached your specified API usage limits.',
  }),
  overloaded: (headers: Readonly<Record<string, string>> = {}): Fault => ({
    kind: 'error',
    status: 529,
    type: 'overloaded_error',
    message: 'Overloaded',
    headers,
  }),
  serverError: (headers: Readonly<Record<string, string>> = {}): Fault => ({
    kind: 'error',
    status: 500,
    type: 'api_error',
    message: 'Internal server error',
    headers,
  }),
  unauthorised: (): Fault => ({ kind: 'error', status: 401, type: 'authentication_error', message: 'invalid API key' }),
} as const;

/** Faults that `scripts/fake-claude.ts --fault NAME` applies to every request. */
export const namedFaults: Readonly<Record<string, Fault>> = {
  'rate-limited': faults.rateLimited(),
  'rate-limited-a-minute': faults.rateLimited({ 'retry-after': '60' }),
  'spend-cap': faults.spendCap(),
  'own-spend-limit': faults.ownSpendLimit(),
  overloaded: faults.overloaded(),
  'server-error': faults.serverError(),
  unauthorised: faults.unauthorised(),
  html: { kind: 'html', status: 502 },
  drop: { kind: 'drop' },
  'drop-in-body': { kind: 'drop-in-body' },
  'stall-before-headers': { kind: 'stall-before-headers' },
  'stall-in-body': { kind: 'stall-in-body' },
  refusal: { kind: 'refusal', category: 'cyber' },
  truncated: { kind: 'truncated' },
  'thinking-only': { kind: 'thinking-only' },
  'thinking-first': { kind: 'thinking-first' },
  empty: { kind: 'empty' },
  'invalid-json': { kind: 'text', text: '{"reasoning": "The customer' },
  'wrong-case': { kind: 'wrong-case' },
};
