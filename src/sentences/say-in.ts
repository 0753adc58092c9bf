// What Switchboard says in English, in another language. The notes in helpdesks are written with it, and the page, which bundles
// this folder: so nothing here may import what runs in another room.
import type { FactValue, SentenceFacts } from '../base/say.ts';
import { formats, type SaidValue } from './formats.ts';
import { germanTexts } from './german-texts.ts';

/** By language. English has none: it stands in the code, beside the facts. */
const languages: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([['de', germanTexts]]);

const textsOf = (language: string) => languages.get(language.slice(0, 2).toLowerCase());

/** One sentence of several, as it is shown. */
export type SaidSentence = {
  readonly text: string;
  /** Words of somebody else, which are in no language of ours. */
  readonly isVerbatim: boolean;
};

/** Sentences in a language (BCP 47); null where it has no text for one of them, or an older version stored no facts. */
export function saySentences(
  language: string,
  facts: readonly SentenceFacts[] | undefined,
): readonly SaidSentence[] | null {
  if (facts === undefined || textsOf(language) === undefined) return null;
  const said: SaidSentence[] = [];
  for (const one of facts) {
    const text = sayOne(language, one);
    if (text === null) return null;
    said.push({ text, isVerbatim: one.code === 'verbatim' });
  }
  return said;
}

/** The same as one text: in English where the language has no words for it. */
export function sayIn(
  language: string,
  { text, facts }: { readonly text: string; readonly facts: readonly SentenceFacts[] | undefined },
): string {
  const said = saySentences(language, facts);
  return said === null ? text : joinTexts(said.map((one) => one.text));
}

/** A sentence in a language; null where it has no text for its code, or for that of a sentence in it. */
export function saySentence(language: string, { code, values }: SentenceFacts): string | null {
  const said = new Map<string, SaidValue>();
  for (const [name, value] of Object.entries(values)) {
    const one = sayValue(language, value);
    if (one === null) return null;
    said.set(name, one);
  }
  const template = findText(language, code, said.get('count'));
  return template === null ? null : fill(template, said, language);
}

const sayOne = (language: string, one: SentenceFacts): string | null =>
  one.code === 'verbatim' ? String(one.values.text) : saySentence(language, one);

function sayValue(language: string, value: FactValue): SaidValue | null {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (!Array.isArray(value)) return null; // of a newer server
  const said: string[] = [];
  for (const one of value) {
    const text = typeof one === 'string' ? one : sayOne(language, one);
    if (text === null) return null;
    said.push(text);
  }
  return said;
}

/** The text of a code, which a newer server may have and we not; that of a number, where it differs by number. */
function findText(language: string, code: string, count?: SaidValue): string | null {
  const texts = textsOf(language);
  if (typeof count === 'number') {
    const text = texts?.get(`${code}_${new Intl.PluralRules(language).select(count)}`);
    if (text !== undefined) return text;
  }
  return texts?.get(code) ?? null;
}

/** Replaces `{{name}}` and `{{name, format}}`, once: braces in a value stay as they are. */
function fill(template: string, values: ReadonlyMap<string, SaidValue>, language: string): string {
  return template.replace(/\{\{(\w+)(?:, (\w+))?\}\}/g, (_, name: string, format: string | undefined) => {
    const value = values.get(name) ?? '';
    const write = format === undefined ? undefined : formats[format];
    if (write !== undefined) return write(value, language, (code) => findText(language, code));
    return typeof value === 'object' ? joinTexts(value) : String(value);
  });
}

const joinTexts = (texts: readonly string[]) => texts.filter((text) => text !== '').join(' ');
