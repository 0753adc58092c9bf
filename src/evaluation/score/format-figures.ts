/** Formats a share as `94.1 %`; whole percents have no decimal. */
export const percent = (share: number): string => `${trim(share * 100, 1)} %`;

/** Formats a share with its interval as `94.1 % (91.2–96.3)`. */
export function percentWithInterval(interval: { value: number; low: number | null; high: number | null }): string {
  if (interval.low === null || interval.high === null) return percent(interval.value);
  return `${percent(interval.value)} (${trim(interval.low * 100, 1)}–${trim(interval.high * 100, 1)})`;
}

/** Formats a difference of two shares as `4.2 points`. */
export const points = (difference: number): string => {
  const text = trim(difference * 100, 1);
  return `${text} ${text === '1' || text === '-1' ? 'point' : 'points'}`;
};

/** Formats a duration as `820 ms` or `3.2 s`. */
export const duration = (ms: number): string =>
  ms < 1_000 ? `${trim(ms, ms < 10 ? 1 : 0)} ms` : `${trim(ms / 1_000, 1)} s`;

const threeFigures = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, useGrouping: false });

/** Formats an amount with three significant digits: `$0.000125`, `$12.40`. */
export function usd(amount: number): string {
  if (amount === 0) return '$0';
  if (amount >= 1 || Number.isInteger(Number((amount * 100).toFixed(9)))) return `$${amount.toFixed(2)}`;
  return `$${threeFigures.format(amount)}`;
}

function trim(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  const bare = decimals > 0 ? text.replace(/\.0+$/, '') : text;
  return bare === '-0' ? '0' : bare;
}
