import { expect, test } from 'vitest';
import { missingRole, navigation } from './navigation.ts';

test('a page that a role may not open is not in its navigation, and names the role that it needs', () => {
  expect(navigation('viewer').map(({ to }) => to)).not.toContain('/review');
  expect(missingRole('/review', 'viewer')).toBe('agent');
  expect(missingRole('/people', 'agent')).toBe('lead');
  expect(missingRole('/people', 'admin')).toBeNull();
  expect(missingRole('/tickets/t-1', 'viewer')).toBeNull();
  expect(missingRole('/nowhere', 'viewer')).toBeNull();
});
