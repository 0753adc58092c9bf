import { type Saying, say } from '../../base/say.ts';
import { bannerStart } from './banner.ts';
import { legalStart, paragraphStart, withoutBlankEnd } from './legal-text.ts';
import { isBlank, isRule, type Line, skipBlank } from './lines.ts';
import type { Label } from './part.ts';
import { isContactLine, isDashedName, isNameLine, isSignature, postscript } from './signature-lines.ts';
import { closings, comparable, deviceNames, deviceStarts, footerNotes, ownDeviceStarts } from './words.ts';

// What stands at the end of a message and is not part of what its author says: signature, phone line, legal text.

export type LabelledLines = { readonly from: number; readonly to: number; readonly label: Label };

const MAX_SIGNATURE_LINES = 28;
const MAX_ENDINGS = 12;
const MAX_DEVICE_WORDS = 9;
const MAX_POSTSCRIPT_LINES = 20;

const signature = (reason: Saying): Label => ({ kind: 'signature', reason });
const footer: Label = { kind: 'footer', reason: say('part.legal', 'Legal text that is added to every mail.') };
const warning: Label = {
  kind: 'footer',
  reason: say('part.warning-below', 'A warning that a mail server puts below mails from outside.'),
};
const device = signature(say('part.device', 'The line that a phone or a mail app adds.'));

const closingWithName = say('part.closing-with-name', 'A closing formula with the name below it.');
const closingWithContacts = say('part.closing-with-contacts', 'A closing formula with contact details below it.');
const nameWithContacts = say('part.name-with-contacts', 'A name with a company or contact details below it.');

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
  for (let looking = true; looking && found.length < MAX_ENDINGS; ) {
    to = withoutBlankEnd(lines, from, to);
    const legal = legalStart(lines, from, to);
    const banner = bannerStart(lines, from, to);
    looking = true;
    if (legal !== null && legal > from) setAside(legal, footer);
    else if (banner !== null && banner > from) setAside(banner, warning);
    else if (to - 1 > from && isFooterNote(lines[to - 1])) setAside(to - 1, footer);
    else if (to - 2 > from && isLink(lines[to - 1]) && isFooterNote(lines[to - 2])) setAside(to - 2, footer);
    else if (to - 1 > from && isDeviceLine(lines[to - 1])) setAside(to - 1, device);
    else looking = false;
  }
  const ps = postscriptStart(lines, from, to);
  const start = signatureStart({ lines, from, to: ps === null ? to : withoutBlankEnd(lines, from, ps), name });
  if (start !== null) found.unshift({ from: start.at, to: start.end ?? ps ?? to, label: signature(start.reason) });
  return found.filter((part) => part.to > part.from);
}

type SignatureStart = { readonly at: number; readonly end?: number; readonly reason: Saying };
type SignatureSearch = {
  readonly lines: readonly Line[];
  readonly from: number;
  readonly to: number;
  readonly name: string | null;
};

function signatureStart(options: SignatureSearch): SignatureStart | null {
  return wholeSignature(options) ?? signatureAbove(options);
}

/** A signature that goes to the end of the message. */
function wholeSignature(options: SignatureSearch): SignatureStart | null {
  const { lines, from, to, name } = options;
  const firstWord = skipBlank(lines, from, to);
  for (let at = Math.max(firstWord + 1, to - MAX_SIGNATURE_LINES); at < to; at += 1) {
    const { text, content } = lines[at]!;
    if (/^--\s?$/.test(text) && isSignature(lines, { from: at + 1, to, hasDelimiter: true }))
      return { at, reason: say('part.below-dashes', 'Below the line "-- ", which begins a signature.') };
    if (isClosing(content) && isSignature(lines, { from: at + 1, to, hasDelimiter: false }))
      return { at, reason: closingWithName };
  }
  const paragraph = paragraphStart(lines, from, to);
  if (paragraph <= firstWord || endsWithColon(lines, from, paragraph)) return null;
  const own = lines.slice(paragraph, to);
  const first = own[0]?.content ?? '';
  const contacts = own.filter(({ content }) => isContactLine(content)).length;
  if (contacts >= 2 && isSignature(lines, { from: paragraph, to, hasDelimiter: false })) {
    if (isRule(first))
      return { at: paragraph, reason: say('part.contacts', 'Contact details below a line of dashes.') };
    const nameAt = withoutBlankEnd(lines, from, paragraph) - 1;
    const isAlone = paragraphStart(lines, from, nameAt + 1) === nameAt;
    if (nameAt > firstWord && isAlone && isNameLine(lines[nameAt]!.content))
      return { at: nameAt, reason: nameWithContacts };
  }
  const isName = comparable(first) === comparable(name ?? '\n') || isNameLine(first) || isDashedName(first);
  if (!isName || !isSignature(lines, { from: paragraph, to, hasDelimiter: false })) return null;
  if (own.length > 1 && own.slice(1).some(({ content }) => isContactLine(content)))
    return { at: paragraph, reason: nameWithContacts };
  return null;
}

/** Contact details below a closing formula; what stands in a paragraph below them stays the author's. */
function signatureAbove({ lines, from, to }: SignatureSearch): SignatureStart | null {
  const firstWord = skipBlank(lines, from, to);
  for (let at = Math.max(firstWord + 1, to - MAX_SIGNATURE_LINES); at < to; at += 1) {
    if (!isClosing(lines[at]!.content)) continue;
    for (let end = to; end > at + 1; end = paragraphStart(lines, at, withoutBlankEnd(lines, at, end))) {
      const contacts = lines.slice(at + 1, end).filter(({ content }) => isContactLine(content)).length;
      if (contacts >= 2 && isSignature(lines, { from: at + 1, to: end, hasDelimiter: false }))
        return { at, end, reason: closingWithContacts };
    }
  }
  return null;
}

/** First line of a postscript: it is the author's, the signature above it is not. */
function postscriptStart(lines: readonly Line[], from: number, to: number): number | null {
  for (let at = Math.max(from + 1, to - MAX_POSTSCRIPT_LINES); at < to; at += 1)
    if (postscript.test(lines[at]!.content) && isBlank(lines[at - 1]!)) return at;
  return null;
}

function isClosing(content: string): boolean {
  if (content.length > 60) return false;
  return closings.has(comparable(content).replace(/[\s,.!:;~–、。！-]+$/u, ''));
}

function isDeviceLine(line: Line | undefined): boolean {
  if (line === undefined || line.content.length > 90) return false;
  const text = comparable(line.content).replace(/^[-–—<([\s]+/, '');
  const isMine = ownDeviceStarts.some((start) => text.startsWith(start)) && !/[.!?。]$/.test(text);
  if (isMine && text.split(' ').length <= MAX_DEVICE_WORDS) return true;
  const starts = deviceStarts.some((start) => text.startsWith(start) || (start.length < 8 && text.includes(start)));
  return starts && deviceNames.some((thing) => text.includes(thing));
}

/** "Please consider the environment before printing this e-mail", "Virus-free": one line that programs add. */
function isFooterNote(line: Line | undefined): boolean {
  if (line === undefined || line.content.length > 200 || /[?？]/.test(line.content)) return false;
  const text = comparable(line.content);
  return footerNotes.some((note) => text.includes(note));
}

const isLink = (line: Line | undefined): boolean => /^<?(?:https?:\/\/|www\.)\S{1,500}$/i.test(line?.content ?? '');

function endsWithColon(lines: readonly Line[], from: number, paragraph: number): boolean {
  const before = lines[withoutBlankEnd(lines, from, paragraph) - 1];
  return before !== undefined && /[:：]$/.test(before.content);
}
