import { expect, test } from 'vitest';
import { resolveMode } from './resolve-mode.ts';

const connector = {
  mode: 'shadow',
  modes: {
    'account-management/*': 'auto',
    'account-management/password-reset': 'assist',
    'order-related': 'assist',
    feedback: 'auto',
    'feedback/*': 'assist',
  },
} as const;

test.each([
  ['account-management/billing-inquiries', 'auto'],
  ['account-management/password-reset', 'assist'],
  ['account-management/password-reset/sms', 'assist'],
  ['account-management', 'shadow'],
  ['account-management-old/x', 'shadow'],
  ['order-related/returns', 'assist'],
  ['order-related', 'assist'],
  ['feedback', 'auto'],
  ['feedback/complaints', 'assist'],
  ['technical-issue', 'shadow'],
  ['constructor', 'shadow'],
  [null, 'shadow'],
] as const)('the mode of %s is %s', (intent, mode) => {
  expect(resolveMode({ connector, intent })).toBe(mode);
});

test('a star applies to all intents, not to a ticket without one', () => {
  const starred = { mode: 'shadow', modes: { '*': 'auto', a: 'assist' } } as const;
  expect(resolveMode({ connector: starred, intent: 'b/c' })).toBe('auto');
  expect(resolveMode({ connector: starred, intent: 'a/c' })).toBe('assist');
  expect(resolveMode({ connector: starred, intent: null })).toBe('shadow');
});
