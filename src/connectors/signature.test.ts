import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findSignatureFault, type SignatureScheme, signatureHeaders } from './signature.ts';

const timestamp = { header: 'x-timestamp', format: 'iso', separator: '', toleranceMs: 300_000 } as const;
const stamped: SignatureScheme = {
  algorithm: 'sha256',
  encoding: 'base64',
  header: 'x-signature',
  prefix: '',
  timestamp,
};
const plain: SignatureScheme = {
  algorithm: 'sha1',
  encoding: 'hex',
  header: 'x-hub',
  prefix: 'sha1=',
  timestamp: null,
};
const now = new Date('2026-11-27T10:00:00Z');
const secret = 'a secret';
const body = Buffer.from('{"ticket":7,"text":"Grüße"}');

const signed = (scheme: SignatureScheme, at = now) => signatureHeaders({ scheme, secret, body, at });
const faultOf = (scheme: SignatureScheme, headers: Record<string, string | undefined>, of = body) =>
  findSignatureFault({ scheme, secret, request: { headers, body: of }, now })?.text ?? null;

// From RFC 2202 (SHA-1) and RFC 4231 (SHA-256): key "Jefe", data "what do ya want for nothing?".
test.each([
  ['sha1', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
  ['sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
] as const)('%s signs as the standard says', (algorithm, expected) => {
  const scheme = { ...plain, algorithm, prefix: '' };
  const data = Buffer.from('what do ya want for nothing?');
  expect(signatureHeaders({ scheme, secret: 'Jefe', body: data, at: now })).toEqual({ 'x-hub': expected });
});

describe.each([
  ['with a timestamp', stamped],
  ['without one', plain],
])('a scheme %s', (_, scheme) => {
  test('accepts what was signed, and refuses another body, secret or header', () => {
    expect(faultOf(scheme, signed(scheme))).toBeNull();
    expect(faultOf(scheme, signed(scheme), Buffer.from(`${body} `))).toMatch(/does not fit/);
    const other = signatureHeaders({ scheme, secret: 'another', body, at: now });
    expect(faultOf(scheme, other)).toMatch(/does not fit/);
    expect(faultOf(scheme, {})).toBe(`the header ${scheme.header} is missing`);
    expect(faultOf(scheme, { ...signed(scheme), [scheme.header]: '' })).toMatch(/is missing/);
  });

  test('refuses any other signature', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^sha1=[0-9a-f]{40}$/)), (signature) => {
        expect(faultOf(scheme, { ...signed(scheme), [scheme.header]: signature })).not.toBeNull();
      }),
    );
  });
});

test('hex may be in capitals', () => {
  expect(faultOf(plain, { 'x-hub': signed(plain)['x-hub']?.toUpperCase() })).toBeNull();
});

test('a timestamp outside the tolerance, of another request, or that is none, is refused', () => {
  const at = (ms: number) => new Date(now.getTime() + ms);
  expect(faultOf(stamped, signed(stamped, at(-299_000)))).toBeNull();
  expect(faultOf(stamped, signed(stamped, at(299_000)))).toBeNull();
  expect(faultOf(stamped, signed(stamped, at(-301_000)))).toMatch(/more than 5 minutes/);
  expect(faultOf(stamped, signed(stamped, at(301_000)))).toMatch(/more than 5 minutes/);
  const moved = { ...signed(stamped, at(-400_000)), 'x-timestamp': '2026-11-27T10:00:00Z' };
  expect(faultOf(stamped, moved)).toMatch(/does not fit/);
  expect(faultOf(stamped, { 'x-signature': signed(stamped)['x-signature'] })).toBe('the header x-timestamp is missing');
});

test.each(['seconds', 'milliseconds'] as const)('a timestamp in %s is read', (format) => {
  const scheme: SignatureScheme = { ...stamped, timestamp: { ...timestamp, format, separator: '.' } };
  expect(faultOf(scheme, signed(scheme))).toBeNull();
  expect(faultOf(scheme, signed(scheme, new Date(now.getTime() - 600_000)))).toMatch(/more than 5 minutes/);
});
