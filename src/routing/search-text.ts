import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { onFirstUse } from '../base/on-first-use.ts';
import { foldText } from './fold-text.ts';

/** Of a longer text, this many characters are searched, so that a rule takes a few milliseconds at most. */
export const MAX_SEARCHED = 20_000;

/** What a rule searches for: words, or a pattern. */
export type TextCondition = string | { readonly pattern: string };

/** A text that rules search. */
export type SearchableText = {
  /** Returns what a condition finds: its own words, or what its pattern matched; null when it finds nothing. */
  find(condition: TextCondition): string | null;
};

/**
 * Makes a text searchable. For words, case, width, accents, kinds of apostrophes and the amount of white space make no
 * difference, and only whole words count. A pattern sees the text as it was written, regardless of case.
 */
export function createSearchableText(text: string): SearchableText {
  const searched = text.slice(0, MAX_SEARCHED);
  let folded: string | null = null;
  return {
    find(condition) {
      if (typeof condition !== 'string') {
        const matcher = compilePattern(condition.pattern).matcher(searched);
        return matcher.find() ? matcher.group() : null;
      }
      folded ??= fold(searched);
      return hasWords(folded, fold(condition)) ? condition : null;
    },
  };
}

// Required here, because few configurations have a pattern.
const loadRe2 = onFirstUse((): typeof import('re2js') => createRequire(import.meta.url)('re2js'));

/** By their text; a configuration has a handful. */
const compiled = new Map<string, RE2JS>();

/**
 * Compiles a pattern in the syntax of RE2, which takes time in proportion to the text, whatever the pattern. Throws RE2JS's
 * error, whose message says what is wrong.
 */
export function compilePattern(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const { RE2JS } = loadRe2();
  const made = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  compiled.set(pattern, made);
  return made;
}

const fold = (text: string) => foldText(text).folded.replaceAll('\n', ' ');

function hasWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    if (isBoundary(text, at) && isBoundary(text, at + words.length)) return true;
  }
  return false;
}

/** A character of a word, except in scripts without spaces between words, or with small words written onto others. */
const inWord =
  /[[\p{L}\p{M}\p{N}_]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}]]/v;

/** False where a word goes on across this place. */
function isBoundary(text: string, at: number): boolean {
  const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
  const [after = ''] = text.slice(at, at + 2);
  return !(inWord.test(before) && inWord.test(after));
}
