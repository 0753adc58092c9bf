import { sha256 } from '../../base/hash.ts';
import type { WebhookReceiver } from '../connector.ts';
import { findSignatureFault, type SignatureScheme, type SignedRequest, signatureHeaders } from '../signature.ts';
import { mapWebhook } from './map-signals.ts';

const SIGNATURE = 'x-zendesk-webhook-signature';
const TIMESTAMP = 'x-zendesk-webhook-signature-timestamp';
const INVOCATION = 'x-zendesk-webhook-invocation-id';
/** Many more than arrive within the tolerance of signatures. */
const MAX_KNOWN = 20_000;

/** Receives webhooks of event subscriptions and of triggers. */
export function createReceiver(options: { readonly secret: string; readonly toleranceMs: number }): WebhookReceiver {
  const { secret, toleranceMs } = options;
  const scheme: SignatureScheme = {
    algorithm: 'sha256',
    encoding: 'base64',
    header: SIGNATURE,
    prefix: '',
    timestamp: { header: TIMESTAMP, format: 'iso', separator: '', toleranceMs },
  };
  const keyOf = createKeys();
  return {
    headers: [INVOCATION, SIGNATURE, TIMESTAMP],
    findFault: (request, now) => findSignatureFault({ scheme, secret, request, now }),
    deduplicationKey: keyOf,
    read: ({ body }) => mapWebhook(body),
    sign: (body, at) => signatureHeaders({ scheme, secret, body, at }),
  };
}

/**
 * Zendesk sends the same webhook again under the same invocation id, which is not signed. So the body is part of the key,
 * and what was signed once keeps its first key: a recorded webhook is no new one under another id.
 */
function createKeys(): (request: SignedRequest) => string {
  const known = new Map<string, string>();
  return ({ headers, body }) => {
    const signature = headers[SIGNATURE] ?? '';
    const first = known.get(signature);
    if (first !== undefined) return first;
    const invocation = headers[INVOCATION] ?? `at ${headers[TIMESTAMP] ?? ''}`;
    const key = sha256(`${invocation}\n${body.toString('base64')}`);
    known.set(signature, key);
    const [oldest] = known.keys();
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    return key;
  };
}
