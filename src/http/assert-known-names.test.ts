import { expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { assertKnownNames } from './assert-known-names.ts';

const names = { intent: ['orders', 'orders/returns'], team: ['billing', 'sre'], rule: ['vip'], connector: ['api'] };

test('configured names pass without a query, and so do names that only stored tickets still have', async () => {
  const queried: object[] = [];
  const isUsed = async (field: string, name: string) => {
    queried.push({ field, name });
    return true;
  };
  await assertKnownNames({ named: { intent: 'orders', team: 'billing', rule: 'vip' }, names, isUsed });
  expect(queried).toEqual([]);
  await assertKnownNames({ named: { team: 'a-team-of-last-year' }, names, isUsed });
  expect(queried).toEqual([{ field: 'team', name: 'a-team-of-last-year' }]);
});

test('every unknown name is refused with the nearest known one, or with the list of known ones', async () => {
  const named = { intent: 'orders/return', team: 'biling', rule: 'nothing-like-it', connector: 'apy' };
  const error = await assertKnownNames({ named, names, isUsed: async () => false }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({
    issues: [
      { path: 'intent', message: 'there is no intent "orders/return". Did you mean "orders/returns"?' },
      { path: 'team', message: 'there is no team "biling". Did you mean "billing"?' },
      { path: 'rule', message: 'there is no rule "nothing-like-it". Use one of: vip.' },
      { path: 'connector', message: 'there is no connector "apy". Did you mean "api"?' },
    ],
  });
});
