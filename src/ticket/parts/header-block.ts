import type { Line } from './lines.ts';
import { isContactLine } from './signature-lines.ts';
import { type HeaderField, headerFieldOf } from './words.ts';

/** The header that a mail program writes above an older message: From, Sent, To, Subject. */
export type HeaderBlock = {
  /** Index of the line after the last one of the block. */
  readonly end: number;
  readonly fields: ReadonlySet<HeaderField>;
  readonly subject: string | null;
  /** The sender as written: a name, an address or both. */
  readonly sender: string | null;
};

type FoundField = { readonly name: string; readonly field: HeaderField | null; readonly value: string };

const MAX_FIELDS = 12;
/** `From: `, `De :`, `*Von:*`, `差出人：`, with what a mail program puts around the name. */
const fieldLine =
  /^[*_]{0,2}([\p{L}\p{M}'’.\-/]{1,25}(?: [\p{L}\p{M}'’.\-/()]{1,15}){0,3})[*_]{0,2}\s{0,3}[:：][*_]{0,2}\s{0,20}(.*)$/u;
/** The rest of a list of addresses, wrapped. */
const continuation = /^[^:：]{0,200}[@<>;,][^:：]{0,200}$/;
const address = /[^\s<>@:]{1,64}@[^\s<>@]{2,200}/;
const year = /\b(?:19|20)\d{2}\b|\d{4}年/;
/** Not the day and month of "11.11.2026". */
const timeOfDay = /\b\d{1,2} ?[:.h時] ?\d{2}(?![\d]|\.\d)/;
/** Fields of the transport of a mail: somebody shows the headers of a mail. No mail program writes them above a message. */
const transportField =
  /^(?:x-[a-z-]+|return-path|delivered-to|received-spf|dkim-signature|arc-[a-z-]+|authentication-results)$/i;
const receivedFrom = /^(?:from|by)\s/i;
/** Fields of forms that hold what somebody wrote. */
const formField =
  /^(?:(?:your |customer )?(?:message|comments?|question|enquiry|inquiry|description|request|text|details)|(?:ihre )?(?:nachricht|anfrage|frage|mitteilung|beschreibung|anliegen|bemerkung(?:en)?)|(?:votre )?(?:message|demande|commentaires?|question)|(?:su )?(?:mensaje|consulta|comentarios?|pregunta|descripción)|(?:sua )?(?:mensagem|comentários?|pergunta|descrição)|messaggio|richiesta|commento|domanda|descrizione|(?:uw )?(?:bericht|vraag|opmerking(?:en)?|omschrijving)|besked|kommentar|spørgsmål|meddelande|fråga|ärende|viesti|wiadomość|treść|pytanie|zpráva|mesaj|сообщение|メッセージ|お問い合わせ内容|お問合せ内容|ご質問|内容|本文|留言|내용)$/iu;

/**
 * Reads a header block that begins at a line. Null unless it names a sender and a date or a recipient, and nothing but
 * the fields of a mail: a form has fields such as "Phone" and "Message" among them. Below a marker of a mail program
 * (`isMarked`), fields in a language that is not known count as well.
 */
export function readHeaderBlock(
  lines: readonly Line[],
  from: number,
  { isMarked = false }: { readonly isMarked?: boolean } = {},
): HeaderBlock | null {
  const first = readField(lines[from]);
  if (first === null) return null;
  if (isMarked) return readKnownFields({ lines, from, first, isMarked }) ?? readUnknownFields(lines, from);
  if (first.field === 'to') return null;
  const known = readKnownFields({ lines, from, first, isMarked });
  return known !== null && isTransport(readField(lines[from - 1])) ? null : known;
}

