import closingWords from './words/closings.json' with { type: 'json' };
import devices from './words/devices.json' with { type: 'json' };
import footers from './words/footers.json' with { type: 'json' };
import headerFields from './words/header-fields.json' with { type: 'json' };
import introLines from './words/intro-lines.json' with { type: 'json' };
import prefixes from './words/reply-prefixes.json' with { type: 'json' };
import separators from './words/separators.json' with { type: 'json' };

// What mail programs and people write at the seams of a mail, by language: data in words/*.json.

export type HeaderField = 'from' | 'date' | 'to' | 'subject' | 'other';

/** Names as they are compared: small letters, one apostrophe, single spaces. */
export const comparable = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replaceAll('’', "'").replace(/\s+/g, ' ').trim();

const fieldByName = new Map<string, HeaderField>();
for (const field of ['other', 'subject', 'to', 'date', 'from'] as const) {
  for (const name of headerFields[field]) fieldByName.set(comparable(name), field);
}

/** The header field of this name in any language; null when it is not one. */
export const headerFieldOf = (name: string): HeaderField | null => fieldByName.get(comparable(name)) ?? null;

const comparables = (words: readonly string[]): readonly string[] => words.map(comparable);
export const originalMarkers = comparables(separators.original);
export const forwardMarkers = comparables(separators.forward);
export const replyAboveLines = comparables(separators.replyAbove);
export const introVerbs = comparables(introLines.verbs);
export const closings: ReadonlySet<string> = new Set(comparables(closingWords));
export const legalWords = comparables(footers.legal);
export const bannerWords = comparables(footers.banner);
export const deviceStarts = comparables(devices.starts);
export const deviceNames = comparables(devices.things);
export const replyPrefixes: ReadonlySet<string> = new Set(comparables(prefixes.reply));
export const forwardPrefixes: ReadonlySet<string> = new Set(comparables(prefixes.forward));

/** How many of the words occur in the text, each counted once. `text` is `comparable`. */
export const countWords = (text: string, words: readonly string[]): number =>
  words.reduce((count, word) => (text.includes(word) ? count + 1 : count), 0);
