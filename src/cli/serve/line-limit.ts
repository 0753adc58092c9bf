import { type Schedule, scheduleByTimer } from './schedule.ts';

const SECOND_MS = 1_000;

/** Lets so many items of each second through, and hands over the others at its end. */
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
    /** Whether this one may be shown; otherwise it is kept back. */
    admit(item: Item): boolean {
      second ??= { shown: 0, keptBack: [], cancel: schedule(end, SECOND_MS) };
      if (second.shown < perSecond) {
        second.shown += 1;
        return true;
      }
      second.keptBack.push(item);
      return false;
    },
    stop(): void {
      second?.cancel();
      second = null;
    },
  };
}
