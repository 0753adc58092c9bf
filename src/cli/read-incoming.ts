import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError, UsageError } from '../errors.ts';
import { assertTicketFields } from '../http/assert-ticket-fields.ts';
import { parseIncomingTicket } from '../ticket/parse-ticket.ts';
import type { IncomingTicket } from '../ticket/ticket.ts';
import { type CliIo, readStdin } from './io.ts';

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
    return parseTicketText(await readTicketFile(resolve(io.cwd, source.file)), source.file);
  }
  if (source.file === undefined && io.stdin.isTTY === true) {
    throw new UsageError('No ticket given. Name a FILE, use --text "…", or pipe one in.');
  }
  return parseTicketText(await readStdin(io), 'standard input');
}

async function readTicketFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : null;
    throw new InputError({
      message: `The file ${file} cannot be read (${String(code)}). Check its name and its rights.`,
      cause,
    });
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

function parseTicketText(text: string, source: string): IncomingTicket {
  if (isJsonList(text)) {
    throw new InputError({
      message: `${source} contains a list (a JSON array). Give one ticket at a time, for example {"body": "Where is my order?"}.`,
    });
  }
  if (!text.trimStart().startsWith('{')) return parseIncomingTicket({ body: text });
  try {
    const value: unknown = JSON.parse(text);
    assertTicketFields(value);
    return parseIncomingTicket(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const hint = /^\s*\{.*\}\s*\n\s*\{/.test(text) ? ' It seems to contain several tickets; give one at a time.' : '';
    throw new InputError({
      message: `${source} starts like JSON but is not valid JSON: ${error.message}.${hint}`,
      cause: error,
    });
  }
}
