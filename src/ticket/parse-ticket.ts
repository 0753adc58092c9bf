import { z } from 'zod';
import { count } from '../base/plural.ts';
import { InputError } from '../errors.ts';
import { findTicketLanguageFault } from './find-language-fault.ts';
import { readMailHeader } from './mime/mail-header.ts';
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

/** A ticket is three levels deep (`requester.attributes.region`); the schema refuses deeper values anyway. */
const MAX_DEPTH = 6;

/** The most errors of one ticket that a message lists: a wrong export repeats the same error in every entry. */
const MAX_ISSUES = 20;
/** A longer language is refused. */
const MAX_SHOWN_LANGUAGE = 35;
/** The most characters of a field's path that a message shows: attribute names come from outside and may be long. */
const MAX_SHOWN_PATH = 120;

/**
 * Parses unknown data as a ticket. Text that a database or a model cannot process is repaired: NUL characters are
 * dropped, lone surrogates become U+FFFD, and a subject or body beyond its limit is cut (`describeRepairs` lists the
 * repairs), and a language that is none is set aside, because it can be read from the text. Any other field beyond its limit is refused. Unknown fields are dropped. Where the body is a raw mail, subject
 * and requester are taken from its header unless the ticket has them. Throws `InputError` that lists the
 * wrong fields, at most 20.
 */
export function parseIncomingTicket(value: unknown): IncomingTicket {
  const overfull = findOverfull(value);
  if (overfull.length > 0) throw refuse({ issues: overfull });
  const result = incomingTicketSchema.safeParse(cutLongText(repairText(pickKnown(value))));
  if (result.success) return withMailHeader(withKnownLanguage(result.data));
  throw refuse({ issues: result.error.issues.map(describeIssue), cause: result.error });
}

function withKnownLanguage({ language, ...ticket }: IncomingTicket): IncomingTicket {
  return language === undefined || findTicketLanguageFault(language) !== null ? ticket : { ...ticket, language };
}

/** A raw mail as the body has a subject and a sender of its own, which count where the ticket names none. */
function withMailHeader(ticket: IncomingTicket): IncomingTicket {
  if (ticket.body === undefined || (ticket.subject && ticket.requester !== undefined)) return ticket;
  const header = readMailHeader(ticket.body);
  if (header === null) return ticket;
  const subject = ticket.subject || header.subject?.slice(0, MAX_SUBJECT_LENGTH);
  const { name, email } = header.from;
  const sender = requesterSchema.safeParse({ ...(name !== null && { name }), ...(email !== null && { email }) });
  const requester = ticket.requester ?? (sender.success && (name ?? email) !== null ? sender.data : undefined);
  return { ...ticket, ...(subject && { subject }), ...(requester && { requester }) };
}

/**
 * Parses unknown data as a labelled ticket, repaired like an incoming one. Nothing is cut, because the label was given
 * to the whole text. Throws `InputError` that lists the wrong fields, at most 20.
 */
export function parseLabelledTicket(value: unknown): LabelledTicket {
  const overfull = findOverfull(value);
  if (overfull.length > 0) throw refuse({ issues: overfull });
  const result = labelledTicketSchema.safeParse(repairText(value));
  if (!result.success) throw refuse({ issues: result.error.issues.map(describeIssue), cause: result.error });
  const { language } = result.data;
  const fault = language === undefined ? null : findTicketLanguageFault(language);
  if (fault === null) return result.data;
  throw refuse({ issues: [{ path: 'language', message: `${fault.message}. ${fault.cure.replace(/\.$/, '')}` }] });
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

/** Lists and dictionaries of a ticket, with the most entries that each may have. */
const entryLimits = [
  { path: ['tags'], limit: MAX_TAGS },
  { path: ['requester', 'attributes'], limit: MAX_ATTRIBUTES },
  { path: ['secondaryIntents'], limit: MAX_LABELS },
  { path: ['slices'], limit: MAX_LABELS },
] as const;

/**
 * Finds lists and dictionaries with too many entries. Counted first, because validating 100,000 entries takes seconds.
 */
export function findOverfull(value: unknown): TicketIssue[] {
  return entryLimits.flatMap(({ path, limit }) => {
    const entries = path.reduce<unknown>((part, key) => (isObject(part) ? Reflect.get(part, key) : undefined), value);
    if (!isObject(entries)) return [];
    const count = Array.isArray(entries) ? entries.length : Object.keys(entries).length;
    return count > limit ? [{ path: path.join('.'), message: `${tooManyEntries(limit)}, and ${count} were sent` }] : [];
  });
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Keeps only known fields, on the first two levels, so that no time is spent on any number of unknown ones. */
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

/** Describes what `parseIncomingTicket` repairs in this value, as sentences for the ticket's history; usually empty. */
export function describeRepairs(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const notes: string[] = [];
  for (const { field, limit } of limits) {
    const text: unknown = Reflect.get(value, field);
    if (typeof text !== 'string') continue;
    const nulCount = countNuls(text);
    if (nulCount > 0) {
      notes.push(`${count(nulCount, 'NUL character')} ${nulCount === 1 ? 'was' : 'were'} dropped from the ${field}.`);
    }
    if (!text.isWellFormed()) notes.push(`Broken characters (lone surrogates) in the ${field} were replaced.`);
    const length = text.length - nulCount;
    if (length > limit) notes.push(`The ${field} was cut from ${length} to ${limit} characters.`);
  }
  const language: unknown = Reflect.get(value, 'language');
  if (
    typeof language === 'string' &&
    language.length <= MAX_SHOWN_LANGUAGE &&
    findTicketLanguageFault(language) !== null
  ) {
    notes.push(`The language "${repairString(language)}" is not the code of a language, so it is read from the text.`);
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

/** Drops NUL characters and replaces lone surrogates in every string and key of a value, to a depth of MAX_DEPTH. */
export function repairText(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return repairString(value);
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => repairText(item, depth + 1));
  // Only own keys, and not `__proto__`.
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

/** Returns the first `limit` UTF-16 code units, or one less when the last would be half a character. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** Formats the path of a zod issue, for example `requester.tags[2]`; empty for the whole value. */
export function formatPath(path: z.core.$ZodIssue['path']): string {
  return z.core.toDotPath(path);
}
