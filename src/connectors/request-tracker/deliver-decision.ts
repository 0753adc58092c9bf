import { list } from '../../base/plural.ts';
import type { DeliverRequest, DeliverResult } from '../connector.ts';
import type { TaggedTicket } from './client.ts';
import { mapOwner, mapPlace, mapState } from './map-place.ts';
import { isHarmless } from './map-ticket.ts';
import { findDifferences, findWritten, findWrittenFields, planChange, planTarget, type Target } from './plan-change.ts';
import type { Thread } from './read-thread.ts';
import type { RtTicket } from './schemas.ts';
import { hasDecisionId, type WriteContext, withDecisionId } from './write-context.ts';

/** RT's own mails raise the ETag just after a ticket was created. */
const MAX_TRIES = 3;

type Request = DeliverRequest & { readonly externalId: string; readonly signal: AbortSignal };

const refused = (detail: string): DeliverResult => ({ state: 'refused', detail });
const conflict = (detail: string): DeliverResult => ({ state: 'conflict', detail });

/**
 * Writes queue, priority and custom fields, then the owner, then the comment: the first two only while the ticket is as
 * it was when it was decided, and each only where it is not written already. The comment has the decision's id, so that
 * a delivery that runs again finds it.
 */
export async function deliverDecision(context: WriteContext, request: Request): Promise<DeliverResult> {
  const { decision, owner, signal } = request;
  if (decision.mode === 'assist') {
    return withFreshThread(context, request, (thread) =>
      writeNote({ context, request, thread, detail: 'commented', target: null }),
    );
  }
  const queue = owner === null ? null : await context.findQueue(owner, signal);
  if (owner !== null && queue === null) {
    return refused(
      `there is no queue "${owner}" that the account can see. Correct the team's owner, or give it SeeQueue`,
    );
  }
  const target = planTarget({ request, queue: queue?.id ?? null, context });

  let known = findKnownThread({ context, request, target });
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const attempt = async (thread: Thread) => writeTicket({ context, request, thread, target });
    const result = known === null ? await withFreshThread(context, request, attempt) : await attempt(known);
    if (result !== 'changed meanwhile') return result;
    known = null;
  }
  return conflict(`the ticket changed ${MAX_TRIES} times while it was written to`);
}

/**
 * What was read for the decision is usually still so, which the ETag proves when something is written. Null when it is
 * not known, or nothing would be written that proves it.
 */
function findKnownThread(options: { context: WriteContext; request: Request; target: Target }): Thread | null {
  const { context, request, target } = options;
  const thread = context.threads.last(request.externalId);
  if (thread === null || thread.etag !== request.based?.stamp) return null;
  return planChange({ ticket: thread.ticket, target, tagsField: context.place.tagsField }) === null ? null : thread;
}

/** Reads the ticket, and refuses to go on if it may not be written or is no longer as it was when it was decided. */
async function withFreshThread<Result>(
  context: WriteContext,
  request: Request,
  work: (thread: Thread) => Promise<Result>,
): Promise<Result | DeliverResult> {
  const { externalId, based, signal } = request;
  const thread = await context.threads.read(externalId, signal);
  if (thread === null) return refused('there is no such ticket, or the account may not see it');
  if (thread.kind === 'merged') return refused(`the ticket was merged into ${thread.into.id}`);
  const self = await context.self(signal);
  const isBased = based === null || thread.etag === based.stamp;
  const change = isBased
    ? undefined
    : thread.transactions.find(({ id, ...rest }) => id > Number(based.stamp) && !isHarmless({ id, ...rest }, self));
  if (change !== undefined) {
    const what = [change.Type, change.Field].filter((part) => part !== '').join(' ');
    return conflict(`${change.Creator.id} changed the ticket (${what}, transaction ${change.id}) after it was decided`);
  }
  const state = mapState(thread.ticket, context.place);
  if (state !== 'open') return refused(`the ticket is ${thread.ticket.Status}`);
  return work(thread);
}

