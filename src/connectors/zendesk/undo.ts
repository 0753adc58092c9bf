import type { Place } from '../../ticket/helpdesk-ticket.ts';
import type { Connector, UndoRequest, UndoResult } from '../connector.ts';
import type { TicketUpdate } from './client.ts';
import { describeState, fieldsOf, readSettled, type WriteContext } from './deliver.ts';
import { asText, findDecision, findUndo, UNDO_MARK } from './map-audits.ts';
import { fieldValueOf, placeOf } from './map-ticket.ts';
import type { Audit, ZendeskField, ZendeskTicket } from './schemas.ts';

/** Somebody may change the ticket while we take back. */
const MAX_TRIES = 3;

/** Takes back a delivery by one guarded update, in every field that still has what the delivery wrote. */
export function createUndo(context: WriteContext): NonNullable<Connector['undo']> {
  const { client, directory } = context;
  return async (request) => {
    const { externalId, decisionId, signal } = request;
    const fields = await fieldsOf(directory, signal);
    for (let tries = 1; ; tries += 1) {
      const read = await readSettled({ context, externalId, signal });
      if (read === null) return { state: 'kept', detail: 'there is no such ticket in Zendesk now' };
      const { audits } = await client.readAudits(externalId, signal);
      if (findUndo(audits, decisionId) !== undefined) return { state: 'undone', detail: 'it was taken back before' };
      const fault = describeState(read.ticket, read);
      if (fault !== null) return { state: 'kept', detail: fault };
      const { update, names } = planUndo({
        request,
        ticket: read.ticket,
        audit: findDecision(audits, decisionId),
        fields: [...fields.values()],
        intentField: fields.get('intent'),
      });
      if (names.length === 0) return keptAll;
      const reply = await client.updateTicket({
        externalId,
        update: {
          ...update,
          ...(request.note.trim() !== '' && { comment: { body: request.note, public: false } }),
          metadata: { [UNDO_MARK]: decisionId },
          safe_update: true,
          updated_stamp: read.ticket.updated_at,
        },
        signal,
      });
      if (reply.status === 'written') return { state: 'undone', detail: `taken back: ${names.join(', ')}` };
      if (reply.status === 'stale' && tries < MAX_TRIES) continue;
      return { state: 'kept', detail: refusals[reply.status] };
    }
  };
}

const keptAll: UndoResult = {
  state: 'kept',
  detail: 'every field was changed since, or Zendesk cannot empty it: a group and a priority stay',
};
const refusals = {
  stale: 'the ticket changes all the time. Try it again',
  missing: 'there is no such ticket in Zendesk now',
  forbidden: 'the account may not change this ticket (403)',
  invalid: 'Zendesk refused the update (422): a group, an agent or a value of before no longer exists',
} as const;

/** Works out which fields still have what was written, and their values of before. */
function planUndo(options: {
  request: Pick<UndoRequest, 'written'>;
  ticket: ZendeskTicket;
  audit: Audit | undefined;
  fields: readonly ZendeskField[];
  intentField: ZendeskField | undefined;
}): { update: Omit<TicketUpdate, 'metadata' | 'safe_update' | 'updated_stamp'>; names: readonly string[] } {
  const { request, ticket, audit, fields, intentField } = options;
  const { before, after } = request.written;
  const now = placeOf(ticket, intentField?.id ?? null);
  const isStill = (name: keyof Place) => name in after && asText(now[name]) === asText(after[name]);
  // Zendesk has no way back to no group.
  const group = isStill('group') ? (asId(before.group) ?? undefined) : undefined;
  const assignee = isStill('assignee') ? asId(before.assignee) : undefined;
  // Nor to no priority.
  const priority = isStill('priority') ? (before.priority ?? undefined) : undefined;
  const custom = fields.flatMap((field) => {
    const found = fieldValueOf(ticket, field.id);
    const was = previousValue({ field, found, audit });
    return was === undefined ? [] : [{ field, found, was }];
  });
  const intent = custom.find(({ field }) => field === intentField);
  if (intentField !== undefined && intent === undefined && isStill('intent')) {
    custom.push({ field: intentField, found: now.intent, was: before.intent ?? null });
  }
  const tags = tagsWithout({ ticket, before, after, custom });
  const names = [
    ...(group === undefined ? [] : ['group']),
    ...(assignee === undefined ? [] : ['assignee']),
    ...(priority === undefined ? [] : ['priority']),
    ...(tags === null ? [] : ['tags']),
    ...custom.map(({ field }) => field.title),
  ];
  return {
    names,
    update: {
      ...(group !== undefined && { group_id: group }),
      ...(assignee !== undefined && { assignee_id: assignee }),
      ...(priority !== undefined && { priority }),
      ...(tags !== null && { tags }),
      ...(custom.length > 0 && { custom_fields: custom.map(({ field, was }) => ({ id: field.id, value: was })) }),
    },
  };
}

/** What our own audit says a field had before; undefined when the field has changed since, or was not written. */
function previousValue(options: {
  field: ZendeskField;
  found: unknown;
  audit: Audit | undefined;
}): string | null | undefined {
  const { field, found, audit } = options;
  const event = audit?.events.find(
    ({ type, field_name, via }) =>
      type === 'Change' && field_name === String(field.id) && (via == null || via.channel !== 'rule'),
  );
  return event !== undefined && asText(event.value) === asText(found) ? asText(event.previous_value) : undefined;
}

/** The tags without those that the delivery added; null when nothing is to be changed. */
function tagsWithout(options: {
  ticket: ZendeskTicket;
  before: Partial<Place>;
  after: Partial<Place>;
  custom: readonly { readonly field: ZendeskField; readonly found: unknown; readonly was: string | null }[];
}): string[] | null {
  const { ticket, before, after, custom } = options;
  const dropdowns = custom.filter(({ field }) => field.type === 'tagger');
  const optionTags = new Set(dropdowns.map(({ found }) => asText(found)));
  const had = new Set(before.tags ?? []);
  const added = new Set((after.tags ?? []).filter((tag) => !had.has(tag)));
  const kept = ticket.tags.filter((tag) => !added.has(tag) && !optionTags.has(tag));
  const back = dropdowns.flatMap(({ was }) => (was === null ? [] : [was]));
  const tags = [...new Set([...kept, ...back])];
  return tags.toSorted().join(',') === ticket.tags.toSorted().join(',') ? null : tags;
}

/** Null stands for nobody; undefined for what is no id. */
function asId(value: string | null | undefined): number | null | undefined {
  if (value === null || value === undefined) return null;
  return /^\d{1,20}$/.test(value) ? Number(value) : undefined;
}
