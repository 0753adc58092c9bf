import { tokenise } from '../../classifiers/local/text-features.ts';

/** More distinct words than a long ticket has. Keeps the row below PostgreSQL's limit of 1 MB for a tsvector. */
export const MAX_WORDS = 2_000;

/** The distinct words of a text in their order, split by the tokeniser of the embedded engine. */
export function distinctWords(text: string): string[] {
  const words = new Set<string>();
  for (const { word } of tokenise(text)) {
    if (word !== '') words.add(word);
    if (words.size === MAX_WORDS) break;
  }
  return [...words];
}
