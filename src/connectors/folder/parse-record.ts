import { versionOf } from '../../base/hash.ts';
import { InputError } from '../../errors.ts';
import { parseIncomingTicket } from '../../ticket/parse-ticket.ts';
import type { Signal } from '../connector.ts';
import { splitRow } from './split-records.ts';

/** A ticket, or why there is none: what was found, and what to do. Neither contains text of the ticket. */
export type ParsedRecord = { readonly signal: Signal } | { readonly fault: Fault };
export type Fault = { readonly message: string; readonly cure: string };

/** How a CSV file is written: what parts its fields, and which field of a ticket each column is. */
export type CsvHeader = { readonly delimiter: string; readonly columns: readonly string[] };

const DELIMITERS = [',', ';', '\t'];
const MAX_COLUMNS = 1_000;
const MAX_SHOWN = 300;
const columnFields = [
  ...['id', 'subject', 'body', 'createdAt', 'channel', 'language', 'tags', 'automatic'],
  ...['requester.name', 'requester.email', 'requester.tier', 'requester.organisation', 'requester.attributes.NAME'],
  ...['source.url', 'source.group'],
];

/** Reads the first row of a CSV file: the names of a ticket's fields, in any order. */
export function parseCsvHeader(bytes: Buffer): { header: CsvHeader } | { fault: Fault } {
  const text = decode(bytes);
  if (text === null) return { fault: notUtf8 };
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: text.split(delimiter).length }));
  const { delimiter } = counts.reduce((most, next) => (next.count > most.count ? next : most));
  const columns = splitRow(text, delimiter).map((name) => name.trim());
  if (columns.length <= MAX_COLUMNS && columns.some((name) => name === 'body' || name === 'subject')) {
    return { header: { delimiter, columns } };
  }
  const found = columns.join(', ').slice(0, MAX_SHOWN);
  return {
    fault: {
      message: `the first row names no column "body" or "subject"; it has: ${found}`,
      cure: `Name the columns in the first row: ${columnFields.join(', ')}.`,
    },
  };
}

/** Reads a line of JSONL: a ticket as for `POST /v1/tickets`. */
export function parseLine(bytes: Buffer): ParsedRecord {
  const text = decode(bytes);
  if (text === null) return { fault: notUtf8 };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The message of the parser quotes the text.
    return { fault: { message: 'it is not JSON', cure: 'Write one ticket a line, as a JSON object.' } };
  }
  return toSignal(value);
}

/** Reads a row of CSV. An empty field is a missing one. */
export function parseRow(bytes: Buffer, { delimiter, columns }: CsvHeader): ParsedRecord {
  const text = decode(bytes);
  if (text === null) return { fault: notUtf8 };
  const values = splitRow(text, delimiter);
  if (values.length !== columns.length) {
    return {
      fault: {
        message: `it has ${values.length} fields, and the first row has ${columns.length}`,
        cure: 'Put fields that contain the separator, a quote or a line end into double quotes.',
      },
    };
  }
  const ticket: Record<string, unknown> = Object.create(null); // a column may have any name
  for (const [index, column] of columns.entries()) {
    const value = values[index] ?? '';
    if (value !== '') put(ticket, column, cellOf(column, value));
  }
  return toSignal(ticket);
}

/** `requester.attributes.plan` is three levels deep; the name of an attribute may have dots. */
function put(ticket: Record<string, unknown>, column: string, value: unknown): void {
  const [first = '', second, ...rest] = column.split('.');
  const third = rest.length === 0 ? undefined : rest.join('.');
  if (second === undefined) ticket[first] = value;
  else if (third === undefined) childOf(ticket, first)[second] = value;
  else childOf(childOf(ticket, first), second)[third] = value;
}

function childOf(parent: Record<string, unknown>, name: string): Record<string, unknown> {
  const found = parent[name];
  if (isFields(found)) return found;
  const made: Record<string, unknown> = Object.create(null);
  parent[name] = made;
  return made;
}

function cellOf(column: string, value: string): unknown {
  if (column === 'tags')
    return value
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
  if (column === 'automatic' && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return value;
}

/** The ticket of a value in the shape of our own tickets. Without an id, the same content has the same one. */
export function toSignal(value: unknown): ParsedRecord {
  const isTicket = isFields(value);
  const named = isTicket && isFields(value.source) ? value.source : {};
  const given = isTicket ? (idOf(value.id) ?? idOf(named.externalId)) : undefined;
  // `connector` is replaced by the connector's name when the ticket is stored.
  const source = { ...named, connector: 'folder', externalId: given ?? 'none' };
  try {
    const { id: _, ...ticket } = parseIncomingTicket(
      isTicket ? { ...value, ...(given !== undefined && { id: given }), source } : value,
    );
    const externalId = given ?? `t-${versionOf(ticket, 24)}`;
    return {
      signal: { externalId, ticket: { ...ticket, source: { ...ticket.source, connector: 'folder', externalId } } },
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const issues = error.issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    return { fault: { message: `it is no ticket (${issues.join('; ')})`, cure: 'Correct these fields.' } };
  }
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Ids are numbers in many exports. What is no id is left to the schema. */
const idOf = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined;

const notUtf8: Fault = { message: 'it is not UTF-8', cure: 'Save the file as UTF-8.' };

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
