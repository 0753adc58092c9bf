/** `0.8 ms`, `58 ms`, `1.2 sec`, `4 min`, `3 hr`: as much as one reads of it. */
export function formatDuration(ms: number, language: string): string {
  const [value, unit] =
    ms < 1_000
      ? [ms, 'millisecond']
      : ms < 60_000
        ? [ms / 1_000, 'second']
        : ms < 3_600_000
          ? [ms / 60_000, 'minute']
          : [ms / 3_600_000, 'hour'];
  const maximumFractionDigits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits }).format(
    value,
  );
}

/** Dollars with as many digits as an amount needs: a ticket often costs far less than a cent. */
export function formatUsd(usd: number, language: string): string {
  const digits = usd === 0 || usd >= 1 ? 2 : usd >= 0.01 ? 4 : 5;
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(usd);
}

/** `0.914` as `91.4 %`, rounded. A confidence is rounded down instead (src/sentences/format-share.ts). */
export function formatPercent(share: number, language: string, { maximumFractionDigits = 1 } = {}): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits }).format(share);
}

export const formatCount = (count: number, language: string): string => new Intl.NumberFormat(language).format(count);
