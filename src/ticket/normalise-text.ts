/** Blessings written as one character, which fall apart into up to 18: no part of a request. */
const phraseLigatures = /[\uFDFA\uFDFB]/g;

/**
 * The text as duplicates are compared: case, accents of Latin letters, punctuation, invisible characters and white
 * space do not count. Two tickets with the same normalised text are the same request.
 */
export function normaliseText(text: string): string {
  return text
    .replace(phraseLigatures, ' ')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{So}]+/gu, ' ')
    .trim();
}
