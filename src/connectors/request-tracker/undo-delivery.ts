import type { Place, WrittenField } from '../../ticket/helpdesk-ticket.ts';
import type { UndoRequest, UndoResult } from '../connector.ts';
import { describeUndone, type FieldName, type UndoneFields, undoneLines } from '../undone-fields.ts';
import type { TicketChange } from './client.ts';
import { findComment } from './deliver-decision.ts';
import { findField, mapPlace, mapState, valueIn, valuesOf } from './map-place.ts';
import { NOBODY } from './people.ts';
import type { Thread } from './read-thread.ts';
import type { RtTicket } from './schemas.ts';
import { undoMarkOf, type WriteContext, withUndoMark } from './write-context.ts';

const MAX_TRIES = 3;

type Request = UndoRequest & { readonly signal: AbortSignal };

/** Gives every field that still has what a delivery wrote its old value again, and says so in a comment. */
export async function undoDelivery(context: WriteContext, request: Request): Promise<UndoResult> {
  const { externalId: id, decisionId, written, note, signal } = request;
  const self = await context.self(signal);
  for (let tries = 1; ; tries += 1) {
    const thread = await context.threads.read(id, signal);
    if (thread === null) return { state: 'kept', detail: 'there is no such ticket, or the account may not see it' };
    if (thread.kind === 'merged') return { state: 'kept', detail: `the ticket was merged into ${thread.into.id}` };
    const mark = undoMarkOf(decisionId);
    const isMeant = (text: string) => text.includes(mark);
    if (findComment({ thread, self, isMeant }) !== null) return { state: 'undone', detail: 'it was taken back before' };
    if (mapState(thread.ticket, context.place) !== 'open') {
      return { state: 'kept', detail: `the ticket is ${thread.ticket.Status}` };
    }
    // Of a comment alone, nothing can be taken back: RT keeps it, and another one says that it no longer holds.
    if (Object.keys(written.after).length === 0 && (written.fields ?? []).length === 0) {
      await context.client.comment({ id, text: withUndoMark(note, decisionId), signal });
      return { state: 'undone', detail: 'the comment, by another one' };
    }
    const fields = await restore({ context, request, thread });
    if (fields === 'changed meanwhile') {
      if (tries < MAX_TRIES) continue;
      return { state: 'kept', detail: `the ticket changed ${MAX_TRIES} times while it was written to` };
    }
    if (fields.takenBack.length === 0) {
      const isChanged = fields.notPossible.length === 0;
      const detail = isChanged ? 'everything that was written has been changed since' : describeUndone(fields);
      return { state: 'kept', detail };
    }
    const text = withUndoMark(`${note}\n${undoneLines(fields, context.noteLanguage)}`, decisionId);
    await context.client.comment({ id, text, signal });
    return { state: 'undone', detail: describeUndone(fields) };
  }
}

/** A field that a delivery has written. */
type Written = {
  readonly name: FieldName;
  /** Whether it still has what was written. */
  isOurs(ticket: RtTicket): boolean;
  isBack(ticket: RtTicket): boolean;
};

/** Gives the fields their old values, and returns what became of each. */
async function restore(options: {
  context: WriteContext;
  request: Request;
  thread: Thread;
}): Promise<UndoneFields | 'changed meanwhile'> {
  const { context, request, thread } = options;
  const { externalId: id, written, signal } = request;
  const { before, after } = written;
  const custom = written.fields ?? findUnnotedFields({ context, ticket: thread.ticket, before, after });
  const place = mapPlace(thread.ticket, context.place);
  const isOurs = (field: keyof Place) => field in after && isSame(place[field], after[field]);

  const change = planRestoration({ context, thread, before, after, custom, isOurs });
  let { etag } = thread;
  let now: RtTicket | null = thread.ticket;
  if (Object.keys(change).length > 0) {
    if (!(await context.client.changeTicket({ id, etag, change, signal }))) return 'changed meanwhile';
    const read = await context.client.getTicket({ id, signal });
    now = read === null || read === 'unchanged' ? null : read.ticket;
    if (read !== null && read !== 'unchanged') ({ etag } = read);
  }
  if (now !== null && isOurs('assignee')) {
    const Owner = before.assignee ?? NOBODY;
    if (!(await context.client.changeTicket({ id, etag, change: { Owner }, signal }))) return 'changed meanwhile';
    const read = await context.client.getTicket({ id, signal });
    if (read !== null && read !== 'unchanged') now = read.ticket;
  }
  // In the old queue, the account may not see the ticket any more; RT took the change, so it counts.
  const isBack = (field: Written) => (now === null ? field.isOurs(thread.ticket) : field.isBack(now));
  const fields = listWritten({ context, before, after, custom });
  const left = fields.filter((field) => !isBack(field));
  const namesOf = (some: readonly Written[]) => some.map(({ name }) => name);
  return {
    takenBack: namesOf(fields.filter(isBack)),
    changedSince: namesOf(left.filter((field) => !field.isOurs(thread.ticket))),
    notPossible: namesOf(left.filter((field) => field.isOurs(thread.ticket))),
  };
}

