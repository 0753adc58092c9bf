// What `PUT /tickets/ID` of the fake of Zendesk (fake-zendesk.ts) takes. Where Zendesk ignores a mistake, it is refused here.
import type { FakeAccount, FakeChanges, FakeTicket } from './fake-zendesk-records.ts';

export type FakeRefusal = { readonly status: number; readonly error: string; readonly description: string };
export type CheckedUpdate = { readonly changes: FakeChanges; readonly custom: Record<string, unknown> };

const known = new Set([
  ...['group_id', 'assignee_id', 'assignee_email', 'priority', 'status', 'tags', 'custom_fields', 'comment'],
  ...['metadata', 'safe_update', 'updated_stamp'],
]);

const refuse = (status: number, description: string): FakeRefusal => ({
  status,
  error: status === 422 ? 'RecordInvalid' : status === 409 ? 'UpdateConflict' : 'BadRequest',
  description,
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks the body of an update for a ticket. */
export function checkUpdate(options: {
  account: FakeAccount;
  ticket: FakeTicket;
  body: unknown;
}): CheckedUpdate | FakeRefusal {
  const { account, ticket, body } = options;
  if (!isRecord(body) || Object.keys(body).join() !== 'ticket' || !isRecord(body.ticket)) {
    return refuse(400, 'the body is {"ticket": {…}}');
  }
  const { ticket: given } = body as { ticket: Record<string, unknown> };
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  if (unknown.length > 0) return refuse(400, `unknown fields: ${unknown.join(', ')}`);
  if (ticket.status === 'closed') return refuse(422, 'Status: closed prevents ticket update');
  return (
    findStale(ticket, given) ??
    findWrongTarget(account, ticket, given) ??
    findWrongTags(given) ??
    findWrongFields(account, given) ??
    findWrongComment(given) ?? {
      changes: changesOf(account, given),
      custom: isRecord(given.metadata) ? given.metadata : {},
    }
  );
}

function findStale(ticket: FakeTicket, given: Record<string, unknown>): FakeRefusal | null {
  if (!('safe_update' in given))
    return 'updated_stamp' in given ? refuse(400, 'updated_stamp without safe_update') : null;
  const stamp = given.updated_stamp;
  if (given.safe_update !== true || typeof stamp !== 'string' || Number.isNaN(Date.parse(stamp))) {
    return refuse(400, 'safe_update is true, with updated_stamp in ISO 8601');
  }
  return Date.parse(stamp) === Date.parse(ticket.updated_at)
    ? null
    : refuse(
        409,
        'Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again.',
      );
}

function findWrongTarget(account: FakeAccount, ticket: FakeTicket, given: Record<string, unknown>): FakeRefusal | null {
  const { group_id: group, assignee_id: assignee, assignee_email: email, priority, status } = given;
  if (group !== undefined && typeof group !== 'number') return refuse(400, 'group_id is a number');
  if (group !== undefined && account.groups.get(group)?.assignable !== true) return refuse(422, 'Group is invalid');
  if (assignee !== undefined && assignee !== null && typeof assignee !== 'number') {
    return refuse(400, 'assignee_id is a number');
  }
  if (email !== undefined && typeof email !== 'string') return refuse(400, 'assignee_email is a text');
  const agent =
    typeof assignee === 'number'
      ? account.users.get(assignee)
      : [...account.users.values()].find((user) => user.email === email);
  if (typeof assignee === 'number' || email !== undefined) {
    if (agent === undefined || agent.role === 'end-user') return refuse(422, 'Assignee is no agent');
    const target = typeof group === 'number' ? group : ticket.group_id;
    if (target !== null && !agent.groups.includes(target)) return refuse(422, 'Assignee is not in the group');
  }
  if (priority !== undefined && !['low', 'normal', 'high', 'urgent'].includes(String(priority))) {
    return refuse(422, 'Priority is invalid');
  }
  if (status !== undefined && !['open', 'pending', 'hold', 'solved'].includes(String(status))) {
    return refuse(422, 'Status is invalid');
  }
  return null;
}

function findWrongTags({ tags }: Record<string, unknown>): FakeRefusal | null {
  if (tags === undefined) return null;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string')) return refuse(400, 'tags are texts');
  const wrong = tags.find((tag) => !/^[\p{L}\p{N}_:/.-]+$/u.test(tag) || tag !== tag.toLowerCase());
  return wrong === undefined ? null : refuse(422, `the tag "${wrong}" would be stored otherwise`);
}

function findWrongFields(account: FakeAccount, { custom_fields: list }: Record<string, unknown>): FakeRefusal | null {
  if (list === undefined) return null;
  if (!Array.isArray(list)) return refuse(400, 'custom_fields is a list');
  for (const item of list) {
    if (!isRecord(item) || Object.keys(item).toSorted().join() !== 'id,value')
      return refuse(400, 'a field has id and value');
    const { id, value } = item;
    if (typeof id !== 'number') return refuse(400, 'the id of a field is a number');
    if (value !== null && typeof value !== 'string') return refuse(400, 'the value of a field is a text or null');
    const field = account.fields.get(id);
    if (field === undefined || !field.active) return refuse(422, `there is no field ${id}`);
    const isOption = field.custom_field_options?.some((option) => option.value === value) ?? true;
    if (value !== null && !isOption) return refuse(422, `the field ${id} has no such option`);
    const isNumber = value === null || /^-?\d+(\.\d+)?$/.test(value);
    if (field.type === 'decimal' && !isNumber) return refuse(422, `the field ${id} is a number`);
    if (field.type === 'integer' && !(value === null || /^-?\d+$/.test(value)))
      return refuse(422, `the field ${id} is whole`);
  }
  return null;
}

function findWrongComment({ comment, metadata }: Record<string, unknown>): FakeRefusal | null {
  if (metadata !== undefined && !isRecord(metadata)) return refuse(400, 'metadata is an object');
  if (comment === undefined) return null;
  if (!isRecord(comment)) return refuse(400, 'comment is an object');
  const extra = Object.keys(comment).filter((name) => !['body', 'public', 'author_id'].includes(name));
  if (extra.length > 0) return refuse(400, `unknown fields of comment: ${extra.join(', ')}`);
  const { body } = comment;
  if (typeof body !== 'string' || body.trim() === '') return refuse(422, 'Comment: body cannot be blank');
  return typeof comment.public === 'boolean'
    ? null
    : refuse(400, 'public is true or false, and never left to a default');
}

function changesOf(account: FakeAccount, given: Record<string, unknown>): FakeChanges {
  const { metadata: _m, safe_update: _s, updated_stamp: _u, assignee_email: email, ...changes } = given;
  const byMail = [...account.users.values()].find((user) => user.email === email);
  // The cast: every field was checked above.
  return { ...changes, ...(byMail && { assignee_id: byMail.id }) } as FakeChanges;
}
