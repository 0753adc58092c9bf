import { indexAt, type NumberTokens, readTokens, startOfCode } from './number-tokens.ts';
import { isTopicWord, type NumberMeaning, type NumberWord } from './number-words.ts';

/** Says what the words around a number call it: a phone, a card, a reference; null when they do not say. */
export type NumberMeanings = {
  of(range: { readonly start: number; readonly end: number }): NumberMeaning | null;
};

/** A stretch of a table whose column says what the numbers in it are. */
export type TableCell = { readonly start: number; readonly end: number; readonly meaning: NumberMeaning };

/** The most tokens that are looked at on one side of a number. */
const MAX_TOKENS = 18;
/** The most words without a meaning between a word and its number: "the number on the back of the box is …". */
const MAX_UNKNOWN = 6;
/** The same between a verb such as "call" and its number. */
const MAX_AFTER_CALL = 3;

/** A number of fewer characters is no telephone number only because "call" stands somewhere before it. */
const MIN_LONG = 9;

/** Reads the words of a slice once; the meanings are found when they are asked for. */
export function readNumberMeanings(view: string, cells: readonly TableCell[]): NumberMeanings {
  let reader: Reader | null = null;
  return {
    of: (range) => {
      const cell = cells.find(({ start, end }) => start <= range.start && range.start < end);
      if (cell !== undefined) return cell.meaning;
      reader ??= createReader(view);
      return reader.meaningOf(range);
    },
  };
}

type Reader = { meaningOf(range: { readonly start: number; readonly end: number }): NumberMeaning | null };

function createReader(view: string): Reader {
  const { tokens, wordAt } = readTokens(view);
  const before = new Map<number, NumberMeaning | null>();
  const text: Text = { tokens, wordAt, before };
  return {
    meaningOf: ({ start, end }) => {
      const first = startOfCode(tokens, indexAt(tokens, start));
      if (wordAt(indexAt(tokens, end))?.isCallAfter === true) return 'phone';
      return meaningBefore(text, first, end - start >= MIN_LONG) ?? meaningAfter(text, indexAt(tokens, end));
    },
  };
}

type Text = NumberTokens & { readonly before: Map<number, NumberMeaning | null> };

/** The meaning by the words before the token at an index. */
function meaningBefore(text: Text, index: number, isLong: boolean): NumberMeaning | null {
  const known = text.before.get(index);
  if (known !== undefined) return known;
  // Set first: a list of numbers is followed back to its first one.
  text.before.set(index, null);
  const meaning = readBefore(text, index, isLong);
  text.before.set(index, meaning);
  return meaning;
}

