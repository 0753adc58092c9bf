export type FoldedText = {
  /** As people write it, in small letters. */
  readonly shown: string;
  /** Without accents, which many people leave out: of the same length, so that a place in one is the place in the other. */
  readonly folded: string;
};

/**
 * A text in the form in which phrases are searched: without case and width, with one kind of apostrophe, a space for white
 * space, and a line break for one or more empty lines.
 */
export function foldText(text: string): FoldedText {
  const shown = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘ʼ´`]/g, "'")
    .replace(/\s+/g, (space) => (space.indexOf('\n') === space.lastIndexOf('\n') ? ' ' : '\n'))
    .trim();
  return { shown, folded: withoutAccents(shown) };
}

/** Removes the accents of Latin letters; the length stays the same. */
export function withoutAccents(text: string): string {
  return text.replace(/[\u00C0-\u024F\u1E00-\u1EFF]/g, (letter) => letter.normalize('NFD').charAt(0));
}
