import { z } from 'zod';
import { count } from '../base/plural.ts';
import { InputError } from '../errors.ts';
import {
  type IncomingTicket,
  incomingTicketSchema,
  type LabelledTicket,
  labelledTicketSchema,
  MAX_ATTRIBUTES,
  MAX_BODY_LENGTH,
  MAX_LABELS,
  MAX_SUBJECT_LENGTH,
  MAX_TAGS,
  requesterSchema,
  ticketFieldNames,
  ticketSourceSchema,
  tooManyEntries,
} from './ticket.ts';

/** A ticket is two levels deep (`requester.attributes.region`); whatever is deeper is refused by the schema anyway. */
const MAX_DEPTH = 6;

/** As many faults of one ticket as are listed; a wrong export repeats the same one in every entry. */
const MAX_ISSUES = 20;
/** As much of a field's path as a message shows: names of attributes come from outside. */
const MAX_SHOWN_PATH = 120;

/**
 * Turns unknown data into a ticket. Text that a database or a model cannot take is repaired on the way: NUL characters
 * are dropped, lone surrogates become U+FFFD, a subject or body beyond the limit is cut (`describeRepairs` says what
 * was done). Any other field beyond its limit is refused. Unknown fields are dropped. Throws `InputError` that names
 * every field that is wrong.
 */
export function parseIncomingTicket(value: unknown): IncomingTicket {
  const overfull = findOverfull(value);
  if (overfull.length > 0) throw refuse({ issues: overfull });
  const result = incomingTicketSchema.safeParse(cutLongText(repairText(pickKnown(value))));
  if (result.success) return result.data;
  throw refuse({ issues: result.error.issues.map(describeIssue), cause: result.error });
}

/**
 * A labelled ticket from unknown data, repaired like an incoming one. Nothing of it is cut: its label was given to the
 * whole. Throws `InputError` that names every field that is wrong.
 */
export function parseLabelledTicket(value: unknown): LabelledTicket {
  const overfull = findOverfull(value);
  if (overfull.length > 0) throw refuse({ issues: overfull });
  const result = labelledTicketSchema.safeParse(repairText(value));
  if (result.success) return result.data;
  throw refuse({ issues: result.error.issues.map(describeIssue), cause: result.error });
}

type TicketIssue = { readonly path: string; readonly message: string };

function refuse({ issues, cause }: { issues: readonly TicketIssue[]; cause?: unknown }): InputError {
  const shown = issues.slice(0, MAX_ISSUES);
  const list = shown.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`));
  if (issues.length > shown.length) list.push(`and ${issues.length - shown.length} more`);
  return new InputError({
    message: `This is not a ticket: ${list.join('; ')}. A ticket is a JSON object with at least a "body" or a "subject", for example {"body": "Where is my order?"}.`,
    issues: shown,
    cause,
  });
}

function describeIssue(issue: z.core.$ZodIssue): TicketIssue {
  const path = formatPath(issue.path);
  return {
    path: path.length <= MAX_SHOWN_PATH ? path : `${cutText(path, MAX_SHOWN_PATH)}…`,
    message: issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message,
  };
}

/** Lists and dictionaries of a ticket with the number of entries that they may have. */
const entryLimits = [
  { path: ['tags'], limit: MAX_TAGS },
  { path: ['requester', 'attributes'], limit: MAX_ATTRIBUTES },
  { path: ['secondaryIntents'], limit: MAX_LABELS },
  { path: ['slices'], limit: MAX_LABELS },
] as const;

/** Those that hold too much, counted before anything walks through them: checking 100,000 entries takes seconds. */
export function findOverfull(value: unknown): TicketIssue[] {
  return entryLimits.flatMap(({ path, limit }) => {
    const entries = path.reduce<unknown>((part, key) => (isObject(part) ? Reflect.get(part, key) : undefined), value);
    if (!isObject(entries)) return [];
    const count = Array.isArray(entries) ? entries.length : Object.keys(entries).length;
    return count > limit ? [{ path: path.join('.'), message: `${tooManyEntries(limit)}, and ${count} were sent` }] : [];
  });
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The fields that a ticket has, on both levels; a hundred thousand others are not looked at. */
function pickKnown(value: unknown): unknown {
  if (!isObject(value) || Array.isArray(value)) return value;
  const picked = pickFields(value, ticketFieldNames);
  for (const [field, names] of nestedFields) {
    const part = picked[field];
    if (isObject(part) && !Array.isArray(part)) picked[field] = pickFields(part, names);
  }
  return picked;
}

const nestedFields = [
  ['requester', Object.keys(requesterSchema.shape)],
  ['source', Object.keys(ticketSourceSchema.shape)],
] as const;

function pickFields(value: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(value, name)).map((name) => [name, Reflect.get(value, name)]),
  );
}

/** What `parseIncomingTicket` changes in this value, as sentences for the ticket's history; mostly none. */
export function describeRepairs(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const notes: string[] = [];
  for (const { field, limit } of limits) {
    const text: unknown = Reflect.get(value, field);
    if (typeof text !== 'string') continue;
    const nulCount = countNuls(text);
    if (nulCount > 0) notes.push(`${count(nulCount, 'NUL character')} dropped from the ${field}.`);
    if (!text.isWellFormed()) notes.push(`Broken characters (lone surrogates) in the ${field} were replaced.`);
    const length = text.length - nulCount;
    if (length > limit) notes.push(`The ${field} was cut from ${length} to ${limit} characters.`);
  }
  return notes;
}

function countNuls(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\0'); at !== -1; at = text.indexOf('\0', at + 1)) count++;
  return count;
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

function cutLongText(value: unknown): unknown {
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
