import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { hasToken, isHostAllowed } from './access.ts';

const local = { host: '127.0.0.1', allowedHosts: ['desk.example'], token: 't' };
const open = { ...local, host: '0.0.0.0' };

test('a server on loopback accepts loopback and the configured names as Host', () => {
  for (const host of ['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'Desk.example:80']) {
    expect([host, isHostAllowed(host, local)]).toEqual([host, true]);
  }
  for (const host of ['evil.example', '10.0.0.1', 'localhost.evil.example', 'localhost@evil.example', '', undefined]) {
    expect([host, isHostAllowed(host, local)]).toEqual([host, false]);
  }
});

test('a server on another address also accepts IP addresses and its own name as Host, and no foreign name', () => {
  for (const host of ['10.0.0.1:3000', '[fe80::1]:3000', hostname()]) {
    expect([host, isHostAllowed(host, open)]).toEqual([host, true]);
  }
  expect(isHostAllowed('evil.example', open)).toBe(false);
});

test('only the whole token is accepted', () => {
  const rules = { ...local, token: 'abc' };
  expect(hasToken('Bearer abc', rules)).toBe(true);
  expect(hasToken('bearer abc', rules)).toBe(true);
  for (const header of ['Bearer ab', 'Bearer abcd', 'Bearer ', 'abc', 'Basic abc', '', undefined]) {
    expect([header, hasToken(header, rules)]).toEqual([header, false]);
  }
});
