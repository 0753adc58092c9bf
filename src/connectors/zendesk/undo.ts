import type { Place } from '../../ticket/helpdesk-ticket.ts';
import type { Connector, UndoRequest } from '../connector.ts';
import type { NoteLanguage } from '../note-languages.ts';
import { describeUndone, type FieldName, type UndoneFields, undoneLines } from '../undone-fields.ts';
import type { TicketUpdate } from './client.ts';
import { describeState, fieldsOf, readSettled, type WriteContext } from './deliver.ts';
import { isSameValue } from './field-values.ts';
import { asText, findDecision, findUndo, UNDO_MARK } from './map-audits.ts';
import { fieldValueOf, placeOf } from './map-ticket.ts';
import type { Audit, AuditEvent, ZendeskField, ZendeskTicket } from './schemas.ts';

/** Somebody may change the ticket while we take back. */
const MAX_TRIES = 3;

/** Takes back a delivery by one guarded update, in every field that still has what the delivery wrote. */
export function createUndo(
  context: WriteContext & { readonly noteLanguage: NoteLanguage },
): NonNullable<Connector['undo']> {
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
      const { update, fields: undone } = planUndo({
        request,
        ticket: read.ticket,
        audit: findDecision(audits, decisionId),
        fields: [...fields.values()],
        intentField: fields.get('intent'),
      });
      if (undone.takenBack.length === 0) return { state: 'kept', detail: describeUndone(undone) || nothingLeft };
      const note = `${request.note}\n${undoneLines(undone, context.noteLanguage)}`;
      const reply = await client.updateTicket({
        externalId,
        update: {
          ...update,
          ...(request.note.trim() !== '' && { comment: { body: note, public: false } }),
          metadata: { [UNDO_MARK]: decisionId },
          safe_update: true,
          updated_stamp: read.ticket.updated_at,
        },
        signal,
      });
      if (reply.status === 'written') return { state: 'undone', detail: describeUndone(undone) };
      if (reply.status === 'stale' && tries < MAX_TRIES) continue;
      return { state: 'kept', detail: refusals[reply.status] };
    }
  };
}

const nothingLeft = 'no field has what was written any more, or a note alone was written, which Zendesk keeps';
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
}): { update: Omit<TicketUpdate, 'metadata' | 'safe_update' | 'updated_stamp'>; fields: UndoneFields } {
  const { request, ticket, audit, fields, intentField } = options;
  const { before, after } = request.written;
  const now = placeOf(ticket, intentField?.id ?? null);
  const isStill = (name: keyof Place) => name in after && asText(now[name]) === asText(after[name]);
  // Zendesk has no way back to no group.
  const group = isStill('group') ? (asId(before.group) ?? undefined) : undefined;
  const assignee = isStill('assignee') ? asId(before.assignee) : undefined;
  // Nor to no priority.
  const priority = isStill('priority') ? (before.priority ?? undefined) : undefined;
  const written = fields.flatMap((field) => {
    const event = findChange(field, audit);
    const stored = field === intentField && 'intent' in after ? { was: before.intent, value: after.intent } : undefined;
    const change = event === undefined ? stored : { was: event.previous_value, value: event.value };
    if (change === undefined) return [];
    const found = fieldValueOf(ticket, field.id);
    return [{ field, found, was: asText(change.was), isStill: isSameValue(field, found, change.value) }];
  });
  const custom = written.filter((field) => field.isStill);
  const changedCustom = written.filter(
    ({ field, found, was, isStill: isOurs }) => !isOurs && !isSameValue(field, found, was),
  );
  const tags = tagsWithout({ ticket, before, after, custom });
  const isChanged = (name: 'group' | 'assignee' | 'priority') =>
    name in after && !isStill(name) && asText(now[name]) !== asText(before[name]);
  const places = ['group', 'assignee', 'priority'] as const;
  const back = { group, assignee, priority };
  const wordsOf = (test: (name: (typeof places)[number]) => boolean): FieldName[] =>
    places.filter(test).map((word) => ({ word }));
  const titlesOf = (some: typeof written): FieldName[] => some.map(({ field }) => ({ title: field.title }));
  return {
    fields: {
      takenBack: [
        ...wordsOf((name) => back[name] !== undefined),
        ...(tags === null ? [] : [{ word: 'tags' as const }]),
        ...titlesOf(custom),
      ],
      changedSince: [...wordsOf(isChanged), ...titlesOf(changedCustom)],
      notPossible: wordsOf((name) => isStill(name) && back[name] === undefined),
    },
    update: {
      ...(group !== undefined && { group_id: group }),
      ...(assignee !== undefined && { assignee_id: assignee }),
      ...(priority !== undefined && { priority }),
      ...(tags !== null && { tags }),
      ...(custom.length > 0 && { custom_fields: custom.map(({ field, was }) => ({ id: field.id, value: was })) }),
    },
  };
}

/** The change of a field in our own audit, and not by a trigger that ran on it; undefined when we have not written it. */
function findChange(field: ZendeskField, audit: Audit | undefined): AuditEvent | undefined {
  return audit?.events.find(
    ({ type, field_name, via }) =>
      type === 'Change' && field_name === String(field.id) && (via == null || via.channel !== 'rule'),
  );
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