async function writeTicket(options: {
  context: WriteContext;
  request: Request;
  thread: Thread;
  target: Target;
}): Promise<DeliverResult | 'changed meanwhile'> {
  const { context, request, thread, target } = options;
  const { client } = context;
  const { externalId: id, signal } = request;
  if (mapState(thread.ticket, context.place) !== 'open') return refused(`the ticket is ${thread.ticket.Status}`);

  let current: TaggedTicket = thread;
  const change = planChange({ ticket: thread.ticket, target, tagsField: context.place.tagsField });
  if (change !== null) {
    if (!(await client.changeTicket({ id, etag: thread.etag, change, signal }))) return 'changed meanwhile';
    const read = await readBack(context, { id, signal });
    if (read === null) return refused('the account may not see the ticket any more since it is in the new queue');
    current = read;
  }
  const isMoved = target.queue === null || current.ticket.Queue.id === target.queue;
  const isOwned = target.assignee === null || mapOwner(current.ticket.Owner.id) === target.assignee;
  if (isMoved && !isOwned && target.assignee !== null) {
    const toOwner = { id, etag: current.etag, change: { Owner: target.assignee }, signal };
    if (!(await client.changeTicket(toOwner))) return 'changed meanwhile';
    const read = await readBack(context, { id, signal });
    if (read === null) return refused('the account may not see the ticket any more since it has an owner');
    current = read;
  }

  const found = current.ticket;
  const differences = [...findDifferences({ ticket: found, target, place: context.place })];
  const foundOwner = mapOwner(found.Owner.id);
  if (isMoved && target.assignee !== null && foundOwner !== target.assignee) {
    const cure = 'the name must be that of an RT user with OwnTicket in the queue';
    differences.push(`the owner is ${foundOwner ?? 'nobody'} and not ${target.assignee} (${cure})`);
  }
  // A note in a queue where the ticket was not meant to stay would be wrong.
  if (!isMoved) return refused(`RT did not write everything: ${list(differences)}`);
  const detail = `queue ${found.Queue.Name ?? found.Queue.id}, owner ${foundOwner ?? 'nobody'}, priority ${found.Priority}`;
  const result = await writeNote({ context, request, thread, detail, target, after: found });
  if (differences.length > 0 && result.state === 'delivered') {
    return refused(`RT did not write everything: ${list(differences)}`);
  }
  return result;
}

/** The read after a write that may have moved the ticket. */
async function readBack(
  context: WriteContext,
  ticket: { id: string; signal: AbortSignal },
): Promise<TaggedTicket | null> {
  const read = await context.client.getTicket(ticket);
  return read === 'unchanged' ? null : read;
}

async function writeNote(options: {
  context: WriteContext;
  request: Request;
  thread: Thread;
  target: Target | null;
  after?: RtTicket;
  detail: string;
}): Promise<DeliverResult> {
  const { context, request, thread, target, detail, after = thread.ticket } = options;
  const { decision, based, note, externalId, signal } = request;
  const self = await context.self(signal);
  const before = based?.place ?? mapPlace(thread.ticket, context.place);
  const { intentField } = context.place;
  const written = {
    ...findWritten(before, mapPlace(after, context.place), target),
    fields: findWrittenFields({ thread, after, target, intentField, stamp: based?.stamp ?? null, self }),
  };
  const known = findComment({ thread, self, isMeant: (text) => hasDecisionId(text, decision.id) });
  if (known !== null) return { state: 'delivered', detail, written: { ...written, noteId: known } };
  const text = withDecisionId(note, decision.id);
  const comment = await context.client.comment({ id: externalId, text, signal });
  if (comment === null) {
    return refused(`${detail}, but RT did not take the comment (the account needs CommentOnTicket in the queue)`);
  }
  if (comment.id !== null) {
    context.threads.noteComment({ ticket: externalId, transaction: Number(comment.id), text });
  }
  return { state: 'delivered', detail, written: { ...written, noteId: comment.id } };
}

/** The id of our comment with a text that is meant; null when there is none. */
export function findComment(options: {
  thread: Pick<Thread, 'transactions' | 'texts'>;
  self: string;
  isMeant: (text: string) => boolean;
}): string | null {
  const { thread, self, isMeant } = options;
  const found = thread.transactions.find(
    ({ id, Type, Creator }) => Type === 'Comment' && Creator.id === self && isMeant(thread.texts.get(id)?.text ?? ''),
  );
  return found === undefined ? null : String(found.id);
}