type Change = { context: WriteContext; before: Partial<Place>; after: Partial<Place> };

function listWritten(options: Change & { custom: readonly WrittenField[] }): Written[] {
  const { context, before, after, custom } = options;
  const { intentField = 'intent', tagsField } = context.place;
  const names: Readonly<Record<keyof Place, FieldName>> = {
    group: { word: 'queue' },
    assignee: { word: 'owner' },
    priority: { word: 'priority' },
    status: { title: 'status' },
    tags: tagsField === undefined ? { word: 'tags' } : { title: tagsField },
    intent: { title: intentField },
  };
  // The cast: these are the keys of a place.
  const ofPlace = (Object.keys(after) as (keyof Place)[]).map((field): Written => {
    const find = (ticket: RtTicket) => mapPlace(ticket, context.place)[field];
    const hasNoneOfOurs = (ticket: RtTicket) => hasNone(mapPlace(ticket, context.place).tags, before, after);
    return field === 'tags'
      ? { name: names.tags, isOurs: (ticket) => !hasNoneOfOurs(ticket), isBack: hasNoneOfOurs }
      : {
          name: names[field],
          isOurs: (ticket) => isSame(find(ticket), after[field]),
          isBack: (ticket) => isSame(find(ticket), before[field]),
        };
  });
  const others = custom.map(
    (written): Written => ({
      name: { title: written.field },
      isOurs: (ticket) => valueIn(ticket, written.field) === written.after,
      isBack: (ticket) => valueIn(ticket, written.field) === written.before,
    }),
  );
  return [...ofPlace, ...others];
}

/** Older versions have not stored the confidence. It goes with an intent that came where there was none. */
function findUnnotedFields(options: Change & { ticket: RtTicket }): WrittenField[] {
  const { context, ticket, before, after } = options;
  const { confidence } = context.customFields;
  const { intent } = mapPlace(ticket, context.place);
  if (confidence === undefined || after.intent == null || before.intent != null || intent !== after.intent) return [];
  const value = valueIn(ticket, confidence);
  return value === null ? [] : [{ field: confidence, before: null, after: value }];
}

function planRestoration(options: {
  context: WriteContext;
  thread: Thread;
  before: Partial<Place>;
  after: Partial<Place>;
  custom: readonly WrittenField[];
  isOurs: (field: keyof Place) => boolean;
}): TicketChange {
  const { context, thread, before, after, custom, isOurs } = options;
  const fields: [string, string | readonly string[] | null][] = [];
  const set = (name: string | undefined, value: string | readonly string[] | null) => {
    const field = findField(thread.ticket, name);
    if (field !== null && valuesOf(field).length > 0) fields.push([field.id, value]);
  };
  if (isOurs('intent')) set(context.place.intentField, before.intent ?? null);
  for (const written of custom) {
    if (valueIn(thread.ticket, written.field) === written.after) set(written.field, written.before);
  }
  const added = (after.tags ?? []).filter((tag) => !before.tags?.includes(tag));
  const present = valuesOf(findField(thread.ticket, context.place.tagsField));
  if (added.some((tag) => present.includes(tag))) {
    set(
      context.place.tagsField,
      present.filter((tag) => !added.includes(tag)),
    );
  }
  return {
    ...(isOurs('group') && typeof before.group === 'string' && { Queue: before.group }),
    ...(isOurs('priority') && { Priority: Number(before.priority) }),
    ...(fields.length > 0 && { CustomFields: Object.fromEntries(fields) }),
  };
}

const isSame = (a: Place[keyof Place] | undefined, b: Place[keyof Place] | undefined) =>
  String(a ?? '') === String(b ?? '');

const hasNone = (tags: readonly string[], before: Partial<Place>, after: Partial<Place>) =>
  !(after.tags ?? []).some((tag) => tags.includes(tag) && !before.tags?.includes(tag));
