import { isBlank, type Line, skipBlank } from './lines.ts';
import type { Label } from './part.ts';
import { closings, comparable, countWords, deviceNames, deviceStarts, legalWords } from './words.ts';

// What stands at the end of a message and is not part of what its author says: signature, phone line, legal text.

export type LabelledLines = { readonly from: number; readonly to: number; readonly label: Label };

/** A paragraph is legal text from this many different words of such texts; fewer are needed where it is alone at the end. */
const LEGAL_WORDS = 3;
const MAX_SIGNATURE_LINES = 12;
const MAX_SIGNATURE_LINE = 100;
const MAX_NAME_LINES = 3;

const signature = (reason: string): Label => ({ kind: 'signature', reason });
const footer: Label = { kind: 'footer', reason: 'Legal text that is added to every mail.' };

const contact =
  /\p{Nd}[\p{Nd} ()/.+-]{5,25}\p{Nd}|https?:|www\.|[^\s@]{1,64}@[^\s@]{2,}|\s[|•·]\s|\b(?:tel|fax|phone|mobile|mob|telefon|mobil|teléfono|téléphone|telefono|telefone)\b/iu;
const company =
  /\b(?:ltd|limited|inc|llc|plc|corp|gmbh|ag|kg|e\.?v|sarl|sas|s\.?a|s\.?l|srl|s\.?r\.?l|s\.?p\.?a|lda|ltda|b\.?v|n\.?v|aps|a\/s|ab|oy|oyj|sp\. z o\.o|s\.r\.o|kft|株式会社|有限会社|公司)\b/iu;
