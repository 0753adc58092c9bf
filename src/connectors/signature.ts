import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Saying, say } from '../base/say.ts';

/** How a helpdesk signs what it sends. */
export type SignatureScheme = {
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** Header with the signature, in small letters. */
  readonly header: string;
  /** Stands before the signature in its header, for example `sha256=`. */
  readonly prefix: string;
  /** Null where only the body is signed: then a request that somebody has recorded can be sent again at any time. */
  readonly timestamp: {
    readonly header: string;
    readonly format: 'iso' | 'seconds' | 'milliseconds';
    /** Between the timestamp and the body, in what is signed. */
    readonly separator: string;
    /** How far the timestamp may be from our clock, before or after, in milliseconds. */
    readonly toleranceMs: number;
  } | null;
};

export type SignedRequest = {
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it arrived, not parsed. */
  readonly body: Buffer;
};

/**
 * Returns why the signature of a request cannot be accepted, in words that do not say what would be right; null when it
 * can. Takes the same time whatever the difference is.
 */
export function findSignatureFault(options: {
  readonly scheme: SignatureScheme;
  readonly secret: string;
  readonly request: SignedRequest;
  readonly now: Date;
}): Saying | null {
  const { scheme, secret, request, now } = options;
  const given = request.headers[scheme.header];
  if (given === undefined || given === '') return missing(scheme.header);
  const timestamp = scheme.timestamp === null ? '' : (request.headers[scheme.timestamp.header] ?? '');
  if (scheme.timestamp !== null && timestamp === '') return missing(scheme.timestamp.header);
  const expected = signatureOf({ scheme, secret, timestamp, body: request.body });
  const normal = scheme.encoding === 'hex' ? given.toLowerCase() : given;
  if (!isSame(normal, expected)) {
    return say('webhook.wrong-signature', 'the signature does not fit the body and the secret');
  }
  if (scheme.timestamp === null) return null;
  const { header, format, toleranceMs } = scheme.timestamp;
  const at = momentOf(timestamp, format);
  if (at === null) return say('webhook.no-time', `the header ${header} is no time`, { header });
  if (Math.abs(now.getTime() - at) <= toleranceMs) return null;
  const minutes = Math.round(toleranceMs / 60_000);
  return say('webhook.wrong-time', `the request was signed more than ${minutes} minutes before or after now`, {
    minutes,
  });
}

const missing = (header: string) => say('webhook.header-missing', `the header ${header} is missing`, { header });

/** Returns the headers that sign a body, as the helpdesk would. */
export function signatureHeaders(options: {
  readonly scheme: SignatureScheme;
  readonly secret: string;
  readonly body: Buffer;
  readonly at: Date;
}): Record<string, string> {
  const { scheme, secret, body, at } = options;
  const timestamp = scheme.timestamp === null ? '' : writeMoment(at, scheme.timestamp.format);
  return {
    [scheme.header]: signatureOf({ scheme, secret, timestamp, body }),
    ...(scheme.timestamp !== null && { [scheme.timestamp.header]: timestamp }),
  };
}

function signatureOf(options: { scheme: SignatureScheme; secret: string; timestamp: string; body: Buffer }): string {
  const { scheme, secret, timestamp, body } = options;
  const mac = createHmac(scheme.algorithm, secret);
  if (scheme.timestamp !== null) mac.update(`${timestamp}${scheme.timestamp.separator}`);
  return scheme.prefix + mac.update(body).digest(scheme.encoding);
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  // Only the length can be told from the time, and it is known anyway.
  return left.length === right.length && timingSafeEqual(left, right);
}

type MomentFormat = NonNullable<SignatureScheme['timestamp']>['format'];

function momentOf(text: string, format: MomentFormat): number | null {
  if (format !== 'iso' && !/^\d{1,15}$/.test(text)) return null;
  const ms = format === 'iso' ? Date.parse(text) : Number(text) * (format === 'seconds' ? 1_000 : 1);
  return Number.isFinite(ms) ? ms : null;
}

function writeMoment(at: Date, format: MomentFormat): string {
  if (format === 'iso') return at.toISOString().replace(/\.\d+Z$/, 'Z');
  return String(format === 'seconds' ? Math.floor(at.getTime() / 1_000) : at.getTime());
}
