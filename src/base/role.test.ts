import { expect, test } from 'vitest';
import { hasRole, roles } from './role.ts';

test('each role may do what the roles before it may, and no more', () => {
  const allowed = roles.map((given) => roles.filter((needed) => hasRole(given, needed)));
  expect(allowed).toEqual([
    ['viewer'],
    ['viewer', 'agent'],
    ['viewer', 'agent', 'lead'],
    ['viewer', 'agent', 'lead', 'admin'],
  ]);
});