const sentenceEnd = /[.!?…。？！]["'”’)]?$/;
/** One to four words that each begin with a capital: what a name looks like. Scripts without capitals pass by length. */
const nameLine = /^(?:(?:\p{Lu}|\p{Lo})[\p{L}\p{M}'’.-]{0,25}(?: |$)){1,4}$|^[\p{Lo}\s]{2,12}$/u;
const postscript = /^(?:p\.?\s?p?\.?s\.?|nb|n\.b\.|post scriptum|nachtrag|追伸)(?=[\s:：.,-])/iu;

/** The lines from `from` to `to` that are set aside at the end of a message, in order; the rest is what it says. */
export function findTail(options: {
  readonly lines: readonly Line[];
  readonly from: number;
  readonly to: number;
  /** Name of the requester where it is known: a line that is exactly this is a signature. */
  readonly name: string | null;
}): LabelledLines[] {
  const { lines, from, name } = options;
  const found: LabelledLines[] = [];
  let to = options.to;
  const setAside = (start: number, label: Label) => {
    found.unshift({ from: start, to, label });
    to = start;
  };
  // From the end upwards, each time one more kind of ending, until nothing is found any more.
  for (let looking = true; looking; ) {
    to = withoutBlankEnd(lines, from, to);
    looking = false;
    const paragraph = paragraphStart(lines, from, to);
    const legal = legalStart(lines, from, to);
    if (legal !== null && legal > from) {
      setAside(legal, footer);
      looking = true;
    } else if (to - paragraph <= 2 && paragraph > from && isDeviceLine(lines[to - 1])) {
      setAside(to - 1, signature('The line that a phone or a mail app adds.'));
      looking = true;
    } else if (to - 1 > from && isDeviceLine(lines[to - 1])) {
      setAside(to - 1, signature('The line that a phone or a mail app adds.'));
      looking = true;
    }
  }
  const start = signatureStart({ lines, from, to, name });
  if (start !== null) setAside(start.at, signature(start.reason));
  return found.filter((part) => part.to > part.from);
}

function signatureStart(options: {
  lines: readonly Line[];
  from: number;
  to: number;
  name: string | null;
}): { at: number; reason: string } | null {
  const { lines, from, to, name } = options;
  const firstWord = skipBlank(lines, from, to);
  for (let at = Math.max(firstWord + 1, to - MAX_SIGNATURE_LINES); at < to; at += 1) {
    const { text, content } = lines[at]!;
    if (/^--\s?$/.test(text) && isSignature(lines, at + 1, to, { asLong: true }))
      return { at, reason: 'Below the line "-- ", which begins a signature.' };
    if (isClosing(content) && isSignature(lines, at + 1, to, { asLong: false }))
      return { at, reason: 'A closing formula with the name below it.' };
  }
  const paragraph = paragraphStart(lines, from, to);
  if (paragraph <= firstWord || endsWithColon(lines, from, paragraph)) return null;
  const own = lines.slice(paragraph, to);
  const isName = comparable(own[0]?.content ?? '') === comparable(name ?? '\n') || nameLine.test(own[0]?.content ?? '');
  if (!isName || !isSignature(lines, paragraph, to, { asLong: false })) return null;
  const hasContact = own.slice(1).some(({ content }) => contact.test(content) || company.test(content));
  if (own.length > 1 && hasContact)
    return { at: paragraph, reason: 'A name with a company or contact details below it.' };
  return null;
}

/** Lines that can be a signature: short, no sentences, no postscript. */
function isSignature(lines: readonly Line[], from: number, to: number, { asLong }: { asLong: boolean }): boolean {
  let blocks = 0;
  let inBlock = false;
  for (let at = from; at < to; at += 1) {
    const { content, depth } = lines[at]!;
    if (content === '') {
      inBlock = false;
      continue;
    }
    if (!inBlock) blocks += 1;
    inBlock = true;
    if (depth > 0 || content.length > MAX_SIGNATURE_LINE || postscript.test(content)) return false;
    const isPlain = contact.test(content) || company.test(content) || nameLine.test(content);
    if (!isPlain && sentenceEnd.test(content)) return false;
    if (!isPlain && content.split(/\s+/).length > (asLong ? 14 : 8)) return false;
    // Below the name and after an empty line only what belongs to it: an address, a telephone number.
    if (!asLong && blocks > 1 && !isPlain && content.split(/\s+/).length > 4) return false;
  }
  return to - from <= (asLong ? MAX_SIGNATURE_LINES : MAX_SIGNATURE_LINES - MAX_NAME_LINES);
}

function isClosing(content: string): boolean {
  if (content.length > 60) return false;
  return closings.has(comparable(content).replace(/[\s,.!:;~–-]+$/u, ''));
}

function isDeviceLine(line: Line | undefined): boolean {
  if (line === undefined || line.content.length > 90) return false;
  const text = comparable(line.content).replace(/^[-–—<([\s]+/, '');
  const starts = deviceStarts.some((start) => text.startsWith(start) || (start.length < 8 && text.includes(start)));
  return starts && deviceNames.some((device) => text.includes(device));
}

/** First line of the legal text that the message ends with; null when it ends with none. */
function legalStart(lines: readonly Line[], from: number, to: number): number | null {
  let start: number | null = null;
  for (let end = to; end > from; ) {
    const paragraph = paragraphStart(lines, from, end);
    const text = comparable(
      lines
        .slice(paragraph, Math.min(end, paragraph + 40))
        .map(({ content }) => content)
        .join(' '),
    );
    if (countWords(text, legalWords) < LEGAL_WORDS) break;
    start = paragraph;
    end = withoutBlankEnd(lines, from, paragraph);
  }
  return start;
}

function endsWithColon(lines: readonly Line[], from: number, paragraph: number): boolean {
  const before = lines[withoutBlankEnd(lines, from, paragraph) - 1];
  return before !== undefined && /[:：]$/.test(before.content);
}

function paragraphStart(lines: readonly Line[], from: number, to: number): number {
  let at = to;
  while (at > from && !isBlank(lines[at - 1]!)) at -= 1;
  return at;
}

function withoutBlankEnd(lines: readonly Line[], from: number, to: number): number {
  let at = to;
  while (at > from && isBlank(lines[at - 1]!)) at -= 1;
  return at;
}
