/** Scripts of languages in which names have endings by their role in the sentence. */
const inflected = /^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{M}]+$/u;
/** Endings that give way to others: Anna, Anny; Novotný, Novotného; Virtanen, Virtasen; Papadopoulos, Papadopoulou. */
const ownEnding = /(?:nen|ος|οσ|ης|ησ|ας|ασ|ыи|ии|ои|ый|ий|ой|ая|яя|[aeiouyąęаяоеиьйыюуіїαηο])$/u;
const MIN_STEM = 2;
/** Virta-selle */
const MAX_ENDING = 5;
/** Jir-iho, Ew-ie */
const shortEndings: Readonly<Record<number, number>> = { 2: 2, 3: 3 };

/**
 * A pattern for a word of a name with any ending, in folded text; null for words that have none. Where the last vowel is
 * dropped before an ending (Marek, Marka), it may be missing.
 */
export function formOf(options: {
  word: string;
  escapeWord: (text: string) => string;
  /** All letters, as the content of a class. */
  letters: string;
}): string | null {
  const { word, escapeWord, letters } = options;
  if (word.length < 3 || !inflected.test(word)) return null;
  const cut = word.replace(ownEnding, '');
  const stem = cut.length < MIN_STEM ? word : cut;
  const fleeting = /^(?<start>.{2,})[eеёi](?<end>[^aeiouyаяоеиыюу])$/u.exec(stem)?.groups;
  const pattern =
    fleeting === undefined ? escapeWord(stem) : `${escapeWord(fleeting.start ?? '')}[eеёi]?${fleeting.end ?? ''}`;
  return `${pattern}[${letters}]{0,${shortEndings[stem.length] ?? MAX_ENDING}}`;
}

/** Languages in which the endings of names change. */
const inflectingLanguages: ReadonlySet<string> = new Set(
  'pl cs sk ru uk be bg sr hr sl mk fi et hu tr el lt lv ro'.split(' '),
);

/** False in languages whose names have no endings but -s. */
export const mayInflect = (language: string | null): boolean => language === null || inflectingLanguages.has(language);

/** True for a form that is expected: "Kjaers" anywhere, "Anny" in a language or script in which names have endings. */
export function isExpectedForm(text: string, language: string | null): boolean {
  return /[^s]s$/.test(text) || /[\p{sc=Cyrillic}\p{sc=Greek}]/u.test(text) || inflectingLanguages.has(language ?? '');
}