function readBefore(text: Text, index: number, isLong: boolean): NumberMeaning | null {
  const { tokens, wordAt } = text;
  const state = {
    isLong,
    unknown: 0,
    isLinked: false,
    hasColon: false,
    hasPreposition: false,
    hasNumberWord: false,
    isOwn: false,
    comma: false,
  };
  let weak: NumberMeaning | null = null;
  for (let at = index - 1; at >= 0 && index - at <= MAX_TOKENS; at--) {
    const { kind, text: shown } = tokens[at] ?? { kind: 'lineEnd', text: '' };
    if (kind === 'lineEnd' && at === index - 1 && isLabelLine(text, at)) continue;
    if (kind === 'sentenceEnd' && shown === '.' && isAbbreviation(text, at, index)) continue;
    if (kind === 'lineEnd' || kind === 'sentenceEnd') break;
    if (kind === 'comma') {
      if (at !== index - 1) {
        if (isSameListBefore(text, at, index)) return meaningOfNumberBefore(text, at);
        // "the customer number, which is on the invoice, is …": only the word for a number reaches over a comma.
        if (!(state.isLinked || state.hasNumberWord)) break;
        state.comma = true;
        continue;
      }
      state.comma = true;
      continue;
    }
    if (kind === 'sign') {
      if (/[:=→]/.test(shown) && state.unknown === 0) state.isLinked = state.hasColon = true;
      continue;
    }
    if (kind === 'number') {
      if (isSameListBefore(text, at + 1, index)) return meaningOfNumberBefore(text, at + 1);
      const isDate = shown.length > 4;
      if (isDate && !state.hasNumberWord) break;
      if (!isDate) state.unknown++;
      continue;
    }
    const word = wordAt(at);
    if (word === null) continue;
    state.isOwn ||= word.isPossessive;
    const isNear = state.unknown === 0;
    // "5.2.1.8 に更新": the verb belongs to the number before it.
    if (word.isUpdate && /^(?:に|へ|まで)/.test(shown)) {
      state.unknown++;
      continue;
    }
    if (word.meaning !== null) {
      // "v 4.0" is a version; in "9v and 4000 …" the letter belongs to what stands before it.
      if (at < index - 1 && /^[a-z]$/i.test(shown)) {
        state.unknown++;
        continue;
      }
      if (word.meaning === 'phone' && isOfPhone(text, at)) {
        state.unknown++;
        continue;
      }
      if (state.isLinked && !state.hasNumberWord && !word.isNumberWord && isTopic(text, at)) break;
      const isStrong = word.isNumberWord || state.hasNumberWord || followsNumberWord(text, at);
      const isNoun = word.isCall && !isNear && isArticle(wordAt(at - 1));
      if (!isNoun && canReach({ word, state, isNear, isStrong })) {
        if (isNear && !state.isLinked) return word.meaning;
        if (isStrong) return word.meaning;
        // "please announce the delivery before: 0171 …": what stands before the colon is a sentence.
        if (!state.hasColon || isNear || word.meaning === 'phone') weak ??= word.meaning;
      } else if (weak === null && !state.comma) break;
      state.unknown++;
      state.hasNumberWord = false;
      continue;
    }
    if (word.isNumberWord) {
      state.hasNumberWord = true;
      continue;
    }
    if (isNear && (word.isLink || isFinnishLink(text, at))) state.isLinked = true;
    const joins = state.hasNumberWord && (word.isWith || state.comma);
    if (word.isPreposition && isNear && !joins) state.hasPreposition = true;
    if (word.isLink || word.isPreposition || word.isPossessive || word.isConnector || word.isSmall) continue;
    if (isNear && isOfThing(text, at, state.hasNumberWord)) continue;
    state.unknown++;
    state.hasNumberWord = false;
    if (state.unknown > MAX_UNKNOWN) break;
  }
  if (weak !== null) return weak;
  return state.hasNumberWord && state.isOwn && state.unknown === 0 ? 'phone' : null;
}

function canReach(options: {
  word: NumberWord;
  state: { isLong: boolean; unknown: number; isLinked: boolean; hasPreposition: boolean; comma: boolean };
  isNear: boolean;
  isStrong: boolean;
}): boolean {
  const { word, state, isNear, isStrong } = options;
  // "about my order, 0171 …": the order is another thing than the number.
  if (state.comma && !isStrong) return word.meaning === 'phone' && !word.isCall;
  if (word.isCall) {
    const isLikely = isNear || state.hasPreposition || state.isLinked || state.isLong;
    return isLikely && state.unknown <= MAX_AFTER_CALL;
  }
  if (state.isLinked) return true;
  if (!isNear) return false;
  // "for my order at 020 …" names no order number; "updated to 2.15.1.0" names a version.
  return !state.hasPreposition || word.meaning === 'phone' || word.isUpdate || word.meaning === 'ip';
}

/** "asiakasnumeroni on …": "on" is a verb in Finnish, after a compound that no other language has. */
const isFinnishLink = ({ tokens }: Text, at: number) =>
  tokens[at]?.text === 'on' && /(?:numero(?:ni|mme)?|tunnus|koodi)$/.test(tokens[at - 1]?.text ?? '');