function readKnownFields(options: {
  readonly lines: readonly Line[];
  readonly from: number;
  readonly first: FoundField;
  readonly isMarked: boolean;
}): HeaderBlock | null {
  const { lines, from, first, isMarked } = options;
  if (first.field === null || first.field === 'other') return null;
  const fields = new Set<HeaderField>();
  let isMail = false;
  let isDated = false;
  let unknown = 0;
  let subject: string | null = null;
  let sender: string | null = null;
  let at = from;
  for (; at < lines.length && at - from < 2 * MAX_FIELDS; at += 1) {
    const line = lines[at]!;
    if (line.content === '') break;
    const found = readField(line);
    if (found === null) {
      // "To:" and "Subject:" may go on in the next line; anything else is the message, which some programs put right below.
      const goesOn = continuation.test(line.content) || isKnown(readField(lines[at + 1]));
      if (at > from && fields.has('from') && goesOn) continue;
      break;
    }
    if (isTransport(found)) {
      if (isMarked) continue;
      return null;
    }
    if (found.field === null && fields.has('from') && !fields.has('date') && isExact(found.value)) {
      fields.add('date'); // In a language that is not known.
      continue;
    }
    if (found.field === null) {
      if (isMailHeader(fields)) break; // The message begins with "Hello: …" or "Note: …".
      unknown += 1; // One field of a program in a language that is not known, such as "Risposta".
      if (unknown > 1 || !fields.has('from')) return null;
      continue;
    }
    if (found.field !== 'other' && fields.has(found.field)) {
      if (isMailHeader(fields)) break;
      return null;
    }
    fields.add(found.field);
    isMail ||= address.test(found.value);
    isDated ||= isExact(found.value);
    if (found.field === 'subject') subject = found.value;
    if (found.field === 'from') sender = found.value;
  }
  // "From: Berlin, To: Paris, Date: 3 December" is a journey, "from: edge-7, date: …" the reply of a web server.
  const isSure = isMail || fields.has('subject') || (isDated && fields.has('to'));
  if (unknown > 0 && !(isDated && fields.has('to') && fields.has('subject'))) return null;
  if (!isSure || !isMailHeader(fields) || isForm(lines, at)) return null;
  return { end: at, fields, subject, sender };
}

/** Three lines or more of `name: value` right below a marker, an address or an exact date among the values. */
function readUnknownFields(lines: readonly Line[], from: number): HeaderBlock | null {
  let at = from;
  let sender: string | null = null;
  let isMail = false;
  for (; at < lines.length && at - from < MAX_FIELDS; at += 1) {
    const found = readField(lines[at]);
    if (found === null) break;
    if (address.test(found.value)) sender ??= found.value;
    isMail ||= address.test(found.value) || isExact(found.value);
  }
  return at - from >= 3 && isMail ? { end: at, fields: new Set(), subject: null, sender } : null;
}

/** A form goes on with fields of its own, below an empty line or not; with a telephone number right below. */
function isForm(lines: readonly Line[], end: number): boolean {
  if (readField(lines[end]) !== null && isContactLine(lines[end]!.content)) return true;
  const found = readField(lines.slice(end, end + 3).find(({ content }) => content !== ''));
  return found !== null && found.field === null && formField.test(found.name);
}

const isKnown = (found: FoundField | null): boolean => found !== null && found.field !== null;

const isExact = (value: string): boolean => year.test(value) && timeOfDay.test(value);

const isTransport = (found: FoundField | null): boolean =>
  found !== null &&
  (transportField.test(found.name) || (/^received$/i.test(found.name) && receivedFrom.test(found.value)));

const isMailHeader = (fields: ReadonlySet<HeaderField>): boolean =>
  fields.has('from') && (fields.has('date') || (fields.has('to') && fields.has('subject')));

/** A line is read several times in turn: as the start of a header, in it, and below the one above. */
let latest: { readonly content: string; readonly found: FoundField | null } = { content: '', found: null };

function readField(line: Line | undefined): FoundField | null {
  if (line === undefined || !(line.content.includes(':') || line.content.includes('：'))) return null;
  const { content } = line;
  if (content === latest.content) return latest.found;
  const [, name = '', value = ''] = fieldLine.exec(content.slice(0, 400)) ?? [];
  latest = { content, found: name === '' ? null : { name, field: headerFieldOf(name), value } };
  return latest.found;
}
