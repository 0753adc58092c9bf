import { expect, test } from 'vitest';
import { nextAddress } from './next-address.ts';

test('signing in leads only to addresses of this server', () => {
  for (const next of ['/', '/docs', '/tickets/t-1?team=billing', '/docs/?a=b#c']) expect(nextAddress(next)).toBe(next);
  for (const next of [
    ...[undefined, null, 7, '', 'docs', '//evil.example', '/\\evil.example', 'https://evil.example', '/\n/evil'],
    ...['/sign-in', '/sign-in?next=/', '/invitation/x', 'javascript:alert(1)'],
  ]) {
    expect([next, nextAddress(next)]).toEqual([next, '/']);
  }
});
