import type { Line } from './lines.ts';
import { type HeaderField, headerFieldOf } from './words.ts';

/** The header that a mail program writes above an older message: From, Sent, To, Subject. */
export type HeaderBlock = {
  /** Index of the line after the last one of the block. */
  readonly end: number;
  readonly fields: ReadonlySet<HeaderField>;
  readonly subject: string | null;
};

const MAX_FIELDS = 12;
/** `From: `, `De :`, `*Von:*`, `差出人：`, with what a mail program puts around the name. */
const fieldLine =
  /^[*_]{0,2}([\p{L}\p{M}'’.-]{1,20}(?: [\p{L}\p{M}'’.-]{1,15}){0,3})[*_]{0,2}\s{0,3}[:：][*_]{0,2}\s{0,20}(.*)$/u;
/** The rest of a list of addresses, wrapped. */
const continuation = /^[^:：]{0,200}[@<>;,][^:：]{0,200}$/;

/**
 * Reads a header block that begins at a line. Null unless it names a sender and a date or a recipient, and nothing but
 * the fields of a mail: a form has fields such as "Phone" and "Message" among them.
 */
export function readHeaderBlock(lines: readonly Line[], from: number): HeaderBlock | null {
  const first = readField(lines[from]);
  if (first === null || first.field === null || first.field === 'other' || first.field === 'to') return null;
  const fields = new Set<HeaderField>();
  let subject: string | null = null;
  let at = from;
  for (; at < lines.length && at - from < 2 * MAX_FIELDS; at += 1) {
    const line = lines[at]!;
    if (line.content === '') break;
    const found = readField(line);
    if (found === null) {
      // "To:" may go on in the next line; anything else is the message, which some programs put right below.
      if (at > from && fields.has('from') && continuation.test(line.content)) continue;
      break;
    }
    if (found.field === null) {
      if (isMailHeader(fields)) break; // The message begins with "Hello: …" or "Note: …".
      return null;
    }
    if (found.field !== 'other' && fields.has(found.field) && isMailHeader(fields)) break;
    fields.add(found.field);
    if (found.field === 'subject') subject = found.value;
  }
  if (!isMailHeader(fields) || isForm(lines, at)) return null;
  return { end: at, fields, subject };
}

/** A form goes on with fields of its own, below an empty line or not. */
function isForm(lines: readonly Line[], end: number): boolean {
  const next = lines.slice(end, end + 3).find(({ content }) => content !== '');
  const found = readField(next);
  return (
    found !== null &&
    found.field === null &&
    found.value.trim() === '' &&
    /^(?:message|comments?|question|nachricht|anfrage|message|mensaje|mensagem|messaggio|bericht|vraag|besked|meddelande|viesti|wiadomość|treść|メッセージ|お問い合わせ内容|内容|留言)$/iu.test(
      found.name,
    )
  );
}

const isMailHeader = (fields: ReadonlySet<HeaderField>): boolean =>
  fields.has('from') && (fields.has('date') || (fields.has('to') && fields.has('subject')));

function readField(line: Line | undefined): { name: string; field: HeaderField | null; value: string } | null {
  const [, name = '', value = ''] = fieldLine.exec(line?.content.slice(0, 400) ?? '') ?? [];
  return name === '' ? null : { name, field: headerFieldOf(name), value };
}
