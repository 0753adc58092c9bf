import { createRequire } from 'node:module';
import { normaliseWord } from '../../ticket/normalise-word.ts';

/** The names that the package `stopword` gives its lists (ISO 639-3), by ISO 639-1 code. */
const lists: Readonly<Record<string, string>> = {
  ...{ ar: 'ara', bg: 'bul', ca: 'cat', cs: 'ces', da: 'dan', de: 'deu', el: 'ell', en: 'eng', es: 'spa', et: 'est' },
  ...{ fa: 'fas', fi: 'fin', fr: 'fra', he: 'heb', hi: 'hin', hr: 'hrv', hu: 'hun', id: 'ind', it: 'ita', lv: 'lav' },
  ...{ nl: 'nld', no: 'nob', pl: 'pol', pt: 'por', ro: 'ron', ru: 'rus', sk: 'slk', sl: 'slv', sv: 'swe', tr: 'tur' },
  ...{ uk: 'ukr', vi: 'vie' },
};
/** What the lists lack: words of politeness, and verbs and adverbs that stand in any ticket. */
const more: Readonly<Record<string, string>> = {
  en: `does doesn't did didn't don't do can can't cannot could couldn't isn't aren't wasn't won't wouldn't want wants wanted need
    needs needed tell told hear heard thank thanks please hello dear next last again still already also just really very now
    today everything anything something nothing itself thing things people think thought know get got going let lot way day`,
  de: `bitte danke hallo guten tag sehr geehrte möchte möchten brauche brauchen kann können könnte schon noch immer wieder
    jetzt heute gerne gern leider etwas alles nichts mal eben einfach weiß wissen`,
  es: 'por favor gracias hola buenos días quiero quisiera necesito puede pueden puedo ahora hoy todavía siempre algo todo nada',
  fr: "bonjour merci s'il plaît voudrais veux besoin peux peut pouvez maintenant aujourd'hui encore toujours déjà tout rien",
};
const known = new Map<string, ReadonlySet<string>>();
const require = createRequire(import.meta.url);

/**
 * Returns the words of a language that say nothing alone, normalised as tokens are; English where the language is not
 * known, and none where it has no list.
 */
export function stopWords(language: string | null): ReadonlySet<string> {
  const code = language ?? 'en';
  const before = known.get(code);
  if (before !== undefined) return before;
  const name = lists[code];
  // The package has no types. Each list is an array of words.
  const all = name === undefined ? {} : (require('stopword') as Readonly<Record<string, readonly string[]>>);
  const words = new Set(
    (name === undefined ? [] : (all[name] ?? [])).concat(more[code]?.split(/\s+/) ?? []).map(normaliseWord),
  );
  known.set(code, words);
  return words;
}
