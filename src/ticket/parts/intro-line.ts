import type { Line } from './lines.ts';
import { comparable, introVerbs } from './words.ts';

/** The line that a mail program writes above a quotation: "On 9 Nov 2026 at 9:14, Ana <ana@shop.example> wrote:". */
export type IntroLine = {
  /** Index of the line after it; it may be wrapped. */
  readonly end: number;
  /** It names an address, as programs do and people do not. */
  readonly hasAddress: boolean;
  /** It names the year and the time of day. */
  readonly hasExactDate: boolean;
};

const MAX_LINES = 4;
const MAX_LENGTH = 400;
const address = /[<[(]?[^\s<>@:]{1,64}@[^\s<>@]{1,200}/;
const time = /\b\d{1,2}[:.h]\d{2}\b/;
const year = /\b(?:19|20)\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b|\d{4}年|\d{4}년/;
const digit = /\p{Nd}/u;
const ending = /[:：]\s*[*_>]{0,2}$/;
/** "2026年11月9日(月) 9:14 名前 <a@shop.example>:" has no verb: the date comes first and the address last. */
const dateFirst = /^\p{Nd}{1,4}[\p{Nd}\s./:,()年月日년월일時分시분\p{L}+-]{5,80}/u;

/** Reads such a line, in the word order of any language; null when it is none. */
export function readIntroLine(lines: readonly Line[], from: number): IntroLine | null {
  let text = '';
  for (let at = from; at < lines.length && at - from < MAX_LINES; at += 1) {
    const { content } = lines[at]!;
    if (content === '') return null;
    text = text === '' ? content : `${text} ${content}`;
    if (text.length > MAX_LENGTH) return null;
    if (!ending.test(text)) {
      // Without the colon only in the word order of a program: date and address, then the verb at the end.
      continue;
    }
    const words = comparable(text).replace(/[:：*_\s>]+$/, '');
    const hasAddress = address.test(text);
    const hasVerb = introVerbs.some((verb) => words.includes(verb));
    const isDated = digit.test(text);
    if (!isDated || !(hasVerb || (hasAddress && dateFirst.test(text)))) return null;
    return { end: at + 1, hasAddress, hasExactDate: year.test(text) && time.test(text) };
  }
  return null;
}
