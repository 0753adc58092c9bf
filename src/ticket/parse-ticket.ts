import { z } from 'zod';
import { count } from '../base/plural.ts';
import { InputError } from '../errors.ts';
import { type IncomingTicket, incomingTicketSchema, MAX_BODY_LENGTH, MAX_SUBJECT_LENGTH } from './ticket.ts';

/** A ticket is two levels deep (`requester.attributes.region`); whatever is deeper is refused by the schema anyway. */
const MAX_DEPTH = 6;

/**
 * Turns unknown data into a ticket. Text that a database or a model cannot take is repaired on the way: NUL characters
 * are dropped, lone surrogates become U+FFFD, a subject or body beyond the limit is cut (`describeRepairs` says what
 * was done). Unknown fields are dropped. Throws `InputError` that names every field that is wrong.
 */
export function parseIncomingTicket(value: unknown): IncomingTicket {
  const result = incomingTicketSchema.safeParse(cutLongText(repairText(value)));
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({ path: formatPath(issue.path), message: issue.message }));
  const list = issues.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`));
  throw new InputError({
    message: `This is not a ticket: ${list.join('; ')}. A ticket is a JSON object with at least a "body" or a "subject", for example {"body": "Where is my order?"}.`,
    issues,
    cause: result.error,
  });
}

/** What `parseIncomingTicket` changes in this value, as sentences for the ticket's history; mostly none. */
export function describeRepairs(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const notes: string[] = [];
  for (const { field, limit } of limits) {
    const text: unknown = Reflect.get(value, field);
    if (typeof text !== 'string') continue;
    const nulCount = text.split('\0').length - 1;
    if (nulCount > 0) notes.push(`${count(nulCount, 'NUL character')} dropped from the ${field}.`);
    if (!text.isWellFormed()) notes.push(`Broken characters (lone surrogates) in the ${field} were replaced.`);
    const length = text.length - nulCount;
    if (length > limit) notes.push(`The ${field} was cut from ${length} to ${limit} characters.`);
  }
  return notes;
}

const limits = [
  { field: 'subject', limit: MAX_SUBJECT_LENGTH },
  { field: 'body', limit: MAX_BODY_LENGTH },
] as const;

/** Drops NUL characters and replaces lone surrogates in every text of a value. */
export function repairText(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return repairString(value);
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => repairText(item, depth + 1));
  // Own keys only, and none that could reach a prototype.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, item]) => [repairString(key), repairText(item, depth + 1)]),
  );
}

function repairString(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();
}

export function cutLongText(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const cut = Object.fromEntries(
    limits.flatMap(({ field, limit }) => {
      const text: unknown = Reflect.get(value, field);
      return typeof text === 'string' && text.length > limit ? [[field, cutText(text, limit)]] : [];
    }),
  );
  return { ...value, ...cut };
}

/** The first `limit` code units, without half a character at the end. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** `requester.tags[2]` for an issue of zod; empty for the whole value. */
export function formatPath(path: z.core.$ZodIssue['path']): string {
  return z.core.toDotPath(path);
}
