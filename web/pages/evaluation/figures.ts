import { formatDuration } from '../../components/format.ts';
import type { Run } from '../../data/api-types.ts';

type Interval = { readonly value: number; readonly low: number; readonly high: number };
type Scale = Run['scales'][string];

/** `0.914` as `91.4 %`. */
export function formatPercent(value: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value);
}

export function formatInterval({ value, low, high }: Interval, language: string): string {
  return `${formatPercent(value, language)} (${formatPercent(low, language)} – ${formatPercent(high, language)})`;
}

/** A value of a criterion in its unit. */
export function formatValue(
  value: number,
  { scale, language }: { scale: Scale | undefined; language: string },
): string {
  switch (scale?.unit) {
    case 'milliseconds':
      return formatDuration(value, language);
    case 'rating':
      return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value);
    case 'error':
      return new Intl.NumberFormat(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(value);
    default:
      return formatPercent(value, language);
  }
}
