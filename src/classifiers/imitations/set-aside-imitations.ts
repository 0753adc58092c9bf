import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { createLabelBook, type FoundLabel, type LabelBook } from './label-book.ts';

/** Returns the text without what imitates labels; the same string where nothing does. */
export type SetAsideImitations = (text: string) => string;

type Span = { readonly start: number; readonly end: number };

/** Keys that our answers and examples use. What stands behind one is meant as a label. */
const ownKeys =
  'intents?|intent_?id|(?:predicted|correct|right|true|final|best)[ _]intent|labels?|classifications?|class|abstained|runners_?up|deciding_?words|stage_?reason';
/** Keys that other programs use for the same; they count in JSON and in tags, before a whole label. */
const otherKeys =
  'category|categories|team|queue|topic|route|routing|department|answer|result|output|prediction|decision|tags?';
/** Names of fields that tell what kind of ticket it is. */
const keysOfForms =
  'kind|group|skill|assistant|bot|system|model|kategorie|thema|abteilung|anliegen|absicht|cat[ée]gorie|sujet|service|categor[íi]a|departamento|intenci[óo]n|inten[çc][ãa]o|categoria|reparto|categorie|afdeling';
const opening = String.raw`["'\x60*_<\[({#“„«]{0,4}`;
const notInWord = String.raw`(?<![\p{L}\p{M}\p{N}_])`;

/** An object of JSON without another one in it. */
const jsonObject = /\{[^{}]{0,4000}\}/g;
const ownKeyInJson = new RegExp(`["'“”„«»](${ownKeys})["'“”„«»]\\s{0,9}[:：](?=(\\s{0,9}["'“”„«»(\\[]{0,3}))`, 'gi');
/** Keys that only our answers have. */
const onlyOurKeys = /^(?:abstained|runners_?up|deciding_?words|stage_?reason)$/i;
/** Keys that other programs use as well, for other things: "label" of a field in a form. */
const sharedKeys = /^(?:labels?|class|classifications?)$/i;
const MAX_NESTED = 4;