const of: ReadonlySet<string> = new Set('of de du des d del della dello di do da dos das van von'.split(' '));

/** "Regarding my order: 0171 …": the number is not that of the order. */
function isTopic({ tokens, wordAt }: Text, at: number): boolean {
  let index = at - 1;
  while (index > at - 4 && (wordAt(index)?.isSmall === true || wordAt(index)?.isPossessive === true)) index--;
  return isTopicWord(tokens[index]?.text ?? '');
}

/** "ticket de caisse n° …": an unknown word that only says of which kind the thing is. */
function isOfThing({ tokens, wordAt }: Text, at: number, hasNumberWord: boolean): boolean {
  const joint = tokens[at - 1]?.kind === 'sign' ? at - 2 : at - 1;
  if (!of.has(tokens[joint]?.text ?? '') || (wordAt(joint - 1)?.meaning ?? null) === null) return false;
  // "nota di credito 0612 …"
  return hasNumberWord || papers.has(tokens[joint - 1]?.text ?? '');
}

/** "IMEI du téléphone : …", "serial number of the phone": the number is that of a device. */
function isOfPhone({ tokens, wordAt }: Text, at: number): boolean {
  let index = at - 1;
  let hasOf = false;
  while (index > at - 5 && (wordAt(index)?.isSmall === true || of.has(tokens[index]?.text ?? ''))) {
    hasOf ||= of.has(tokens[index]?.text ?? '');
    index--;
  }
  return (
    hasOf &&
    deviceNumbers.test(
      tokens[wordAt(index)?.isNumberWord === true && wordAt(index)?.meaning === null ? index - 1 : index]?.text ?? '',
    )
  );
}

const deviceNumbers = /^(?:imeis?|meid|s\/n|serial|seriale|serie|serien(?:nummer|nr)|serienummer)$/;

const papers: ReadonlySet<string> = new Set('nota note bon bono bulletin bolla buono'.split(' '));

/** "the call dropped": after an article, such a word asks for no call. */
const isArticle = (word: NumberWord | null) => word?.isSmall === true && !word.isConnector;

/** "número de contrato", "numero del cliente": the word for number stands before the word for the thing. */
function followsNumberWord({ wordAt }: Text, at: number): boolean {
  for (let index = at - 1; index >= at - 4 && index >= 0; index--) {
    const word = wordAt(index);
    if (word === null) return false;
    // "the card number for my order" is the number of a card.
    if (word.isNumberWord) return (wordAt(index - 1)?.meaning ?? null) === null;
    if (!(word.isSmall || word.isPreposition || word.isPossessive)) return false;
  }
  return false;
}

/** The line above is a label of its own: "Order number:" or "Kundennummer". */
function isLabelLine({ tokens, wordAt }: Text, lineEnd: number): boolean {
  const last = tokens[lineEnd - 1];
  if (last?.text !== ':' && wordAt(lineEnd - 1)?.isNumberWord !== true) return false;
  for (let at = lineEnd - 1; lineEnd - at <= 6; at--) {
    const kind = tokens[at]?.kind;
    if (kind === undefined || kind === 'lineEnd') return true;
    if (kind === 'number' || kind === 'comma' || kind === 'sentenceEnd') return false;
  }
  return false;
}

/** "no.", "Tel.", "n.", "réf.": a dot after a short word does not end the sentence when only few words follow. */
function isAbbreviation({ tokens, wordAt }: Text, dot: number, index: number): boolean {
  const before = tokens[dot - 1];
  if (before?.kind !== 'word' || before.end !== tokens[dot]?.start) return false;
  const word = wordAt(dot - 1);
  if (word === null || index - dot > 3) return false;
  return word.isNumberWord || (word.meaning !== null && before.text.length <= 6);
}

