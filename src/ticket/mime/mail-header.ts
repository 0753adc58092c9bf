import { decodeWords } from './encoded-text.ts';
import { readRawMessage } from './raw-message.ts';

export type MailHeader = {
  readonly subject: string | null;
  readonly from: { readonly name: string | null; readonly email: string | null };
  /** Without its brackets. */
  readonly messageId: string | null;
  readonly sentAt: Date | null;
};

/** Subject and sender of a body that is a raw mail with its header (RFC 5322); null for any other body. */
export function readMailHeader(body: string): MailHeader | null {
  const header = readRawMessage(body)?.header ?? '';
  return header === '' ? null : parseMailHeader(header);
}

export function parseMailHeader(header: string): MailHeader {
  const from = fieldOf(header, 'from') ?? '';
  const [, quoted, bare, inBrackets] =
    /^\s*(?:"([^"\n]{0,200})"|([^<"\n]{0,200}))?\s*<([^<>\s]{1,300})>/.exec(from) ?? [];
  const email = inBrackets ?? /^\s*([^\s<>@]{1,100}@[^\s<>]{1,200})\s*$/.exec(from)?.[1] ?? null;
  return {
    subject: fieldOf(header, 'subject'),
    from: { name: (quoted ?? bare ?? '').trim() || null, email },
    messageId: /<([^<>\s]{1,900})>/.exec(fieldOf(header, 'message-id') ?? '')?.[1] ?? null,
    sentAt: momentOf(fieldOf(header, 'date')),
  };
}

/** A time as RFC 5322 writes it, with its comments. */
function momentOf(date: string | null): Date | null {
  const [found] = mailDate.exec((date ?? '').replace(/\([^()]{0,100}\)/g, ' ')) ?? [];
  const at = Date.parse(found ?? '');
  return Number.isNaN(at) ? null : new Date(at);
}

/** `Date.parse` makes something of almost any text with a number in it. */
const mailDate =
  /^\s*(?:[a-z]{3},)?\s*\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:[+-]\d{4}|[a-z]{1,4}))?\s*$/i;

/** The value of a field, decoded, with its folded lines joined; null where it is missing or empty. */
function fieldOf(header: string, name: string): string | null {
  const lines = header.split(/\r?\n/);
  const at = lines.findIndex((line) => line.toLowerCase().startsWith(`${name}:`));
  if (at === -1) return null;
  const folded = lines.slice(at + 1, at + 20);
  const end = folded.findIndex((line) => !/^[ \t]/.test(line));
  const more = (end === -1 ? folded : folded.slice(0, end)).map((line) => line.trim());
  const value = [lines[at]!.slice(name.length + 1).trim(), ...more].join(' ').trim();
  // White space between two encoded words is no part of the text (RFC 2047, section 6.2).
  return value === '' ? null : decodeWords(value.replace(/\?=\s+=\?/g, '?==?'));
}
