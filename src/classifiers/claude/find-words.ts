import { unescapeFromFence } from './fence.ts';

const MAX_WORDS_ENTRIES = 5;
const MAX_ENTRY_LENGTH = 200;

/**
 * Finds the quoted words in the text and returns them as they are written there. Letter case, white space and the form
 * of quotation marks may differ. Words that do not occur are dropped, because a reason must not rest on invented words.
 */
export function findWords({ quoted, text }: { quoted: readonly string[]; text: string }): string[] {
  const found = quoted
    .map((words) => unescapeFromFence(words).trim().slice(0, MAX_ENTRY_LENGTH))
    .map((words) => find({ words, text }) ?? find({ words: stripMarks(words), text }))
    .filter((words) => words !== null);
  return [...new Set(found)].slice(0, MAX_WORDS_ENTRIES);
}

/** Quotation marks, dots and dashes that a model puts around a quotation. */
const stripMarks = (words: string) => words.replace(/^[\s"'“”„«»‘’`.…,;:–—-]+|[\s"'“”„«»‘’`.…,;:–—-]+$/gu, '');

function find({ words, text }: { words: string; text: string }): string | null {
  if (words === '') return null;
  const pattern = words
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replace(/['’‘`´]/gu, "['’‘`´]")
    .replace(/["“”„«»]/gu, '["“”„«»]')
    .replace(/\s+/g, '\\s+');
  return new RegExp(pattern, 'iu').exec(text)?.[0] ?? null;
}
