import { type Saying, say } from '../../base/say.ts';
import { languageName } from '../../sentences/language-name.ts';
import type { ExampleSet } from './example-set.ts';
import { hashWord, type Token } from './text-features.ts';
import type { Vectoriser } from './vectoriser.ts';

export type Doubt = {
  /** For the confidence, from 0 to 1. */
  readonly factor: number;
  /** Null where there is no doubt. */
  readonly reason: Saying | null;
  /** No word of the text occurs in an example. */
  readonly knowsNoWord: boolean;
};

/** A ticket in a language without examples is answered only when at least this share of its words is known. */
const MIN_KNOWN_SHARE = 0.5;

/** Lowers the confidence for a text about which the examples say nothing. */
export function doubtAbout(options: {
  readonly vectoriser: Vectoriser;
  readonly intentCount: number;
  readonly examples: ExampleSet;
  readonly tokens: readonly Token[];
  /** True where text that imitates labels was set aside. */
  readonly isPart: boolean;
  readonly language: string | null;
  /** Whether the encoder has read the text: words that two languages share mean little without it. */
  readonly isRead: boolean;
}): Doubt {
  const { vectoriser, intentCount, examples, tokens, isPart, language, isRead } = options;
  if (examples.size === 0) return { factor: 1, reason: null, knowsNoWord: false };
  // A lone question mark is a token as well, and an example may have it.
  const words = new Set(
    tokens.map(({ word }) => word).filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word)),
  );
  let known = 0;
  for (const word of words) if (vectoriser.wordIds.has(hashWord(word))) known++;
  const share = words.size === 0 ? 0 : known / words.size;
  const leastSure = 1 / intentCount;
  if (isPart && words.size === 0) {
    const reason = say('engine.only-labels', 'This ticket says nothing but what imitates the labels of intents.');
    return { factor: leastSure, reason, knowsNoWord: true };
  }
  const knowsMost = share >= MIN_KNOWN_SHARE;
  // Of examples whose language is not known, nobody can say that none is in that of the ticket; the encoder reads them.
  const isUnderstood = examples.knowsLanguages ? knowsMost && isRead : knowsMost || isRead;
  if (language !== null && !examples.covers(language) && !isUnderstood) {
    const reason = examples.knowsLanguages
      ? say('engine.no-example-in', `No example is in ${languageName(language, 'en')}.`, { language })
      : say('engine.no-example-known-in', `No example is known to be in ${languageName(language, 'en')}.`, {
          language,
        });
    return { factor: Math.max(share, leastSure), reason, knowsNoWord: share === 0 };
  }
  const knowsNoWord = share === 0;
  const reason =
    words.size === 0
      ? say('engine.no-word', 'This ticket has no word.')
      : say('engine.knows-no-word', 'No word of this ticket occurs in an example.');
  if (knowsNoWord) return { factor: leastSure, reason, knowsNoWord };
  return { factor: 1, reason: null, knowsNoWord };
}
