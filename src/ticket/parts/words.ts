import chasers from './words/chasers.json' with { type: 'json' };
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
  for (const name of headerFields[field]) {
    fieldByName.set(name, field);
    fieldByName.set(comparable(name), field);
  }
}

/** The header field of this name in any language; null when it is not one. */
export const headerFieldOf = (name: string): HeaderField | null =>
  fieldByName.get(name) ?? fieldByName.get(comparable(name)) ?? null;

const comparables = (words: readonly string[]): readonly string[] => words.map(comparable);
/** Without words that contain another of the list, so that nothing in a text is counted twice. */
export function shortest(words: readonly string[]): readonly string[] {
  const unique = [...new Set(words)];
  return unique.filter((word) => !unique.some((other) => other !== word && word.includes(other)));
}

export const originalMarkers = comparables(separators.original);
export const forwardMarkers = comparables(separators.forward);
export const replyAboveLines = comparables(separators.replyAbove);
export const introVerbs = comparables(introLines.verbs);
export const chaserPhrases = comparables(chasers);
export const closings: ReadonlySet<string> = new Set(comparables(closingWords));
export const legalWords = shortest(comparables([...footers.legal, ...footers.mail]));
/** Words about the mail itself or the company, which no customer needs for a request. */
export const mailWords = shortest(comparables(footers.mail));
/** Sentences of which one is enough: no customer writes them. */
export const footerNotes = comparables(footers.notes);
export const bannerTags = comparables(footers.bannerTags);
export const senderNotes = comparables(footers.senderNotes);
export const bannerNouns = comparables(footers.bannerNouns);
export const bannerWords = shortest(comparables(footers.banner));
export const deviceStarts = comparables(devices.starts);
/** "Sent from my …": at the end of a mail, whatever it is that follows. */
export const ownDeviceStarts = devices.ownStarts.map((start) => `${comparable(start)} `);
export const deviceNames = comparables(devices.things);
export const replyPrefixes: ReadonlySet<string> = new Set(comparables(prefixes.reply));
export const forwardPrefixes: ReadonlySet<string> = new Set(comparables(prefixes.forward));

/** How many of the words occur in the text, each counted once. `text` is `comparable`. */
export const countWords = (text: string, words: readonly string[]): number =>
  words.reduce((count, word) => (text.includes(word) ? count + 1 : count), 0);

/** "I" alone would be "and" in Polish, "in" in Swedish, "you" in Danish. */
const selfWords =
  /(?:^|[^\p{L}])(?:i'm|i've|i'd|i (?:am|have|had|want|would|need|got|get|do|don't|did|can|could|was|will|ask|request|object|think|received)|my|ich|mein|meine|meiner|meinen|je|j'ai|mon|mes|yo|mi|mis|eu|meu|meus|minha|io|mio|miei|mia|ik|mijn|jeg|min|mine|jag|mitt|mina|minä|minun|minulle|jsem|mám|můj|benim|bana|ja|mój|moje|moich|mé|мой|мои|я)(?=[^\p{L}]|$)|私の|私は|我(?!们|們|司|方)|저는|제가|저의/u;

/** True for text in which somebody speaks of "I" or "my". `text` is `comparable`. */
export const speaksOfSelf = (text: string): boolean =>
  // "Je" is "is" in Czech, Slovak and their neighbours.
  selfWords.test(/[čďěľňřšťůž]/u.test(text) ? text.replaceAll(' je ', ' ') : text);
