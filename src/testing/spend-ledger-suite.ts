import { describe, expect, test } from 'vitest';
import type { SpendLedger, SpendRequest } from '../classifiers/model-api/spend-ledger.ts';

const call = (usd: number, parts: Partial<SpendRequest> = {}): SpendRequest => ({
  purpose: 'classify',
  model: 'a-model',
  usd,
  ...parts,
});

/** Tests that every ledger must pass. `create` returns two ledgers that share one empty store. */
export function describeSpendLedger(
  name: string,
  options: { skip?: boolean; create: (limitUsd: number | null) => Promise<readonly [SpendLedger, SpendLedger]> },
): void {
  describe.skipIf(options.skip === true)(`${name} as a ledger`, () => {
    test('reserves what calls may cost, for all purposes and models together', async () => {
      const [one, other] = await options.create(1);
      expect(await one.reserve(call(0.4))).not.toBeNull();
      expect(await other.reserve(call(0.4, { purpose: 'embed', model: 'another' }))).not.toBeNull();
      expect(await one.reserve(call(0.4, { purpose: 'judge' }))).toBeNull();
      expect(await other.spentTodayUsd()).toBeCloseTo(0.8, 9);
    });

    test('replaces a reservation by what the call cost, once', async () => {
      const [one, other] = await options.create(1);
      const reservation = await one.reserve(call(0.9));
      expect(await other.reserve(call(0.5))).toBeNull();
      await reservation?.settle(0.1);
      await reservation?.settle(0);
      expect(await other.spentTodayUsd()).toBeCloseTo(0.1, 9);
      expect(await other.reserve(call(0.5))).not.toBeNull();
    });

    test('keeps concurrent calls together within the limit', async () => {
      const ledgers = await options.create(1);
      const all = await Promise.all(
        Array.from({ length: 30 }, (_, at) => ledgers[at % 2 === 0 ? 0 : 1].reserve(call(0.125))),
      );
      expect(all.filter((reservation) => reservation !== null)).toHaveLength(8);
      expect(await ledgers[0].spentTodayUsd()).toBeCloseTo(1, 9);
    });

    test('counts a reservation as spent that is never settled, as after a crash', async () => {
      const [one, other] = await options.create(1);
      await one.reserve(call(0.7));
      expect(await other.reserve(call(0.7))).toBeNull();
    });

    test('refuses nothing and counts everything without a limit', async () => {
      const [one, other] = await options.create(null);
      await (await one.reserve(call(5)))?.settle(7);
      await (await other.reserve(call(5)))?.settle(0);
      expect(await one.spentTodayUsd()).toBeCloseTo(7, 9);
    });
  });
}
