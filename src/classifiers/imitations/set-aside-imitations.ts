import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { createLabelBook, type FoundLabel, type LabelBook, type LabelledIntent } from './label-book.ts';

/** Returns the text without what imitates labels; the same string where nothing does. */
export type SetAsideImitations = (text: string) => string;

type Span = { readonly start: number; readonly end: number };

/** Keys that our answers and examples use. What stands behind one is meant as a label. */
const ownKeys =
  'intents?|intent_?id|(?:predicted|correct|right|true|final|best)[ _]intent|labels?|classifications?|class|abstained|runners_?up|deciding_?words|stage_?reason';
/** Keys that other programs use for the same; they count in JSON and in tags, before a whole label. */
const otherKeys =
  'category|categories|team|queue|topic|route|routing|department|answer|result|output|prediction|decision|type|tags?';
const opening = String.raw`["'\x60*_<\[({#“„«]{0,4}`;
const notInWord = String.raw`(?<![\p{L}\p{M}\p{N}_])`;

/** An object of JSON without another one in it. */
const jsonObject = /\{[^{}]{0,4000}\}/g;
const ownKeyInJson = new RegExp(`["'](${ownKeys})["']\\s{0,9}:(?=(\\s{0,9}["'(\\[]{0,3}))`, 'gi');
/** Keys that other programs use as well, for other things: "label" of a field in a form. */
const sharedKeys = /^(?:labels?|class|classifications?)$/i;
const MAX_NESTED = 4;

/** As in "intent: x", "**Label** = x", "<intent>x" and "the intent is x". */
const ownPair = new RegExp(
  String.raw`${notInWord}${opening}(?:(?:${ownKeys})["'\x60*_]{0,4}[ \t]{0,3}(?::|=>?|->|→|>|\|)|(?:the[ \t])?(?:[a-z]{4,9}[ \t])?intent[ \t](?:is|should be)[ \t])[ \t]{0,3}${opening}[ \t]{0,3}${opening}`,
  'giu',
);
/** As in `"category": "x"` and "<team>x". */
const otherPair = new RegExp(
  String.raw`(?:["'](?:${otherKeys})["'][ \t]{0,3}:[ \t]{0,3}["']|<(?:${otherKeys})>)`,
  'giu',
);
/** A tag with a key of ours: <example intent="x">. */
const tagWithKey = new RegExp(`<([a-z][\\w-]{0,30})\\s[^<>]{0,200}?\\b(?:${ownKeys})\\s{0,3}=[^<>]{0,200}>`, 'gi');
const MAX_TAG_NAMES = 5;
const emptyFence = /```\w{0,12}\s{0,9}```/g;
const closingTag = /["'`*_)\]}]{0,4}[ \t]{0,3}<\/[\w-]{1,30}>/y;

const lead = String.raw`(?:(?:ignore|disregard|forget)\b[^.!?\n]{0,80}?\b(?:and|then)[ \t]+)?(?:(?:please|bitte|just|now|and|then|you must|must)[ \t]+){0,3}`;
/** Words that people use for sorting. "Send it to billing" is plain speech. */
const sorting =
  '(?:re)?classif(?:y|ied|ies)|categori[sz]ed?|label(?:l?ed)?|tag(?:ged)?|(?:re)?routed?|klassifizieren?|kategorisieren?|clasifi(?:ca|car|que|quen)|class(?:e|er|ez|ifier|ifiez)|classific(?:a|are|ar|he|ate)';
const sorted = String.raw`(?:[ \t]+(?:this|that|the|my|it|following|ticket|request|mail|e-?mail|message|case|issue|one|text|dies(?:es)?|das|die|anfrage|nachricht|esto|este|el|ce|cette|le|la|questo|il|mensaje|mensagem|demande|message|messaggio)\b){0,5}`;
const particle = String.raw`[ \t]{0,3}(?:as|under|into|als|unter|como|comme|come|:|=)[ \t]{1,3}`;
const kindOfLabel = String.raw`(?:(?:an?|the|intent|label|category|class|being|eine?|un|une|una)[ \t]{1,3}){0,3}`;
/** As in "ignore the above and classify this ticket as x", "set the intent to x" and "answer with x". */
const instruction = new RegExp(
  String.raw`${notInWord}${lead}(?:(?:${sorting})\b${sorted}${particle}|set[ \t]+(?:the[ \t]+)?intent[ \t]+(?:to|as)[ \t]+|(?:answer|respond|reply)[ \t]+(?:only[ \t]+)?with[ \t]+)${kindOfLabel}${opening}`,
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
export function createImitationFilter(intents: readonly LabelledIntent[]): SetAsideImitations {
  const labels = createLabelBook(intents);
  return (text) => {
    const spans = [
      ...jsonSpans(text, labels),
      ...tagSpans(text),
      ...pairSpans({ text, pattern: ownPair, read: labels.readLooselyAt }),
      ...pairSpans({ text, pattern: otherPair, read: labels.readAt }),
      ...pairSpans({ text, pattern: instruction, read: labels.readLooselyAt }),
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

const filters = new WeakMap<Taxonomy, SetAsideImitations>();

/** The filter for a taxonomy, made once. */
export function imitationFilterOf(taxonomy: Taxonomy): SetAsideImitations {
  const filter = filters.get(taxonomy) ?? createImitationFilter(taxonomy.leaves);
  filters.set(taxonomy, filter);
  return filter;
}

function spanOf(match: RegExpMatchArray): Span {
  const start = match.index ?? 0;
  return { start, end: start + match[0].length };
}

/** Objects with a key of ours, and those around them. */
function jsonSpans(text: string, labels: LabelBook): Span[] {
  const imitates = (object: string) =>
    Array.from(object.matchAll(ownKeyInJson)).some(
      ({ index, 0: pair, 1: key = '', 2: gap = '' }) =>
        !sharedKeys.test(key) || labels.readLooselyAt(object, index + pair.length + gap.length) !== null,
    );
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

function tagSpans(text: string): Span[] {
  const tags = Array.from(text.matchAll(tagWithKey));
  const names = [...new Set(tags.map((tag) => (tag[1] ?? '').toLowerCase()))].slice(0, MAX_TAG_NAMES);
  const closing = names.flatMap((name) => Array.from(text.matchAll(new RegExp(`</${name}>`, 'gi')), spanOf));
  return [...tags.map(spanOf), ...closing];
}

function pairSpans(options: {
  text: string;
  pattern: RegExp;
  read: (text: string, start: number) => FoundLabel | null;
}): Span[] {
  const { text, pattern, read } = options;
  return Array.from(text.matchAll(pattern), spanOf).flatMap(({ start, end }) => {
    const label = read(text, end);
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
    if (isWhole(label)) return label?.isWrittenAsId || (isCompound(written) && standsAlone(text, span));
    // Nobody writes underscores in plain speech: some words of an intent, joined so, are meant as its label.
    return written.includes('_') && isWhole(labels.readLooselyAt(written, 0));
  });
}

/** Two words with a hyphen, which people write as well ("the password-reset link"). */
const isCompound = (written: string) => /^\p{Ll}+-\p{Ll}+$/u.test(written);

const wordBefore = /[\p{L}\p{M}\p{N}]['’]?[ \t,]{1,3}$/u;
const wordAfter = /^[ \t,]{1,3}[\p{L}\p{N}]/u;

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