/** Only "and", "to", a comma or a slash between this number and the one before it. */
function isSameListBefore({ tokens, wordAt }: Text, from: number, index: number): boolean {
  let hasConnector = false;
  for (let at = index - 1; at >= from; at--) {
    const current = tokens[at];
    if (current?.kind === 'comma' || (current?.kind === 'sign' && /[/&>→)(+-]/.test(current.text))) hasConnector = true;
    else if (current?.kind === 'word' && wordAt(at)?.isConnector === true) hasConnector = true;
    else return false;
  }
  if (!hasConnector) return false;
  // "Apartment 12 / 0161 …" is no list: the first number is too short for the kind of the second.
  let length = 0;
  for (let at = from - 1; at >= from - MAX_GROUPS && tokens[at]?.kind === 'number'; at--) {
    length += tokens[at]?.text.length ?? 0;
  }
  return length >= MIN_LISTED;
}

/** The groups of a number are tokens of their own. */
const MAX_GROUPS = 6;
const MIN_LISTED = 4;

/** The meaning of the number that ends before a token; its groups may be several tokens. */
function meaningOfNumberBefore(text: Text, end: number): NumberMeaning | null {
  let first = end - 1;
  while (first > 0 && text.tokens[first - 1]?.kind === 'number' && end - first < MAX_TOKENS) first--;
  return meaningBefore(text, first, true);
}

/** "48201934 is my customer number", "0171 5550123 (mobile)", "4711, our order number, …" */
function meaningAfter(text: Text, index: number): NumberMeaning | null {
  const { tokens, wordAt } = text;
  let at = index;
  if (tokens[at]?.kind === 'sign' && /[)"'”»]/.test(tokens[at]?.text ?? '')) at++;
  const opening = tokens[at];
  const first = wordAt(at);
  const isBracket = opening?.kind === 'sign' && /[([]/.test(opening.text);
  const isApposition = opening?.kind === 'comma' || (opening?.kind === 'sign' && /[-–—]/.test(opening.text));
  if (first !== null && first.meaning !== null) {
    const isSafe = first.meaning === 'phone' || first.meaning === 'version';
    return isSafe && !first.isCall && endsThere(text, at) ? first.meaning : otherScriptAt(text, at);
  }
  if (!(isBracket || isApposition || first?.isLink === true)) return null;
  let unknown = 0;
  let isOwnNumber = false;
  let isOwn = false;
  for (at++; at < tokens.length && at - index <= 7; at++) {
    if (tokens[at]?.kind !== 'word') break;
    const word = wordAt(at);
    if (word === null) break;
    if (word.meaning !== null && !word.isCall) {
      if (isApposition && !isOwn) return null;
      return endsThere(text, at) ? word.meaning : null;
    }
    isOwn ||= word.isPossessive || word.isSmall;
    if (word.isNumberWord) isOwnNumber = true;
    else if (!(word.isSmall || word.isPossessive || word.isPreposition || word.isLink)) unknown++;
    if (unknown > 1) break;
  }
  return isOwnNumber && isOwn && first?.isLink === true ? 'phone' : null;
}

/** In scripts without spaces the particle and the noun are one token: "612345678は注文番号です". */
function otherScriptAt({ tokens, wordAt }: Text, at: number): NumberMeaning | null {
  const shown = tokens[at]?.text ?? '';
  return /^(?:は|が|是)/.test(shown) ? (wordAt(at)?.meaning ?? null) : null;
}

/** No number of its own follows the word: "…, order 12345" names the next one. */
function endsThere({ tokens, wordAt }: Text, at: number): boolean {
  for (let index = at + 1; index <= at + 3; index++) {
    const next = tokens[index];
    if (next === undefined) return true;
    if (next.kind === 'number' && next.text.length > 3) return false;
    if (next.kind === 'word' && wordAt(index)?.isNumberWord !== true) return true;
    if (next.kind === 'lineEnd' || next.kind === 'sentenceEnd' || next.kind === 'comma') return true;
  }
  return true;
}
