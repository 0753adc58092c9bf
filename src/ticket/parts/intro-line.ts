import { type Line, skipBlank } from './lines.ts';
import { comparable, introVerbs } from './words.ts';

/** The line that a mail program writes above a quotation: "On 9 Nov 2026 at 9:14, Ana <ana@shop.example> wrote:". */
export type IntroLine = {
  /** Index of the line after it; it may be wrapped. */
  readonly end: number;
  /** It names an address, as programs do and people do not. */
  readonly hasAddress: boolean;
  /** It names the year and the time of day. */
  readonly hasExactDate: boolean;
  /** The older message begins in the same line, as the app of Yahoo writes it. */
  readonly hasMessage: boolean;
};

const MAX_LINES = 4;
const MAX_LENGTH = 400;
const address = /[<[(]?[^\s<>@:]{1,64}@[^\s<>@]{1,200}/;
/** Not the day and month of "11.11.2026". */
const time = /\b\d{1,2} ?[:.h] ?\d{2}\b(?!\.\d)/;
const year = /\b(?:19|20)\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b|\d{4}年|\d{4}년/;
/** A full stop after a word of four letters or more: after "nov." the line goes on. */
const sentenceEnd = /(?:\p{L}{4}[.!?]|[!?。！？])$/u;
const personal =
  /(?:^|[^\p{L}])(?:you|your|yours|me|us|my|our|ihr|ihre|ihrer|ihrem|ihren|mir|uns|euch|eure|euer|dein|deine|mein|meine|unser|unsere|votre|vos|m'a|m'ont|nous|notre|su|sus|vuestra|vuestro|vuestros|nos|tu|nuestra|nuestro|seu|sua|vosso|vossa|vossos|meu|minha|nosso|nossa|vostra|vostro|vostri|tua|mia|nostra|nostro|uw|jullie|mij|onze|mijn|jouw|jeres|jer|mig|os|vores|er|ert|era|oss|vår|deres|dere|meg|państwa|wasz|wasza|pana|pani|mój|nam|vaše|váš|nám|ваш|ваша|мне|нам|sizin|bana|bize)(?=[^\p{L}]|$)|御社|貴社|そちらの|担当の|貴方|您|你们/u;
/** "On Tue, Nov 10, 2026 at 16:02, Ana<ana@shop.example> wrote:   Thank you for …" */
const withMessage = /^(.{10,300}@[^\s@]{2,200}[ \t][^:：@]{2,40}[:：])[ \t\u00a0]{2,20}\S/u;
const digit = /\p{Nd}/u;
const ending = /[:：]\s*[*_>]{0,2}$/;
/** "2026年11月9日(月) 9:14 名前 <a@shop.example>:" has no verb: the date comes first and the address last. */
const dateFirst = /^\p{Nd}{1,4}[\p{Nd}\s./:,()年月日년월일時分시분\p{L}+-]{5,80}/u;

/** Reads such a line, in the word order of any language; null when it is none, or begins further down. */
export function readIntroLine(lines: readonly Line[], from: number): IntroLine | null {
  if (!endsSoon(lines, from)) return null;
  const intro = readLines(lines, from);
  if (intro === null) return null;
  // "The lamp is missing." above it, without an empty line, is no part of it: what follows alone says as much.
  for (let later = from + 1; later < intro.end; later += 1) {
    const shorter = readLines(lines, later);
    if (shorter === null) break;
    if (shorter.hasAddress === intro.hasAddress && shorter.hasExactDate === intro.hasExactDate) return null;
  }
  return intro;
}

const isEnd: ReadonlySet<string> = new Set([':', '：', '*', '_', '>']);

const gap = /[:：][ \t\u00a0]{2}/;
const messageAfter = (content: string): string | undefined =>
  content.includes('@') && gap.test(content) ? withMessage.exec(content.slice(0, MAX_LENGTH))?.[1] : undefined;

const endsWithVerb = (content: string): boolean =>
  content.length <= MAX_LENGTH &&
  content.includes('@') &&
  year.test(content) &&
  introVerbs.some((verb) => content.endsWith(` ${verb}`));

/** Whether one of the next lines ends as such a line does: most texts are done here. */
function endsSoon(lines: readonly Line[], from: number): boolean {
  for (let at = from; at < lines.length && at - from < MAX_LINES; at += 1) {
    const { content } = lines[at]!;
    if (content === '') return false;
    if (messageAfter(content) !== undefined) return true;
    if (endsWithVerb(content)) return true;
    if (isEnd.has(content.at(-1) ?? '') && ending.test(content.slice(-8))) return true;
  }
  return false;
}

function readLines(lines: readonly Line[], from: number): IntroLine | null {
  let text = '';
  for (let at = from; at < lines.length && at - from < MAX_LINES; at += 1) {
    const { content } = lines[at]!;
    if (content === '' || (text !== '' && sentenceEnd.test(text))) return null;
    const before = messageAfter(content);
    text = text === '' ? (before ?? content) : `${text} ${before ?? content}`;
    if (text.length > MAX_LENGTH) return null;
    const hasEnding = ending.test(text);
    if (!hasEnding && !endsWithVerb(content)) continue;
    const words = comparable(text).replace(/[:：*_\s>]+$/, '');
    const hasAddress = address.test(text);
    const hasVerb = introVerbs.some((verb) => words.includes(verb));
    const hasExactDate = year.test(text) && time.test(text);
    // Nobody but a program writes year, time of day and an address in one line that ends with a colon.
    const isProgram = hasAddress && (hasExactDate || dateFirst.test(text));
    // Horde and Emacs write neither date nor time.
    const isAbove = hasAddress && hasVerb && lines[skipBlank(lines, at + 1)]?.depth === 1;
    // Without the colon only in the word order of a program: date and address, then the verb at the end.
    if (!hasEnding && !(hasAddress && hasExactDate)) return null;
    if (!(digit.test(text) || isAbove) || !(hasVerb || isProgram)) return null;
    // "On 3 November your colleague wrote to me:" is a person's sentence.
    if (!hasAddress && personal.test(words)) return null;
    return { end: at + 1, hasAddress, hasExactDate, hasMessage: before !== undefined };
  }
  return null;
}
