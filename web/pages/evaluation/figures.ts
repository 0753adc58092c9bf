import type { TFunction } from 'i18next';
import { formatDuration, formatPercent } from '../../components/format.ts';
import type { Run } from '../../data/api-types.ts';

type Interval = { readonly value: number; readonly low: number; readonly high: number };
type Scale = Run['scales'][string];

export function formatInterval({ value, low, high }: Interval, language: string): string {
  return `${formatPercent(value, language)} (${formatPercent(low, language)} – ${formatPercent(high, language)})`;
}

/** A difference of two shares, without its unit: `0.625` as `62.5`. */
const inPoints = (difference: number, language: string) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(difference * 100);

type Options = { readonly scale: Scale | undefined; readonly language: string; readonly t: TFunction };

/** The ends of an interval: `88% – 94%`, `31.3 – 91.8 points`. */
export function formatEnds({ low, high }: Omit<Interval, 'value'>, options: Options): string {
  const isPoints = options.scale?.unit === 'points';
  const start = isPoints ? inPoints(low, options.language) : formatValue(low, options);
  return `${start} – ${formatValue(high, options)}`;
}

/** A value of a criterion in its unit. */
export function formatValue(value: number, { scale, language, t }: Options): string {
  switch (scale?.unit) {
    case 'milliseconds':
      return formatDuration(value, language);
    case 'rating':
      return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value);
    case 'error':
      return new Intl.NumberFormat(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(value);
    case 'points':
      // The form of the word goes by what is shown: 0.99 points are written as 1 point.
      return t('evaluation.points', { amount: inPoints(value, language), count: Math.round(value * 1_000) / 10 });
    default:
      return formatPercent(value, language);
  }
}
