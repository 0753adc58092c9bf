import { type Schedule, scheduleByTimer } from './schedule.ts';

const SECOND_MS = 1_000;

/** Admits `perSecond` items in each second, and passes the others to `onMore` when that second ends. */
export function createLineLimit<Item>(options: {
  readonly perSecond: number;
  readonly onMore: (items: readonly Item[]) => void;
  readonly schedule?: Schedule;
}) {
  const { perSecond, onMore, schedule = scheduleByTimer } = options;
  let second: { shown: number; keptBack: Item[]; cancel: () => void } | null = null;

  const end = () => {
    const keptBack = second?.keptBack ?? [];
    second = null;
    if (keptBack.length > 0) onMore(keptBack);
  };
  return {
    /** Whether this item may be shown now; otherwise it is kept until the end of the second. */
    admit(item: Item): boolean {
      second ??= { shown: 0, keptBack: [], cancel: schedule(end, SECOND_MS) };
      if (second.shown < perSecond) {
        second.shown += 1;
        return true;
      }
      second.keptBack.push(item);
      return false;
    },
    /** Drops the items that are kept. */
    stop(): void {
      second?.cancel();
      second = null;
    },
  };
}
