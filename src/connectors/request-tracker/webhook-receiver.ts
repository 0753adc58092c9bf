import { z } from 'zod';
import { sha256 } from '../../base/hash.ts';
import { say } from '../../base/say.ts';
import { InputError } from '../../errors.ts';
import type { WebhookReceiver } from '../connector.ts';
import { parseJsonBody } from '../parse-json-body.ts';
import { findSignatureFault, type SignatureScheme, signatureHeaders } from '../signature.ts';

const SIGNATURE_HEADER = 'x-webhook-signature';
const TIMESTAMP_HEADER = 'x-webhook-timestamp';
const OPENING_BRACE = '{'.charCodeAt(0);

const overBody: SignatureScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  header: SIGNATURE_HEADER,
  prefix: 'sha256=',
  timestamp: null,
};
const overTimeAndBody: SignatureScheme = {
  ...overBody,
  timestamp: { header: TIMESTAMP_HEADER, format: 'seconds', separator: '.', toleranceMs: 5 * 60_000 },
};

/** What the scrip sends; further fields are not looked at. */
const bodySchema = z.object({ ticket: z.number().int().positive(), transaction: z.number().int().positive() });

/**
 * Receives what the scrip of README.md sends, signed with the time. A scrip that signs the body alone is accepted, too:
 * its body names the transaction, so whoever sends a recorded one again sends one that is stored already.
 */
export function createWebhookReceiver(secret: string): WebhookReceiver {
  return {
    headers: [SIGNATURE_HEADER, TIMESTAMP_HEADER],
    findFault(request, now) {
      if (request.headers[TIMESTAMP_HEADER] !== undefined) {
        return findSignatureFault({ scheme: overTimeAndBody, secret, request, now });
      }
      // Otherwise, a recorded time and body could be passed as a body.
      if (request.body[0] !== OPENING_BRACE) return say('webhook.no-json', 'the body is no JSON object');
      return findSignatureFault({ scheme: overBody, secret, request, now });
    },
    // Names ticket and transaction.
    deduplicationKey: ({ body }) => `body ${sha256(body.toString('base64'))}`,
    read({ body }) {
      return [{ externalId: String(parseBody(body).ticket) }];
    },
    sign: (body, at) => signatureHeaders({ scheme: overTimeAndBody, secret, body, at }),
  };
}

function parseBody(body: Buffer): z.infer<typeof bodySchema> {
  const expected = 'Use the scrip of src/connectors/request-tracker/README.md.';
  const parsed = bodySchema.safeParse(parseJsonBody(body, expected));
  if (parsed.success) return parsed.data;
  throw new InputError({ message: `The body does not name a ticket and a transaction by their ids. ${expected}` });
}
