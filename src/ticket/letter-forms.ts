/**
 * Letters and digits that only look different: mathematical alphabets with their older members (ℯ, ℋ), letters in circles
 * and squares, full-width forms.
 */
export const styledLetters =
  /[\u{1D400}-\u{1D7FF}\u{1F130}-\u{1F149}\u{1F150}-\u{1F169}\u{1F170}-\u{1F189}\u{24B6}-\u{24E9}\uFF01-\uFF5E\u2102\u210A-\u2113\u2115\u2119-\u211D\u2124\u212C\u212D\u212F-\u2131\u2133\u2134]/gu;
/** The frame of a digit in a square (1️⃣), which stands behind it. */
export const keycapFrame = '\u20E3';

const A = 65;

/** The ordinary letter of a styled one. Unicode has no mapping for white letters on black (🅰, 🅐). */
export function plainLetter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  for (const first of [0x1f150, 0x1f170]) {
    if (code >= first && code < first + 26) return String.fromCharCode(A + code - first);
  }
  return character.normalize('NFKC');
}
