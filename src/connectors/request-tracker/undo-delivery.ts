import { list } from '../../base/plural.ts';
import type { Place } from '../../ticket/helpdesk-ticket.ts';
import type { UndoRequest, UndoResult } from '../connector.ts';
import type { TicketChange } from './client.ts';
import { findComment } from './deliver-decision.ts';
import { findField, mapPlace, mapState, valuesOf } from './map-place.ts';
import { NOBODY } from './people.ts';
import type { Thread } from './read-thread.ts';
import { undoMarkOf, type WriteContext } from './write-context.ts';

const MAX_TRIES = 3;

type Request = UndoRequest & { readonly signal: AbortSignal };

/** Gives every field that still has what a delivery wrote its old value again, and says so in a comment. */
export async function undoDelivery(context: WriteContext, request: Request): Promise<UndoResult> {
  const { externalId: id, decisionId, note, signal } = request;
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
    const isCommentAlone = Object.keys(request.written.after).length === 0;
    const undone = isCommentAlone ? ['the comment, by another one'] : await restore({ context, request, thread });
    if (undone === 'changed meanwhile') {
      if (tries < MAX_TRIES) continue;
      return { state: 'kept', detail: `the ticket changed ${MAX_TRIES} times while it was written to` };
    }
    if (undone.length === 0) return { state: 'kept', detail: 'everything that was written has been changed since' };
    await context.client.comment({ id, text: `${note}\n\n${mark}`, signal });
    return { state: 'undone', detail: list(undone) };
  }
}

/** Returns the names of the fields that are as before now. */
async function restore(options: {
  context: WriteContext;
  request: Request;
  thread: Thread;
}): Promise<readonly string[] | 'changed meanwhile'> {
  const { context, request, thread } = options;
  const { externalId: id, written, signal } = request;
  const { before, after } = written;
  const place = mapPlace(thread.ticket, context.place);
  const isOurs = (field: keyof Place) => field in after && isSame(place[field], after[field]);

  const change = planRestoration({ context, thread, before, after, isOurs });
  let { etag } = thread;
  let { ticket } = thread;
  if (Object.keys(change).length > 0) {
    if (!(await context.client.changeTicket({ id, etag, change, signal }))) return 'changed meanwhile';
    const read = await context.client.getTicket({ id, signal });
    if (read === null || read === 'unchanged') return Object.keys(change);
    ({ etag, ticket } = read);
  }
  if (isOurs('assignee')) {
    const Owner = before.assignee ?? NOBODY;
    if (!(await context.client.changeTicket({ id, etag, change: { Owner }, signal }))) return 'changed meanwhile';
    const read = await context.client.getTicket({ id, signal });
    if (read !== null && read !== 'unchanged') ticket = read.ticket;
  }
  const now = mapPlace(ticket, context.place);
  // The cast: these are the keys of a place.
  return (Object.keys(after) as (keyof Place)[]).filter((field) =>
    field === 'tags' ? hasNone(now.tags, before, after) : isSame(now[field], before[field]),
  );
}

function planRestoration(options: {
  context: WriteContext;
  thread: Thread;
  before: Partial<Place>;
  after: Partial<Place>;
  isOurs: (field: keyof Place) => boolean;
}): TicketChange {
  const { context, thread, before, after, isOurs } = options;
  const fields: [string, string | readonly string[] | null][] = [];
  const set = (name: string | undefined, value: string | readonly string[] | null) => {
    const field = findField(thread.ticket, name);
    if (field !== null && valuesOf(field).length > 0) fields.push([field.id, value]);
  };
  if (isOurs('intent')) {
    set(context.place.intentField, before.intent ?? null);
    // Of a value that is no longer there.
    if (before.intent == null) set(context.customFields.confidence, null);
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
