import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError, UsageError } from '../errors.ts';
import { assertTicketFields } from '../http/assert-ticket-fields.ts';
import { describeRepairs, parseIncomingTicket } from '../ticket/parse-ticket.ts';
import type { IncomingTicket } from '../ticket/ticket.ts';
import { type CliIo, readStdin, writeNote } from './io.ts';

/**
 * Reads a ticket from --text, a file or standard input. The last two contain a ticket as JSON, or its body as plain text.
 * Throws UsageError, InputError.
 */
export async function readIncoming(io: CliIo, source: { file?: string; text?: string }): Promise<IncomingTicket> {
  if (source.text !== undefined && source.file !== undefined) {
    throw new UsageError('Give either FILE or --text, not both.');
  }
  if (source.text !== undefined) return parseIncomingTicket({ body: source.text });
  if (source.file !== undefined && source.file !== '-') {
    const text = await readTicketFile(resolve(io.cwd, source.file));
    return parseTicketText(io, { text, source: source.file });
  }
  if (source.file === undefined && io.stdin.isTTY === true) {
    throw new UsageError('No ticket given. Name a FILE, use --text "…", or pipe one in.');
  }
  return parseTicketText(io, { text: await readStdin(io), source: 'standard input' });
}

async function readTicketFile(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : null;
    throw new InputError({
      message: `The file ${file} cannot be read (${String(code)}). Check its name and its rights.`,
      cause,
    });
  }
  const text = decodeText(bytes);
  if (text !== null) return text;
  throw new InputError({
    message: `The file ${file} is not text that can be read: it is neither UTF-8 nor UTF-16, nor a mail that names its character set. Save it as UTF-8.`,
  });
}

/** Declared in the header of a raw mail, whose parts are then decoded from their bytes. */
const declaresCharset = /^content-type\s{0,5}:[^\n]{0,200}(?:\n[ \t][^\n]{0,200}){0,3}charset\s{0,3}=/im;

/** UTF-8, UTF-16 with its mark, or the bytes of a mail as characters; null for anything else. */
function decodeText(bytes: Buffer): string | null {
  const [first, second] = bytes;
  const utf16 = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;
  if (utf16 !== null) return new TextDecoder(utf16).decode(bytes);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    const text = bytes.toString('latin1');
    return declaresCharset.test(text) && !text.includes('\0') ? text : null;
  }
}

/** Whether the whole text is a JSON list. A plain text may begin with a bracket too, so the whole text is parsed. */
function isJsonList(text: string): boolean {
  if (!text.trimStart().startsWith('[')) return false;
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

/** What was repaired is said as a note, where the server writes it into the history of the ticket. */
function parseTicketText(io: CliIo, { text, source }: { text: string; source: string }): IncomingTicket {
  if (isJsonList(text)) {
    throw new InputError({
      message: `${source} contains a list (a JSON array). Give one ticket at a time, for example {"body": "Where is my order?"}.`,
    });
  }
  if (!text.trimStart().startsWith('{')) return parseIncomingTicket({ body: text });
  try {
    const value: unknown = JSON.parse(text);
    assertTicketFields(value);
    const ticket = parseIncomingTicket(value);
    for (const note of describeRepairs(value)) writeNote(io, note);
    return ticket;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const hint = /^\s*\{.*\}\s*\n\s*\{/.test(text) ? ' It seems to contain several tickets; give one at a time.' : '';
    throw new InputError({
      message: `${source} starts like JSON but is not valid JSON: ${error.message}.${hint}`,
      cause: error,
    });
  }
}
