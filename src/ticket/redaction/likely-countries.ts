import type { Ticket } from '../ticket.ts';

/** Countries in which a language is used, the most likely first (ISO 3166). */
const countriesOfLanguage: Readonly<Record<string, readonly string[]>> = {
  en: ['US', 'GB', 'IE', 'AU', 'NZ', 'IN', 'ZA'],
  es: ['ES', 'MX', 'AR', 'CO', 'CL', 'PE'],
  de: ['DE', 'AT', 'CH'],
  fr: ['FR', 'BE', 'CH', 'CA'],
  pt: ['BR', 'PT'],
  ja: ['JP'],
  ar: ['SA', 'AE', 'EG', 'MA'],
  it: ['IT', 'CH'],
  nl: ['NL', 'BE'],
  pl: ['PL'],
  tr: ['TR'],
  ru: ['RU'],
  uk: ['UA'],
  zh: ['CN', 'TW'],
  ko: ['KR'],
  sv: ['SE'],
  da: ['DK', 'NO'],
  no: ['NO', 'DK'],
  hu: ['HU'],
  ro: ['RO'],
  el: ['GR'],
  he: ['IL'],
  fi: ['FI'],
  cs: ['CZ', 'SK'],
};
/** Tried for every ticket, because people may write in a language of another country. */
const common = ['US', 'GB', 'DE', 'FR', 'ES', 'IT', 'PT', 'BR', 'JP', 'NL', 'CH', 'AU'];
const MAX_COUNTRIES = 18;

/** Returns the countries whose national phone numbers a ticket may contain (ISO 3166), likely ones first. */
export function likelyCountries(ticket: Ticket): string[] {
  const tag = ticket.language ?? languageOfScript(`${ticket.subject ?? ''} ${(ticket.body ?? '').slice(0, 2_000)}`);
  const [language = 'en', ...rest] = tag.toLowerCase().replaceAll('_', '-').split('-');
  const region = rest.find((part) => /^[a-z]{2}$/.test(part))?.toUpperCase();
  const attributes = Object.entries(ticket.requester?.attributes ?? {}).flatMap(([key, value]) =>
    /country|region|land|pais|pays/i.test(key) && typeof value === 'string' && /^[a-z]{2}$/i.test(value)
      ? [value.toUpperCase()]
      : [],
  );
  const all = [
    ...attributes,
    ...(region === undefined ? [] : [region]),
    ...(countriesOfLanguage[language] ?? []),
    ...common,
  ];
  return [...new Set(all)].slice(0, MAX_COUNTRIES);
}

/**
 * Guesses the language by script. Enough here, because common countries are tried anyway; detectLanguage loads a model.
 */
function languageOfScript(text: string): string {
  if (/[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text)) return 'ja';
  if (/\p{sc=Arabic}/u.test(text)) return 'ar';
  if (/\p{sc=Hangul}/u.test(text)) return 'ko';
  if (/\p{sc=Han}/u.test(text)) return 'zh';
  if (/\p{sc=Greek}{3}/u.test(text)) return 'el';
  if (/\p{sc=Hebrew}/u.test(text)) return 'he';
  if (/[іїєґ]/i.test(text)) return 'uk';
  return /\p{sc=Cyrillic}/u.test(text) ? 'ru' : 'en';
}
