import { formatFraction } from '../../classifiers/format-percent.ts';
import type { Place, WrittenField } from '../../ticket/helpdesk-ticket.ts';
import type { DeliverRequest } from '../connector.ts';
import { customFieldValues } from '../custom-field-values.ts';
import type { TicketChange } from './client.ts';
import { findField, mapPlace, valueIn, valuesOf } from './map-place.ts';
import type { Thread } from './read-thread.ts';
import type { RtTicket, RtTransaction } from './schemas.ts';
import type { WriteContext } from './write-context.ts';

/** What a ticket should be like after a delivery. */
export type Target = {
  /** Id of the queue; null where the team has none. */
  readonly queue: string | null;
  readonly assignee: string | null;
  readonly priority: number;
  readonly tags: readonly string[];
  /** Values of custom fields by name or id. */
  readonly fields: readonly { readonly field: string; readonly value: string }[];
};

export function planTarget(options: {
  request: DeliverRequest;
  queue: string | null;
  context: Pick<WriteContext, 'priorities' | 'customFields' | 'place'>;
}): Target {
  const { request, queue, context } = options;
  const { decision } = request;
  const { intent, confidence, urgency, language } = context.customFields;
  const known = customFieldValues(request);
  const values: readonly (readonly [string | undefined, string | null])[] = [
    [intent, known.intent],
    [confidence, known.confidence === null ? null : formatFraction(known.confidence)],
    [urgency, known.urgency],
    [language, known.language],
  ];
  return {
    queue,
    assignee: decision.assignee,
    priority: context.priorities[decision.priority],
    tags: context.place.tagsField === undefined ? [] : decision.tags,
    fields: values.flatMap(([field, value]) => (field === undefined || value === null ? [] : [{ field, value }])),
  };
}

/** The first call: everything but the owner, who is checked by RT against the queue that the ticket is in. Null when nothing differs. */
export function planChange(options: {
  ticket: RtTicket;
  target: Target;
  tagsField: string | undefined;
}): TicketChange | null {
  const { ticket, target, tagsField } = options;
  const tags = findField(ticket, tagsField);
  const present = valuesOf(tags);
  const missing = target.tags.filter((tag) => !present.includes(tag));
  const fields = [
    ...target.fields.flatMap(({ field, value }) =>
      valuesOf(findField(ticket, field))[0] === value ? [] : [[findField(ticket, field)?.id ?? field, value] as const],
    ),
    ...(tagsField !== undefined && missing.length > 0
      ? [[tags?.id ?? tagsField, [...present, ...missing]] as const]
      : []),
  ];
  const change = {
    ...(target.queue !== null && target.queue !== ticket.Queue.id && { Queue: target.queue }),
    ...(target.priority !== Number(ticket.Priority) && { Priority: target.priority }),
    ...(fields.length > 0 && { CustomFields: Object.fromEntries(fields) }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

/** What a ticket does not have as it should, as sentences for people; empty when it has everything. */
export function findDifferences(options: {
  ticket: RtTicket;
  target: Target;
  place: WriteContext['place'];
}): readonly string[] {
  const { ticket, target, place } = options;
  const differences: string[] = [];
  const differs = (what: string, found: string | null, wanted: string, cure: string) =>
    differences.push(`the ${what} is ${found ?? 'empty'} and not ${wanted} (${cure})`);
  if (target.queue !== null && ticket.Queue.id !== target.queue) {
    const found = ticket.Queue.Name ?? ticket.Queue.id;
    differs('queue', found, target.queue, 'the account needs ModifyTicket, and CreateTicket in the new queue');
  }
  if (Number(ticket.Priority) !== target.priority) {
    differs('priority', ticket.Priority, String(target.priority), 'the account needs ModifyTicket');
  }
  for (const { field, value } of target.fields) {
    const found = valuesOf(findField(ticket, field))[0] ?? null;
    if (found === value) continue;
    const cure = 'the field must apply to the queue and allow the value, and the account needs ModifyCustomField';
    differs(`custom field ${field}`, found, value, cure);
  }
  const present = mapPlace(ticket, place).tags;
  const missing = target.tags.filter((tag) => !present.includes(tag));
  if (missing.length > 0) {
    const cure = 'the field must take several values, and the account needs ModifyCustomField';
    differs(`custom field ${place.tagsField}`, present.join(', ') || null, target.tags.join(', '), cure);
  }
  return differences;
}

/** The fields of `after` that a delivery has changed, as they were and as they are. */
export function findWritten(before: Place, after: Place, target: Target | null) {
  const isWanted: Readonly<Record<keyof Place, boolean>> = {
    group: target?.queue != null,
    assignee: target?.assignee != null,
    priority: target !== null,
    tags: target !== null && target.tags.length > 0,
    intent: target !== null,
    status: false,
  };
  // The cast: these are the keys of a place.
  const changed = (Object.keys(isWanted) as (keyof Place)[]).filter(
    (field) => isWanted[field] && String(before[field] ?? '') !== String(after[field] ?? ''),
  );
  const pick = (place: Place): Partial<Place> => Object.fromEntries(changed.map((field) => [field, place[field]]));
  return { before: pick(before), after: pick(after) };
}

/**
 * The custom fields other than the intent's that a delivery has changed. A delivery that runs again finds the ticket as it
 * has left it; what was there before is then in our own changes since `stamp`, on which the decision was made.
 */
export function findWrittenFields(options: {
  thread: Pick<Thread, 'ticket' | 'transactions'>;
  after: RtTicket;
  target: Target | null;
  intentField: string | undefined;
  stamp: string | null;
  self: string;
}): WrittenField[] {
  const { thread, after: ticket, target, intentField, stamp, self } = options;
  return (target?.fields ?? []).flatMap(({ field }): WrittenField[] => {
    if (field === intentField) return [];
    const found = findField(ticket, field);
    const isOurs = ({ id, Type, Field, Creator, ObjectId }: RtTransaction) =>
      Type === 'CustomField' &&
      Field === found?.id &&
      Creator.id === self &&
      ObjectId === ticket.id &&
      id > Number(stamp);
    const ours = stamp === null ? undefined : thread.transactions.find(isOurs);
    const before = ours === undefined ? valueIn(thread.ticket, field) : ours.OldValue || null;
    const after = valueIn(ticket, field);
    return before === after ? [] : [{ field, before, after }];
  });
}
