import { foldText } from './folded-text.ts';
import data from './words/number-words.json' with { type: 'json' };

/** What a word says that a number near it is. */
export type NumberMeaning = 'phone' | 'card' | 'reference' | 'version' | 'ip';

export type NumberWord = {
  readonly meaning: NumberMeaning | null;
  /** "call", "erreichen": a number may follow after a few other words. */
  readonly isCall: boolean;
  /** "anrufen": the number stands before it. */
  readonly isCallAfter: boolean;
  /** "update": the version may follow after "to". */
  readonly isUpdate: boolean;
  /** "number", or a word that is made with it ("Kundennummer"). */
  readonly isNumberWord: boolean;
  /** "is" and its like between a word and its number. */
  readonly isLink: boolean;
  readonly isPossessive: boolean;
  /** "at", "unter": between a verb and its number. */
  readonly isPreposition: boolean;
  /** "the order with the number …" */
  readonly isWith: boolean;
  /** "and", "to": between two numbers that are the same kind of thing. */
  readonly isConnector: boolean;
  /** Articles and other words that may stand in between. */
  readonly isSmall: boolean;
};

type Category = 'phone' | 'call' | 'callAfter' | 'card' | 'reference' | 'version' | 'update' | 'ip' | 'number' | 'is';
type SmallCategory = 'my' | 'at' | 'with' | 'small' | 'and';
type Language = Readonly<Partial<Record<Category | SmallCategory, string>>>;

const { compounds, carriers, topics, inOtherScripts, ...languages } = data;
const allLanguages: readonly Language[] = Object.values(languages);

const fold = (text: string) => foldText(text).view;
const listOf = (text: string | undefined): string[] =>
  fold(text ?? '')
    .split(' ')
    .filter((word) => word !== '');
const setOf = (category: Category | SmallCategory): ReadonlySet<string> =>
  new Set(allLanguages.flatMap((language) => listOf(language[category])));

const sets = {
  phone: setOf('phone'),
  call: setOf('call'),
  callAfter: setOf('callAfter'),
  card: setOf('card'),
  reference: new Set([...setOf('reference'), ...listOf(carriers)]),
  version: setOf('version'),
  update: setOf('update'),
  ip: setOf('ip'),
  number: setOf('number'),
  is: setOf('is'),
  my: setOf('my'),
  at: setOf('at'),
  with: setOf('with'),
  small: setOf('small'),
  and: setOf('and'),
};

const unknown: NumberWord = {
  meaning: null,
  isCall: false,
  isCallAfter: false,
  isUpdate: false,
  isNumberWord: false,
  isLink: false,
  isPossessive: false,
  isPreposition: false,
  isWith: false,
  isConnector: false,
  isSmall: false,
};

/** True for a thing that has a number: "card", "order", "version". */
export const isNumberNoun = (word: string): boolean =>
  [sets.phone, sets.card, sets.reference, sets.version, sets.update].some((set) => set.has(word));

const phoneStarts = listOf(compounds.phone);
const cardStarts = listOf(compounds.card);
const referenceEnds = listOf(compounds.reference);
/** The last parts of words in languages that join nouns: shorter ones end other words, too. */
const MIN_NOUN = 6;
const referenceNouns = (['de', 'nl', 'da', 'no', 'sv', 'fi', 'hu'] as const)
  .flatMap((language) => listOf(languages[language].reference))
  .filter((word) => word.length >= MIN_NOUN);
/** "Telefonbestellung": an order, although it begins like a phone. */
const orderEnds = listOf(compounds.orders);
const versionEnds = listOf(compounds.version);

const topicWords: ReadonlySet<string> = new Set(listOf(topics));

/** "about", "wegen": what follows is what the mail is about. */
export const isTopicWord = (word: string): boolean => topicWords.has(word);