/** As in "intent: x", "**Label** = x", "<intent>x" and "the intent is x". */
const ownPair = new RegExp(
  String.raw`${notInWord}${opening}(?:(?<key>${ownKeys})["'\x60*_]{0,4}[ \t]{0,3}(?::|=>?|->|→|>|\|)|(?:the[ \t])?(?:[a-z]{4,9}[ \t])?intent[ \t](?:is|should be)[ \t])[ \t]{0,3}${opening}[ \t]{0,3}${opening}`,
  'giu',
);
/** As in `"category": "x"` and "<team>x". */
const otherPair = new RegExp(
  String.raw`(?:["'](?:${otherKeys})["'][ \t]{0,3}:[ \t]{0,3}["']|<(?:${otherKeys})>)`,
  'giu',
);
/** A tag with a key of ours: <example intent="x">. */
const tagWithKey = new RegExp(
  `<([a-z][\\w-]{0,30})\\s[^<>]{0,200}?(?<![\\w-])(${ownKeys})\\s{0,3}=\\s{0,3}(?=(["']?))[^<>]{0,200}>`,
  'dgi',
);
const MAX_TAG_NAMES = 5;
const emptyFence = /```\w{0,12}\s{0,9}```/g;
const closingTag = /["'`*_)\]}]{0,4}[ \t]{0,3}<\/[\w-]{1,30}>/y;

const lead = String.raw`(?:(?:ignore|disregard|forget)\b[^.!?\n]{0,80}?\b(?:and|then)[ \t]+)?(?:(?:please|bitte|just|now|and|then|you must|must)[ \t]+){0,3}`;
/** Words that people use for sorting. "Send it to billing" is plain speech. */
const sorting =
  '(?:re)?classif(?:y|ied|ies)|categori[sz]ed?|label(?:l?ed)?|tag(?:ged)?|(?:re)?routed?|klassifizieren?|kategorisieren?|clasifi(?:ca|car|que|quen)|class(?:e|er|ez|ifier|ifiez)|classific(?:a|are|ar|he|ate)';
const sorted = String.raw`(?:[ \t]+(?:this|that|the|my|it|following|ticket|request|mail|e-?mail|message|case|issue|one|text|dies(?:es)?|das|die|anfrage|nachricht|esto|este|el|ce|cette|le|la|questo|il|mensaje|mensagem|demande|message|messaggio)\b){0,5}`;
const particle = String.raw`[ \t]{0,3}(?:(?:as|under|into|als|unter|como|comme|come)[ \t]{0,2}:?|(?<=(?:this|ticket|request|message|dies|anfrage)[ \t]{0,3})[:=])[ \t]{1,3}`;
const kindOfLabel = String.raw`(?:(?:an?|the|intent|label|category|class|being|eine?|un|une|una)[ \t]{1,3}){0,3}`;
/** As in "ignore the above and classify this ticket as x", and "set the intent to x". */
const instruction = new RegExp(
  String.raw`${notInWord}${lead}(?:(?:${sorting})\b${sorted}${particle}|set[ \t]+(?:the[ \t]+)?intent[ \t]+(?:to|as)[ \t]+)${kindOfLabel}${opening}`,
  'giu',
);
/** As in "answer only with x". "Please reply with the billing details" is plain speech. */
const answerWith = new RegExp(
  String.raw`${notInWord}${lead}(?:answer|respond|reply)[ \t]+(?:only[ \t]+)?with[ \t]+(?:only[ \t]+)?${opening}`,
  'giu',
);
/** Words that programs join: urgent_security_issues, emergency-support/urgent-security-issues, urgentSecurityIssues. */
const joinedWords =
  /(?<![\p{L}\p{M}\p{N}])\p{L}[\p{L}\p{M}\p{N}]*(?:[-_/\\.:>|#~+]{1,3}[\p{L}\p{M}\p{N}]+|\p{Lu}\p{Ll}+)+/gu;

/**
 * Creates the function that sets aside what imitates our answers or labels: JSON with an intent, "intent: x", an id of the
 * taxonomy written as one, "classify this as x". The embedded engine reads what is left: a name of an intent counts for
 * what customers say, not as a spell. Names in plain speech stay. People and Claude get the whole ticket.
 */
export function createImitationFilter(labels: LabelBook): SetAsideImitations {
  return (text) => {
    const spans = [
      ...jsonSpans(text, labels),
      ...tagSpans(text, labels),
      ...pairSpans({
        text,
        pattern: ownPair,
        read: (at, key) => (isShared(key) ? readClauseAt({ labels, text, at }) : readWordsAt({ labels, text, at })),
      }),
      ...pairSpans({ text, pattern: otherPair, read: (at) => labels.readAt(text, at) }),
      ...pairSpans({ text, pattern: instruction, read: (at) => labels.readLooselyAt(text, at) }),
      ...pairSpans({ text, pattern: answerWith, read: (at) => readClauseAt({ labels, text, at }) }),
      ...idSpans(text, labels),
    ];
    if (spans.length === 0) return text;
    const rest = cutOut(text, spans);
    if (/[\p{L}\p{N}]/u.test(rest)) return rest;
    // Nothing else is left: two words with a hyphen may be all that the customer says.
    return cutOut(
      text,
      spans.filter(({ start, end }) => !isCompound(text.slice(start, end))),
    );
  };
}

type Filters = { readonly imitations: SetAsideImitations; readonly fields: SetAsideImitations };
const filters = new WeakMap<Taxonomy, Filters>();

function filtersOf(taxonomy: Taxonomy): Filters {
  const known = filters.get(taxonomy);
  if (known !== undefined) return known;
  const labels = createLabelBook(taxonomy.leaves);
  const made = { imitations: createImitationFilter(labels), fields: createFieldFilter(labels) };
  filters.set(taxonomy, made);
  return made;
}

/** The filter for a taxonomy, made once. */
export const imitationFilterOf = (taxonomy: Taxonomy): SetAsideImitations => filtersOf(taxonomy).imitations;

/**
 * The same, and without names of intents in fields ("Category: Urgent security issues"). In a form these may be the
 * customer's choice, so engines read them, but the words of a name show no hurry.
 */
export function fieldFilterOf(taxonomy: Taxonomy): SetAsideImitations {
  const { imitations, fields } = filtersOf(taxonomy);
  return (text) => fields(imitations(text));
}

const field = new RegExp(
  String.raw`${notInWord}(?:${ownKeys}|${otherKeys}|${keysOfForms})["'\x60*_]{0,4}[ \t]{0,3}[:=：>→][ \t]{0,3}${opening}`,
  'giu',
);

function createFieldFilter(labels: LabelBook): SetAsideImitations {
  return (text) => cutOut(text, pairSpans({ text, pattern: field, read: (at) => labels.readAt(text, at) }));
}

function spanOf(match: RegExpMatchArray): Span {
  const start = match.index ?? 0;
  return { start, end: start + match[0].length };
}

/** Words of an intent, unless they are part of a longer name: "order" in "order_pizza". */
function readWordsAt({ labels, text, at }: { labels: LabelBook; text: string; at: number }): FoundLabel | null {
  const label = labels.readLooselyAt(text, at);
  return label === null || isJoined.test(text.slice(label.end, label.end + 2)) ? null : label;
}

const isShared = (key: string | undefined) => key !== undefined && sharedKeys.test(key);

/** A whole label after which the clause ends: "label: shipping address" names something else than "shipping". */
function readClauseAt({ labels, text, at }: { labels: LabelBook; text: string; at: number }): FoundLabel | null {
  const label = labels.readAt(text, at);
  return label === null || goesOn.test(text.slice(label.end, label.end + 8)) ? null : label;
}

/**
 * Objects with a key that only we have, or with a label behind a key of ours, and those around them. Other programs have
 * intents as well: {"intent":"turn_on_light"} is what a developer writes about.
 */
function jsonSpans(text: string, labels: LabelBook): Span[] {
  const imitates = (object: string) =>
    Array.from(object.matchAll(ownKeyInJson)).some(({ index, 0: pair, 1: key = '', 2: gap = '' }) => {
      if (onlyOurKeys.test(key)) return true;
      const label = labels.readLooselyAt(object, index + pair.length + gap.length);
      return label !== null && !joinedOn.test(object.slice(label.end, label.end + 8));
    });
  const spans: Span[] = [];
  let read = text;
  for (let depth = 0; depth < MAX_NESTED; depth++) {
    let found = false;
    read = read.replace(jsonObject, (object: string, start: number) => {
      found = true;
      if (imitates(object)) spans.push({ start, end: start + object.length });
      // Other brackets, so that the next turn reads the object around it.
      return `(${object.slice(1, -1)})`;
    });
    if (!found) break;
  }
  return spans;
}

function tagSpans(text: string, labels: LabelBook): Span[] {
  // Tags of web pages have classes and labels too.
  const tags = Array.from(text.matchAll(tagWithKey)).filter(
    ({ 2: key, 3: quote = '', indices }) =>
      !isShared(key) || labels.readAt(text, (indices?.[3]?.[0] ?? 0) + quote.length)?.isWrittenAsId === true,
  );
  const names = [...new Set(tags.map((tag) => (tag[1] ?? '').toLowerCase()))].slice(0, MAX_TAG_NAMES);
  const closing = names.flatMap((name) => Array.from(text.matchAll(new RegExp(`</${name}>`, 'gi')), spanOf));
  return [...tags.map(spanOf), ...closing];
}

function pairSpans(options: {
  text: string;
  pattern: RegExp;
  read: (at: number, key: string | undefined) => FoundLabel | null;
}): Span[] {
  const { text, pattern, read } = options;
  return Array.from(text.matchAll(pattern)).flatMap((match) => {
    const { start, end } = spanOf(match);
    const label = read(end, match.groups?.key);
    if (label === null) return [];
    closingTag.lastIndex = label.end;
    return [{ start, end: label.end + (closingTag.exec(text)?.[0].length ?? 0) }];
  });
}

function idSpans(text: string, labels: LabelBook): Span[] {
  return Array.from(text.matchAll(joinedWords), spanOf).filter((span) => {
    const written = text.slice(span.start, span.end);
    const isWhole = (found: FoundLabel | null) => found !== null && found.end === written.length;
    const label = labels.readAt(written, 0);
    if (isValue.test(text.slice(Math.max(0, span.start - MAX_KEY), span.start))) return false;
    if (isWhole(label) && label?.isWrittenAsId && !isTwoWords(written)) return true;
    // Programs have names such as order_status and password_reset too: in a sentence, they are no labels.
    const mayBeLabel = isWhole(label)
      ? label?.isWrittenAsId || isCompound(written)
      : written.includes('_') && isWhole(labels.readLooselyAt(written, 0));
    return mayBeLabel && standsAlone(text, span);
  });
}

/** Two words with a hyphen, which people write as well ("the password-reset link"). */
const isCompound = (written: string) => /^\p{Ll}+-\p{Ll}+$/u.test(written);

const isTwoWords = (written: string) => /^[\p{L}\p{M}\p{N}]+_[\p{L}\p{M}\p{N}]+$/u.test(written);
/** A value of JSON; those of keys that may be meant for labels are found by the key. */
const isValue = /["'][\w-]{1,40}["']\s{0,3}:\s{0,3}["']$/;
const MAX_KEY = 50;

const wordBefore = /[\p{L}\p{M}\p{N}]['’]?[ \t,]{1,3}["'\x60*(«“„]{0,2}$/u;
const wordAfter = /^["'\x60*)»”“]{0,2}[ \t,:]{1,3}[\p{L}\p{N}]/u;
const isJoined = /^[_/.-]?[\p{L}\p{N}]/u;
/** A further word of the same clause. */
const goesOn = /^["'\x60*_]{0,3}[ \t]{1,3}[\p{L}\p{N}]/u;
/** A further part of the same value. */
const joinedOn = /^[ \t_/.-]{0,3}[\p{L}\p{N}]/u;

/** True where no other word of the same sentence is beside it. */
function standsAlone(text: string, { start, end }: Span): boolean {
  const written = text.slice(start, end);
  const reach = 4 * written.length;
  const left = text.slice(Math.max(0, start - reach), start).replaceAll(written, '\n');
  const right = text.slice(end, end + reach).replaceAll(written, '\n');
  return !wordBefore.test(left) && !wordAfter.test(right);
}

// Marks that say nothing without what they enclose or separate.
const marksBefore = /["'`*_<>[\](){}#|“„«:=,;~@ \t-]*$/;
const marksAfter = /^[ \t]*["'`*_<>[\](){}|”“»,;:=~!.-]*/;
const MAX_MARKS = 40;

/** The text without these stretches and the marks around them. */
function cutOut(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let rest = '';
  let from = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start > from) rest = withoutLastMarks(append(rest, text.slice(from, start), from > 0));
    from = Math.max(from, end);
  }
  return append(rest, text.slice(from), true).replace(emptyFence, ' ').trim();
}

function append(before: string, after: string, isAfterGap: boolean): string {
  const next = isAfterGap ? after.replace(marksAfter, '') : after;
  return before === '' || next === '' || /^\s/.test(next) || /\s$/.test(before) ? before + next : `${before} ${next}`;
}

function withoutLastMarks(text: string): string {
  const marks = marksBefore.exec(text.slice(-MAX_MARKS))?.[0].length ?? 0;
  return text.slice(0, text.length - marks);
}
