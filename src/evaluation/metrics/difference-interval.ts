import { type Interval, wilsonInterval } from './wilson-interval.ts';

type Share = { readonly successes: number; readonly count: number };

/**
 * First share minus second, for two sets of different tickets, with its interval by the hybrid score method (Newcombe
 * 1998, method 10, which combines two Wilson intervals). Null when either set is empty.
 */
export function differenceInterval(options: {
  readonly first: Share;
  readonly second: Share;
  /** Default: 0.95. */
  readonly level?: number;
}): Interval | null {
  const { level } = options;
  const first = wilsonInterval({ ...options.first, ...(level !== undefined && { level }) });
  const second = wilsonInterval({ ...options.second, ...(level !== undefined && { level }) });
  if (first === null || second === null) return null;
  const value = first.value - second.value;
  return {
    value,
    low: value - Math.hypot(first.value - first.low, second.high - second.value),
    high: value + Math.hypot(first.high - first.value, second.value - second.low),
  };
}
