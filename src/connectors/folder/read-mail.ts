import type { FileHandle } from 'node:fs/promises';
import { sha256 } from '../../base/hash.ts';
import { parseMailHeader } from '../../ticket/mime/mail-header.ts';
import { readRawMessage } from '../../ticket/mime/raw-message.ts';
import { type ParsedRecord, toSignal } from './parse-record.ts';
import { splitRecords } from './split-records.ts';

/** What is kept of a mail: more than a ticket's body may have, with its header. */
const MAX_KEPT = 1024 * 1024;
/** A line of a mail has at most 998 characters (RFC 5322); some programs do not keep to that. */
const MAX_LINE_BYTES = 256 * 1024;
const MAX_ID_LENGTH = 200;

/**
 * Reads a file that is one mail (RFC 5322). Its ticket has the mail as it is, without the contents of attachments: what reads
 * tickets decodes it. Reads any size in little memory.
 */
export async function readMail(file: FileHandle, now: Date): Promise<ParsedRecord> {
  const { text, header, attachments } = await keepText(file);
  if (header === '') {
    return {
      fault: { message: 'it does not begin with the header of a mail', cure: 'Save each mail as one .eml file.' },
    };
  }
  const { subject, from, messageId, sentAt } = parseMailHeader(header);
  const hasWords = (readRawMessage(text)?.text ?? '') !== '';
  const requester = {
    ...(from.name !== null && { name: from.name.slice(0, 500) }),
    ...(from.email !== null && { email: from.email }),
  };
  return toSignal({
    id: messageId === null || messageId.length > MAX_ID_LENGTH ? `mail-${sha256(text).slice(0, 24)}` : messageId,
    channel: 'email',
    ...(subject !== null && { subject }),
    ...(hasWords && { body: text }),
    ...(Object.keys(requester).length > 0 && { requester }),
    ...(attachments > 0 && { attachments }),
    // A clock that is ahead would set the times of the SLA, so a time to come is none.
    ...(sentAt !== null && sentAt <= now && { createdAt: sentAt.toISOString() }),
  });
}

type Kept = { readonly text: string; readonly header: string; readonly attachments: number };

/** The mail without the contents of parts that are no text. */
async function keepText(file: FileHandle): Promise<Kept> {
  const lines: string[] = [];
  let size = 0;
  let headerLines = 0;
  let attachments = 0;
  const boundaries = new Set<string>();
  /** The header that is being read, that of the mail or of a part; null in a body. */
  let fields: string[] | null = [];
  let isKept = true;
  const keep = (line: string) => {
    if (size + line.length > MAX_KEPT) return;
    size += line.length + 1;
    lines.push(line);
  };
  for await (const { bytes, line } of splitRecords(file, {
    from: { offset: 0, line: 1 },
    delimiter: null,
    maxBytes: MAX_LINE_BYTES,
  })) {
    const text = bytes.toString('latin1');
    // The first line of a mail in a mailbox file.
    if (line === 1 && text.startsWith('From ')) continue;
    if (fields !== null && (/^[A-Za-z][\w-]{0,75}\s{0,3}:/.test(text) || (fields.length > 0 && /^[ \t]/.test(text)))) {
      fields.push(text);
      keep(text);
      continue;
    }
    if (fields !== null) {
      const { boundary, kind } = describePart(fields.join(' '));
      if (headerLines === 0) {
        headerLines = lines.length;
        if (headerLines === 0) break;
        // Without it, a mail is plain text (RFC 2045, section 5.2).
        if (!fields.some((field) => /^content-type\s{0,3}:/i.test(field))) keep('Content-Type: text/plain');
      }
      if (boundary !== null) boundaries.add(boundary);
      if (kind === 'file') attachments += 1;
      isKept = kind !== 'file';
      // A mail in a mail has a header of its own.
      fields = kind === 'mail' && text === '' ? [] : null;
      if (fields !== null) {
        keep('');
        continue;
      }
    }
    const name = text.startsWith('--') ? text.slice(2).trimEnd() : null;
    if (name !== null && boundaries.has(name)) {
      fields = [];
      keep(text);
    } else if (name !== null && boundaries.has(name.replace(/--$/, ''))) {
      isKept = false;
      keep(text);
    } else if (isKept) keep(text);
    else if (text === '' && lines.at(-1) !== '') keep(text);
  }
  if (fields !== null && headerLines === 0) headerLines = lines.length; // nothing but a header
  const header = decode(lines.slice(0, headerLines).join('\n'));
  return { text: decode(lines.join('\n')), header, attachments };
}

function describePart(header: string): { boundary: string | null; kind: 'text' | 'mail' | 'file' } {
  const type =
    /content-type\s{0,3}:\s{0,5}([\w.+-]{1,60}\/[\w.+-]{1,100})/i.exec(header)?.[1]?.toLowerCase() ?? 'text/plain';
  const [, quoted, bare] = /\bboundary\s{0,3}=\s{0,3}(?:"([^"]{1,70})"|([^\s";,]{1,70}))/i.exec(header) ?? [];
  const isAttached = /content-disposition\s{0,3}:\s{0,5}attachment/i.test(header);
  const boundary = type.startsWith('multipart/') ? (quoted ?? bare ?? null) : null;
  if (boundary !== null) return { boundary, kind: 'text' };
  if (type === 'message/rfc822' && !isAttached) return { boundary, kind: 'mail' };
  const isText = type === 'text/plain' || type === 'text/html' || type.startsWith('message/');
  return { boundary, kind: isText && !isAttached ? 'text' : 'file' };
}

/** Most mails are UTF-8 or ASCII; the bytes of others are decoded by the character set that each part names. */
function decode(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin1;
  }
}
