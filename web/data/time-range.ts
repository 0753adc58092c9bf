import type { SeriesQuery } from './api-types.ts';

export const ranges = ['day', 'week', 'month'] as const;
export type Range = (typeof ranges)[number];

/** Reads the time of the figures out of an address, where anything may stand. */
export function parseRange({ range }: Readonly<Record<string, unknown>>): { readonly range?: Range } {
  const known = ranges.find((name) => name === range);
  return known === undefined ? {} : { range: known };
}

const HOUR_MS = 3_600_000;
const hours: Readonly<Record<Range, number>> = { day: 24, week: 7 * 24, month: 30 * 24 };
const steps = { day: 'hour', week: 'hour', month: 'day' } as const satisfies Record<Range, SeriesQuery['step']>;

export type TimeRange = { readonly range: Range; readonly since: string; readonly step: 'hour' | 'day' };

/** The time up to now. It begins with a whole step, so that it stays the same for as long as the step lasts. */
export function timeRange(range: Range, now: number): TimeRange {
  const step = steps[range];
  const stepMs = step === 'hour' ? HOUR_MS : 24 * HOUR_MS;
  const first = Math.floor(now / stepMs) * stepMs - hours[range] * HOUR_MS + stepMs;
  return { range, step, since: new Date(first).toISOString() };
}
