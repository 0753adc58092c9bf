export type Stretch = { readonly text: string; readonly isMarked: boolean };

/**
 * Cuts a text where deciding words begin and end. Each phrase is marked wherever it stands, in upper or lower case; where
 * two overlap, the stretch that either covers is marked.
 */
export function markWords(text: string, phrases: readonly string[]): readonly Stretch[] {
  const folded = text.toLowerCase();
  // Lower case may have another length, as of `İ`; then places would not be those of the text.
  const searched = folded.length === text.length ? folded : text;
  const marks = new Uint8Array(text.length);
  for (const phrase of phrases) {
    const wanted = searched === folded ? phrase.toLowerCase() : phrase;
    if (wanted.trim() === '') continue;
    for (let at = searched.indexOf(wanted); at !== -1; at = searched.indexOf(wanted, at + wanted.length)) {
      if (isWhole(searched, at, wanted.length)) marks.fill(1, at, at + wanted.length);
    }
  }
  const stretches: Stretch[] = [];
  for (let start = 0; start < text.length; ) {
    let end = start + 1;
    while (end < text.length && marks[end] === marks[start]) end++;
    stretches.push({ text: text.slice(start, end), isMarked: marks[start] === 1 });
    start = end;
  }
  return stretches;
}

const letter = /[\p{L}\p{N}]/u;
/** Scripts without spaces between words have no borders to look for. */
const spaceless = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** False where the phrase is a part of a longer word: `art` in `party`. */
function isWhole(text: string, at: number, length: number): boolean {
  const inner = [text[at] ?? '', text[at + length - 1] ?? ''] as const;
  const outer = [text[at - 1] ?? '', text[at + length] ?? ''] as const;
  return inner.every((inside, side) => {
    const outside = outer[side] ?? '';
    return !letter.test(inside) || !letter.test(outside) || spaceless.test(inside) || spaceless.test(outside);
  });
}
