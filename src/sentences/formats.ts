import { formatShare } from './format-share.ts';
import { languageName } from './language-name.ts';

/** A value as a sentence gives it: texts of sentences in it are said already. */
export type SaidValue = string | number | readonly string[];

/** Writes a value in a language; `named` gives the text of a code, such as the name of a stage. */
type Format = (value: SaidValue, language: string, named: (code: string) => string | null) => string;

const textsOf = (value: SaidValue): readonly string[] => (typeof value === 'object' ? value : [String(value)]);

const formatNumber = (value: SaidValue, language: string, options?: Intl.NumberFormatOptions) =>
  new Intl.NumberFormat(language, options).format(Number(value));

/** `{{confidence, share}}` in a text writes 0.91 as `91 %`. */
export const formats: Readonly<Record<string, Format>> = {
  share: (value, language) => formatShare(Number(value), language, { maximumFractionDigits: 3 }),
  decimal: (value, language) => formatNumber(value, language, { minimumFractionDigits: 2 }),
  number: (value, language) => formatNumber(value, language),
  percent: (value, language) => formatNumber(value, language, { style: 'percent', maximumFractionDigits: 1 }),
  duration: (value, language) => {
    const [amount, unit] = Number(value) < 1_000 ? [Number(value), 'millisecond'] : [Number(value) / 1_000, 'second'];
    return formatNumber(amount, language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 });
  },
  points: (value, language) => {
    const points = formatNumber(Number(value) * 100, language, { maximumFractionDigits: 1 });
    return `${points} ${points === '1' ? 'Prozentpunkt' : 'Prozentpunkte'}`;
  },
  usd: (value, language) =>
    formatNumber(value, language, { style: 'currency', currency: 'USD', maximumFractionDigits: 6 }),
  language: (value, language) => languageName(String(value), language),
  day: (value, language) =>
    new Date(String(value)).toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' }),
  list: (value, language) => new Intl.ListFormat(language).format(textsOf(value)),
  details: (value) => textsOf(value).join('; '),
  quoted: (value, language) => new Intl.ListFormat(language).format(textsOf(value).map((word) => `„${word}“`)),
  urgency: (value, language, named) => nameOf(value, 'urgency', named).toLocaleLowerCase(language),
  stage: (value, _language, named) => nameOf(value, 'stage', named),
  stages: (value, language, named) =>
    new Intl.ListFormat(language).format(textsOf(value).map((stage) => nameOf(stage, 'stage', named))),
  failure: (value, _language, named) => named(`failure.${String(value)}`) ?? String(value),
};

const nameOf = (value: SaidValue, of: 'stage' | 'urgency', named: (code: string) => string | null) =>
  named(`name.${of}.${String(value)}`) ?? String(value);
