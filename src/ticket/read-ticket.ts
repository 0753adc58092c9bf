import { say, sayingOf } from '../base/say.ts';
import { type Automatic, automaticMail, findAutomatic } from './automatic.ts';
import { decodeHtmlEntities } from './html/decode-entities.ts';
import { decodeWords } from './mime/encoded-text.ts';
import type { Part } from './parts/part.ts';
import { partBody } from './parts/part-body.ts';
import { readPrefixes } from './parts/subject-prefixes.ts';
import { readBody } from './read-body.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';
import { tidyText } from './tidy-text.ts';

/** The most characters of older messages that are handed on, together. */
export const MAX_EARLIER = 2_000;

/** Words that Finnish mail programs write above an older message. */
const finnish = /(?:lähettäjä|lähetetty|vastaanottaja|kirjoitti|aihe)\s?:/i;

export type EarlierText = { readonly kind: 'quoted' | 'forwarded'; readonly text: string };

/** A ticket as a person reads it in a mail program. */
export type ReadTicket = {
  /** Decoded and tidy, without prefixes such as `Re:`. */
  readonly subject: string;
  /** The body as text, decoded; a plain-text body that needs no decoding is exactly as it came. */
  readonly body: string;
  /** What stretches of the body are: in order, without gaps, from its start to its end. */
  readonly parts: readonly Part[];
  /** What the customer says now, tidy. Not empty where the body shows any text. */
  readonly own: string;
  /** Older messages that came with it, tidy, in order, at most MAX_EARLIER characters together. */
  readonly earlier: readonly EarlierText[];
  /** Set when a machine wrote the mail. */
  readonly automatic: Automatic | null;
};

const known = new WeakMap<object, ReadTicket>();

/**
 * Reads a ticket: decodes it and parts what the customer says from the rest. Takes time in proportion to its length, once
 * for each ticket object, because engines, rules and language detection all need it.
 */
export function readTicket(ticket: Ticket | IncomingTicket): ReadTicket {
  const before = known.get(ticket);
  if (before !== undefined) return before;
  const read = readAnew(ticket);
  known.set(ticket, read);
  return read;
}

function readAnew(ticket: Ticket | IncomingTicket): ReadTicket {
  const rawSubject = decodeHtmlEntities(decodeWords(ticket.subject ?? ''));
  const prefixes = readPrefixes(rawSubject);
  const { rest } = prefixes;
  const { text: body, marks, header } = readBody(ticket.body ?? '');
  // A raw mail has its subject in its header; the ticket's may be another.
  const inner = readPrefixes(decodeWords(/^subject:([^\n]{0,500})/im.exec(header)?.[1] ?? ''));
  const isForward =
    prefixes.isForward || (!prefixes.isReply && inner.isForward) || (prefixes.isEither && !finnish.test(body));
  const isReply = prefixes.isReply || (!isForward && inner.isReply) || (prefixes.isEither && !isForward);
  const { name = null, email = null } = ticket.requester ?? {};
  const parts = partBody({ text: body, isReply, isForward, subject: rest, name, email, marks });
  const subject = tidyText(rest) || tidyText(rawSubject);
  const own = ownText(body, parts);
  const passesOn = parts.some((part) => part.isPassedOn);
  const automatic = judgeAutomatic(ticket.automatic, () =>
    findAutomatic({ subject: rawSubject, own, header, sender: ticket.requester, isForward: isForward || passesOn }),
  );
  const readParts = parts.map(({ kind, start, end, reason }) =>
    automatic !== null && kind === 'own'
      ? { kind: 'automatic' as const, start, end, reason: sayingOf(automatic.reason, automatic.reasonFacts) }
      : { kind, start, end, reason },
  );
  return { subject, body, parts: readParts, own, earlier: earlierTexts(body, parts), automatic };
}

/** What the sender of the ticket says goes before what the text looks like. */
function judgeAutomatic(said: boolean | undefined, find: () => Automatic | null): Automatic | null {
  if (said === false) return null;
  const found = find();
  if (said === undefined || found !== null) return found;
  return automaticMail(
    'other',
    say('mail.said-by-system', 'An automatic mail, as the system that sent the ticket says.'),
  );
}

function ownText(body: string, parts: readonly Part[]): string {
  const textOf = (kept: readonly Part[]) =>
    tidyText(
      kept
        .map(({ start, end, isPassedOn }) => {
          const text = body.slice(start, end);
          return isPassedOn ? unquoteAll(text) : text;
        })
        .join(''),
    );
  const own = textOf(parts.filter(({ kind }) => kind === 'own'));
  if (own !== '') return tidyText(unquoteAll(own));
  // Nothing but a quotation, a signature or a footer: then that is what the customer sent.
  return tidyText(unquoteAll(textOf(parts.filter(({ kind }) => kind !== 'hidden'))));
}

/** A text of quoted lines alone loses the marks: they say nothing there. */
function unquoteAll(text: string): string {
  const lines = text.split('\n');
  if (!lines.every((line) => line.trim() === '' || line.startsWith('>'))) return text;
  const bare = lines.map((line) => line.replace(/^[>\s]+/, '')).join('\n');
  return bare.trim() === '' ? text : `\n${bare}\n`;
}

function earlierTexts(body: string, parts: readonly Part[]): EarlierText[] {
  const texts: EarlierText[] = [];
  let room = MAX_EARLIER;
  for (const { kind, start, end } of parts) {
    if (kind !== 'quoted' && kind !== 'forwarded') continue;
    const text = cut(tidyText(body.slice(start, end).replace(/^[ \t]{0,20}(?:>[ \t]?){1,50}/gm, '')), room);
    if (text === '') continue;
    room -= text.length;
    const last = texts.at(-1);
    if (last?.kind === kind) texts[texts.length - 1] = { kind, text: `${last.text}\n${text}` };
    else texts.push({ kind, text });
  }
  return texts;
}

function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  return room < 40 ? '' : `${text.slice(0, room - 1)}…`;
}
