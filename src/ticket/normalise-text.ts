/** Arabic phrases written as one character, which normalising would expand to up to 18 characters. */
const phraseLigatures = /[\uFDFA\uFDFB]/g;

/**
 * Returns the text in the form in which duplicates are compared: without case, accents of Latin letters, punctuation,
 * invisible characters and extra white space. Two tickets with the same normalised text are the same request.
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
