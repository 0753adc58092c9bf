/** Keeps what is spent on Claude in a UTC day below a limit. */
export type DailyBudget = {
  /** Sets an amount aside before a call, so that calls at the same time cannot overspend together. Null: not enough left. */
  reserve(usd: number): Reservation | null;
  spentTodayUsd(): number;
};

/** `settle` replaces the reserved amount by what the call cost. */
export type Reservation = { settle(costUsd: number): void };

export function createDailyBudget(options: {
  limitUsd: number | null;
  now: () => number;
  /** Spent earlier on this UTC day, for a process that was restarted. */
  spentTodayUsd?: number;
}): DailyBudget {
  const { limitUsd, now } = options;
  let day = utcDay(now());
  let spent = options.spentTodayUsd ?? 0;

  const turnPage = () => {
    const today = utcDay(now());
    if (today === day) return;
    day = today;
    spent = 0;
  };

  return {
    reserve(usd) {
      turnPage();
      if (limitUsd !== null && spent + usd > limitUsd) return null;
      spent += usd;
      const reservedOn = day;
      let settled = false;
      return {
        settle(costUsd) {
          if (settled) return;
          settled = true;
          turnPage();
          // A call that began before midnight counts for the day on which it began.
          if (reservedOn === day) spent += costUsd - usd;
        },
      };
    },
    spentTodayUsd() {
      turnPage();
      return spent;
    },
  };
}

const DAY_MS = 86_400_000;
const utcDay = (at: number) => Math.floor(at / DAY_MS);
