import { normaliseWord } from '../local/text-features.ts';

/** What is needed of an intent to recognise its label. */
export type LabelledIntent = { readonly id: string; readonly name: string };

/** A label that was found in a text. */
export type FoundLabel = {
  readonly end: number;
  /** True when words are joined as only programs join them: `a_b`, `a/b`, `aB`, or three words with hyphens. */
  readonly isWrittenAsId: boolean;
};

export type LabelBook = {
  /** Finds the longest label that begins exactly at `start`, the whole id or name of an intent; null when none does. */
  readAt(text: string, start: number): FoundLabel | null;
  /** Like `readAt`, but takes some of an intent's words too: after `intent:`, `urgent security` is meant as a label. */
  readLooselyAt(text: string, start: number): FoundLabel | null;
};

/** Ids of real taxonomies have fewer words. */
const MAX_WORDS = 16;
/** A word, with the characters before it that may join it to the one before. */
const nextWord = /([-_/\\.:>|#~+ \t]{0,4})(\p{Lu}?[\p{Ll}\p{Lo}\p{M}\p{N}]+|\p{Lu}+(?!\p{Ll})|[\p{L}\p{M}\p{N}]+)/uy;
const MIN_TELLING_LETTERS = 4;

type Word = { readonly word: string; readonly joint: string; readonly end: number };

/** Knows the labels of a taxonomy: ids, the parts of their paths and names, whatever joins their words. */
export function createLabelBook(intents: readonly LabelledIntent[]): LabelBook {
  const whole = new Set<string>();
  const firstWords = new Set<string>();
  const intentsOfWord = new Map<string, Set<number>>();
  const add = (text: string, intent: number) => {
    const words = wordsAt(text, 0).map(({ word }) => word);
    if (words.length === 0) return;
    whole.add(words.join(' '));
    firstWords.add(words[0]!);
    for (const word of words) {
      const known = intentsOfWord.get(word) ?? new Set();
      intentsOfWord.set(word, known.add(intent));
    }
  };
  intents.forEach(({ id, name }, intent) => {
    const path = id.split('/');
    for (let depth = 1; depth <= path.length; depth++) add(path.slice(0, depth).join('/'), intent);
    for (const part of path) add(part, intent);
    add(name, intent);
  });

  return {
    readAt(text, start) {
      const words = wordsAt(text, start);
      if (!firstWords.has(words[0]?.word ?? '')) return null;
      for (let count = words.length; count > 0; count--) {
        const taken = words.slice(0, count);
        if (whole.has(taken.map(({ word }) => word).join(' '))) return describe(taken);
      }
      return null;
    },
    readLooselyAt(text, start) {
      const words = wordsAt(text, start);
      let possible: ReadonlySet<number> | null = null;
      let count = 0;
      for (const { word } of words) {
        const known: ReadonlySet<number> = intentsOfWord.get(word) ?? new Set();
        const left: ReadonlySet<number> =
          possible === null ? known : new Set([...known].filter((intent) => possible?.has(intent)));
        if (left.size === 0) break;
        possible = left;
        count++;
      }
      const taken = words.slice(0, count);
      return taken.some(({ word }) => word.length >= MIN_TELLING_LETTERS) ? describe(taken) : null;
    },
  };
}

/** The words from `start` on, as long as they are on one line and at most a joint apart. */
function wordsAt(text: string, start: number): Word[] {
  const words: Word[] = [];
  nextWord.lastIndex = start;
  while (words.length < MAX_WORDS) {
    const match = nextWord.exec(text);
    if (match === null) break;
    const [, joint = '', written = ''] = match;
    if (words.length === 0 && joint !== '') break;
    words.push({ word: singular(normaliseWord(written)), joint, end: match.index + match[0].length });
  }
  return words;
}

/** `issue` and `issues` are the same label. */
const singular = (word: string) => (word.length > 3 ? word.replace(/s$/, '') : word);

function describe(words: readonly Word[]): FoundLabel {
  const joints = words.slice(1).map(({ joint }) => joint);
  const isJoined = joints.every((joint) => !/\s/.test(joint));
  const hyphens = joints.filter((joint) => joint === '-').length;
  const isWrittenAsId = isJoined && joints.length > 0 && (hyphens < joints.length || hyphens > 1);
  return { end: words.at(-1)!.end, isWrittenAsId };
}
