import type { SpendLedger } from '../../classifiers/model-api/spend-ledger.ts';
import type { Store } from '../store.ts';

/**
 * The ledger of all processes on a store. The estimated cost of a call is booked before the call and corrected after
 * it. After a crash in between, the booked amount counts as spent, since the call may have been charged.
 */
export function createStoreLedger(options: {
  store: Pick<Store, 'spend'>;
  limitUsd: number | null;
  /** Called when a booking could not be corrected; the estimated amount then counts as spent. */
  onError: (error: unknown) => void;
}): SpendLedger {
  const { store, limitUsd, onError } = options;
  return {
    limitUsd,
    async reserve(request) {
      const day = await store.spend.reserve({ ...request, limitUsd });
      if (day === null) return null;
      const { purpose, model, usd } = request;
      let settled = false;
      return {
        async settle(costUsd) {
          if (settled) return;
          settled = true;
          // Booked on the day on which the call began.
          await store.spend.adjust({ day, purpose, model, usd: costUsd - usd }).catch(onError);
        },
      };
    },
    spentTodayUsd: () => store.spend.todayUsd(),
  };
}
