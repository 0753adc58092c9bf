/** What a paid call was for. */
export const spendPurposes = ['classify', 'second-opinion', 'judge', 'embed', 'check'] as const;
export type SpendPurpose = (typeof spendPurposes)[number];

export type SpendRequest = { readonly purpose: SpendPurpose; readonly model: string; readonly usd: number };

/** Keeps the total that is spent on models in a UTC day, for all purposes, within a limit. */
export type SpendLedger = {
  /** In USD a day; with null nothing is refused, and spend is still counted. */
  readonly limitUsd: number | null;
  /**
   * Reserves what a call may cost before it is made, so that concurrent calls cannot exceed the limit together.
   * Resolves with null when the rest of the day's limit is too small. A reservation that is never settled (after a
   * crash, say) stays spent.
   */
  reserve(request: SpendRequest): Promise<Reservation | null>;
  spentTodayUsd(): Promise<number>;
};

/** `settle` replaces the reserved amount by what the call cost. */
export type Reservation = { settle(costUsd: number): Promise<void> };

/** The ledger of one process, for commands that store nothing. */
export function createMemoryLedger(options: {
  limitUsd: number | null;
  /** Milliseconds since 1970. */
  now: () => number;
  /** USD already spent on this UTC day. */
  spentTodayUsd?: number;
}): SpendLedger {
  const { limitUsd, now } = options;
  let day = utcDay(now());
  let spent = options.spentTodayUsd ?? 0;

  const beginDay = () => {
    const today = utcDay(now());
    if (today === day) return;
    day = today;
    spent = 0;
  };

  return {
    limitUsd,
    async reserve({ usd }) {
      beginDay();
      if (limitUsd !== null && spent + usd > limitUsd) return null;
      spent += usd;
      const reservedOn = day;
      let settled = false;
      return {
        async settle(costUsd) {
          if (settled) return;
          settled = true;
          beginDay();
          // A call that began before midnight counts for the day on which it began.
          if (reservedOn === day) spent += costUsd - usd;
        },
      };
    },
    async spentTodayUsd() {
      beginDay();
      return spent;
    },
  };
}

const DAY_MS = 86_400_000;
const utcDay = (at: number) => Math.floor(at / DAY_MS);