/** What a word of a folded text says about the number before or after it. */
export function numberWordOf(word: string): NumberWord {
  if (/[^\p{sc=Latin}\p{N}\p{M}'’_/-]/u.test(word)) return inOtherScript(word);
  const flags = {
    isLink: sets.is.has(word),
    isPossessive: sets.my.has(word),
    isPreposition: sets.at.has(word),
    isWith: sets.with.has(word),
    isConnector: sets.and.has(word),
    isSmall: sets.small.has(word),
    isNumberWord: sets.number.has(word),
  };
  const isUpdate = sets.update.has(word);
  const meaning = meaningOf(word);
  if (meaning !== null || isUpdate) {
    const isNumberWord = flags.isNumberWord || isCompound(word);
    return {
      ...unknown,
      ...flags,
      meaning: meaning ?? 'version',
      isCall: sets.call.has(word),
      isCallAfter: sets.callAfter.has(word),
      isUpdate,
      isNumberWord,
    };
  }
  return { ...unknown, ...flags };
}

function meaningOf(word: string): NumberMeaning | null {
  if (sets.phone.has(word) || sets.call.has(word)) return 'phone';
  if (sets.card.has(word)) return 'card';
  if (sets.version.has(word)) return 'version';
  if (sets.reference.has(word)) return 'reference';
  if (sets.ip.has(word)) return 'ip';
  if (endsIn(word, versionEnds)) return 'version';
  if (endsIn(word, orderEnds)) return 'reference';
  // "Mandatsreferenz", but "Handyvertrag" may be that of the telephone number.
  const isPhone = phoneStarts.some((start) => word.startsWith(start));
  if (!isPhone && endsIn(word, referenceNouns)) return 'reference';
  return isCompound(word) ? meaningOfCompound(word) : null;
}

/** "Kundennummer", "order-id": a word that ends in one for a number. */
function isCompound(word: string): boolean {
  return endsIn(word, referenceEnds);
}

const endsIn = (word: string, ends: readonly string[]) =>
  ends.some((end) => word.length > end.length + 2 && word.endsWith(end));

function meaningOfCompound(word: string): NumberMeaning {
  if (phoneStarts.some((start) => word.startsWith(start))) return 'phone';
  return cardStarts.some((start) => word.startsWith(start)) ? 'card' : 'reference';
}

type Term = { readonly text: string; readonly word: NumberWord };
const other: Language = inOtherScripts;
const terms: readonly Term[] = [
  ...listOf(other.phone).map((text) => ({ text, word: { ...unknown, meaning: 'phone' as const } })),
  ...listOf(other.card).map((text) => ({ text, word: { ...unknown, meaning: 'card' as const } })),
  ...listOf(other.reference).map((text) => ({ text, word: { ...unknown, meaning: 'reference' as const } })),
  ...listOf(other.version).map((text) => ({ text, word: { ...unknown, meaning: 'version' as const } })),
  ...listOf(other.update).map((text) => ({
    text,
    word: { ...unknown, meaning: 'version' as const, isUpdate: true },
  })),
  ...listOf(other.ip).map((text) => ({ text, word: { ...unknown, meaning: 'ip' as const } })),
].toSorted((a, b) => b.text.length - a.text.length);
const otherSets = {
  number: new Set(listOf(other.number)),
  is: new Set(listOf(other.is)),
  my: new Set(listOf(other.my)),
  at: new Set(listOf(other.at)),
  small: new Set(listOf(other.small)),
  and: new Set(listOf(other.and)),
};
/** The number itself ("私の番号は") and not the number of something ("注文番号"). */
const ownNumber = /(?:^|[\p{sc=Hiragana}])番号[はがを]?$/u;
const MAX_TERM_WORD = 40;

/** In scripts without spaces, or with prefixes and endings, the last term that a word contains counts. */
function inOtherScript(word: string): NumberWord {
  const flags = {
    isLink: otherSets.is.has(word),
    isPossessive: otherSets.my.has(word),
    isPreposition: otherSets.at.has(word),
    isConnector: otherSets.and.has(word),
    isSmall: otherSets.small.has(word),
    isNumberWord: otherSets.number.has(word),
  };
  if (Object.values(flags).some(Boolean)) return { ...unknown, ...flags };
  const text = word.slice(-MAX_TERM_WORD);
  let best: { end: number; term: string; word: NumberWord } | null = null;
  for (const term of terms) {
    const at = text.lastIndexOf(term.text);
    if (at === -1) continue;
    const end = at + term.text.length;
    if (best === null || end > best.end) best = { end, term: term.text, word: term.word };
  }
  const isNamed = best !== null && best.term !== '番号';
  if (!isNamed && ownNumber.test(text)) return { ...unknown, isNumberWord: true, isPossessive: text.startsWith('私') };
  return best?.word ?? unknown;
}
