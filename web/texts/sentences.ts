// What the server says in English, in the other languages of the page: one text for each code of `say` in src.
import i18next, { type i18n } from 'i18next';
import { formatShare } from '../components/confidence.tsx';
import { languageName } from '../components/language-name.ts';
import type { FactValue, SentenceFacts } from '../data/api-types.ts';
import delivery from './de/sentences/delivery.json';
import engine from './de/sentences/engine.json';
import mail from './de/sentences/mail.json';
import problem from './de/sentences/problem.json';
import route from './de/sentences/route.json';
import setup from './de/sentences/setup.json';

export const SENTENCES = 'sentences' as const;

export const germanSentences = { ...delivery, ...engine, ...mail, ...problem, ...route, ...setup };

type Format = (value: unknown, language: string) => string;

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

const stageName = (value: unknown) => i18next.t(`stage.${value as 'local'}`);

const formatUsd = (value: number, language: string) =>
  new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', maximumFractionDigits: 6 }).format(value);

/** `{{confidence, share}}` in a text writes 0.91 as `91 %`. */
const formats: Readonly<Record<string, Format>> = {
  share: (value, language) => formatShare(Number(value), language, { maximumFractionDigits: 3 }),
  decimal: (value, language) => new Intl.NumberFormat(language, { minimumFractionDigits: 2 }).format(Number(value)),
  number: (value, language) => new Intl.NumberFormat(language).format(Number(value)),
  usd: (value, language) => formatUsd(Number(value), language),
  language: (value, language) => languageName(String(value), language),
  day: (value, language) =>
    new Date(String(value)).toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' }),
  list: (value, language) => new Intl.ListFormat(language).format(texts(value)),
  details: (value) => texts(value).join('; '),
  quoted: (value, language) => new Intl.ListFormat(language).format(texts(value).map((word) => `„${word}“`)),
  urgency: (value) => i18next.t(`urgency.${value as 'low'}`).toLocaleLowerCase(),
  stages: (value, language) => new Intl.ListFormat(language).format(texts(value).map(stageName)),
  stage: stageName,
  failure: (value, language) => sayWith(i18next, language, `failure.${String(value)}`, {}) ?? String(value),
};

export function addFormats({ services }: i18n): void {
  for (const [name, format] of Object.entries(formats)) {
    services.formatter?.add(name, (value: unknown, language) => format(value, language ?? 'en'));
  }
}

/** A sentence of the server in a language of the page; null where that has no text for its code. */
export function saySentence(i18n: i18n, { code, values }: SentenceFacts): string | null {
  const said: Record<string, string | number | readonly string[]> = {};
  for (const [name, value] of Object.entries(values)) {
    const one = sayValue(i18n, value);
    if (one === null) return null;
    said[name] = one;
  }
  return sayWith(i18n, i18n.language, code, said);
}

function sayWith(i18n: i18n, language: string, code: string, values: object): string | null {
  const options = { ns: SENTENCES, lng: language, ...values };
  // Codes come from the server, which may be newer than this page.
  return i18n.exists(code, options) ? i18n.t(code as 'engine.sure', options) : null;
}

function sayValue(i18n: i18n, value: FactValue): string | number | readonly string[] | null {
  if (typeof value === 'string' || typeof value === 'number') return value;
  const said: string[] = [];
  for (const one of value) {
    const text = typeof one === 'string' ? one : (verbatimOf(one) ?? saySentence(i18n, one));
    if (text === null) return null;
    said.push(text);
  }
  return said;
}

/** The words of somebody else, which are in no language of ours; null for a sentence of the server. */
export const verbatimOf = ({ code, values }: SentenceFacts): string | null =>
  code === 'verbatim' ? String(values.text) : null;
