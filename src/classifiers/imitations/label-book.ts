import { normaliseWord } from '../../ticket/normalise-word.ts';

/** What is needed of an intent to recognise its label. */
export type LabelledIntent = { readonly id: string; readonly name: string };

/** A label that was found in a text. */
export type FoundLabel = {
  readonly end: number;
  /** True when words are joined as only programs join them: `a_b`, `a/b`, `aB`, or three words with hyphens. */
  readonly isWrittenAsId: boolean;
};

/** A label in a text, whatever joins its words. */
export type FoundName = { readonly start: number; readonly end: number; readonly name: IntentName };

export type IntentName = {
  /** Its words, normalised. */
  readonly words: string;
  /** Ids of the intents that it names: several for the label of a parent. */
  readonly intents: ReadonlySet<string>;
};

export type LabelBook = {
  /** Finds whole labels, also where they stand on several lines. */
  findNames(text: string): FoundName[];
  /** Finds the longest label that begins exactly at `start`, the whole id or name of an intent; null when none does. */
  readAt(text: string, start: number): FoundLabel | null;
  /** Like `readAt`, but takes some of an intent's words too: after `intent:`, `urgent security` is meant as a label. */
  readLooselyAt(text: string, start: number): FoundLabel | null;
};

/** Ids of real taxonomies have fewer words. */
const MAX_WORDS = 16;
const oneWord = String.raw`(\p{Lu}?[\p{Ll}\p{Lo}\p{M}\p{N}]+|\p{Lu}+(?!\p{Ll})|[\p{L}\p{M}\p{N}]+)`;
/** A word, with the characters before it that may join it to the one before. */
const nextWord = new RegExp(String.raw`([-_/\\.:>|#~+ \t]{0,4})${oneWord}`, 'uy');
/** The same with anything between two words, such as a new line or a character that nobody sees. */
const nextWordAnywhere = new RegExp(String.raw`((?:%20|[^\p{L}\p{M}\p{N}]){0,6})${oneWord}`, 'uy');
const wordStart = /(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}]/gu;
const MIN_TELLING_LETTERS = 4;

type Word = { readonly word: string; readonly joint: string; readonly end: number };

/** Knows the labels of a taxonomy: ids, the parts of their paths and names, whatever joins their words. */
export function createLabelBook(intents: readonly LabelledIntent[]): LabelBook {
  const whole = new Map<string, Set<string>>();
  const firstWords = new Set<string>();
  const intentsOfWord = new Map<string, Set<number>>();
  const add = (text: string, { id, intent }: { id: string; intent: number }) => {
    const words = wordsAt({ text, start: 0 }).map(({ word }) => word);
    if (words.length === 0) return;
    const label = words.join(' ');
    whole.set(label, (whole.get(label) ?? new Set()).add(id));
    firstWords.add(words[0]!);
    for (const word of words) {
      const known = intentsOfWord.get(word) ?? new Set();
      intentsOfWord.set(word, known.add(intent));
    }
  };
  intents.forEach(({ id, name }, intent) => {
    const path = id.split('/');
    for (let depth = 1; depth <= path.length; depth++) add(path.slice(0, depth).join('/'), { id, intent });
    for (const part of path) add(part, { id, intent });
    add(name, { id, intent });
  });

  return {
    findNames(text) {
      const found: FoundName[] = [];
      for (const { index: start } of text.matchAll(wordStart)) {
        if (start < (found.at(-1)?.end ?? 0)) continue;
        const next = nextWordAnywhere;
        if (!firstWords.has(wordsAt({ text, start, next, most: 1 })[0]?.word ?? '')) continue;
        const words = wordsAt({ text, start, next });
        for (let count = words.length; count > 0; count--) {
          const label = words
            .slice(0, count)
            .map(({ word }) => word)
            .join(' ');
          const intents = whole.get(label);
          if (intents === undefined) continue;
          found.push({ start, end: words[count - 1]!.end, name: { words: label, intents } });
          break;
        }
      }
      return found;
    },
    readAt(text, start) {
      const words = wordsAt({ text, start });
      if (!firstWords.has(words[0]?.word ?? '')) return null;
      for (let count = words.length; count > 0; count--) {
        const taken = words.slice(0, count);
        if (whole.has(taken.map(({ word }) => word).join(' '))) return describe(taken);
      }
      return null;
    },
    readLooselyAt(text, start) {
      const words = wordsAt({ text, start });
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

/** The words from `start` on, as long as they are at most a joint apart. */
function wordsAt(options: { text: string; start: number; next?: RegExp; most?: number }): Word[] {
  const { text, start, next = nextWord, most = MAX_WORDS } = options;
  const words: Word[] = [];
  next.lastIndex = start;
  while (words.length < most) {
    const match = next.exec(text);
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
