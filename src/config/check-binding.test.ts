import { expect, test } from 'vitest';
import { findBindingFault, isLoopbackHost } from './check-binding.ts';

test('loopback is recognised in all its spellings', () => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.9.9.9', '::1', '[::1]']) {
    expect([host, isLoopbackHost(host)]).toEqual([host, true]);
  }
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', 'localhost.example', '']) {
    expect([host, isLoopbackHost(host)]).toEqual([host, false]);
  }
});

test('an address that other machines reach needs a token of at least 16 characters', () => {
  const find = (token: string | null) => findBindingFault({ host: '0.0.0.0', token });
  for (const token of [null, '']) expect(find(token)?.message).toContain('SWITCHBOARD_TOKEN is not set');
  expect(find('x')?.message).toContain('SWITCHBOARD_TOKEN has fewer than 16 characters');
  expect(find('x')?.cure).toContain('openssl rand -hex 32');
  expect(find('x'.repeat(16))).toBeNull();
  expect(findBindingFault({ host: '127.0.0.1', token: null })).toBeNull();
});
