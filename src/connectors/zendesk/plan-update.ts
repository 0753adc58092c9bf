import type { Decision } from '../../routing/decision.ts';
import type { DeliverRequest } from '../connector.ts';
import { customFieldValues } from '../custom-field-values.ts';
import type { TicketUpdate } from './client.ts';
import type { ZendeskSettings } from './definition.ts';
import { type FieldUse, isId } from './directory.ts';
import { valueFor } from './field-values.ts';
import { DECISION_MARK } from './map-audits.ts';
import { fieldValueOf, updatedAtOf } from './map-ticket.ts';
import type { ZendeskField, ZendeskTicket } from './schemas.ts';

/** A field of the account that gets a value. */
export type FieldWrite = { readonly field: ZendeskField; readonly value: string };

export type PlannedUpdate = {
  readonly update: TicketUpdate;
  readonly fields: readonly FieldWrite[];
  /** What of the decision cannot be written, for the history. */
  readonly left: readonly string[];
};

/** Works out the one update that writes a decision to a ticket as it was read. */
export function planUpdate(options: {
  readonly request: Pick<DeliverRequest, 'classification' | 'decision' | 'owner' | 'note'>;
  readonly ticket: ZendeskTicket;
  readonly stamp: string;
  readonly agents: ZendeskSettings['agents'];
  /** The fields of `customFields` that the account has. */
  readonly fields: ReadonlyMap<FieldUse, ZendeskField>;
}): PlannedUpdate {
  const { request, ticket, stamp, agents } = options;
  const { decision, classification, note, owner } = request;
  const common = {
    ...(note.trim() !== '' && { comment: { body: note, public: false as const } }),
    metadata: { [DECISION_MARK]: decision.id, taxonomy: classification.versions.taxonomy, mode: decision.mode },
    safe_update: true as const,
    updated_stamp: updatedAtOf(stamp),
  };
  if (decision.mode === 'assist') return { update: common, fields: [], left: [] };
  const fields: FieldWrite[] = [];
  const left: string[] = [];
  const values = customFieldValues(request);
  for (const [use, field] of options.fields) {
    const value = valueFor({ use, field, values });
    if (value !== null) fields.push({ field, value });
    else if (values[use] !== null) left.push(`the field "${field.title}" has no such value`);
  }
  const assignee = assigneeOf(decision, agents);
  if (assignee === null) left.push(`"${decision.assignee}" is not in \`agents\`, so nobody is assigned`);
  if (owner === null) left.push(`the team "${decision.team}" has no group here, so the group stays`);
  else if (!isId(owner)) left.push(`"${owner}" is no id of a group, so the group stays`);
  return {
    update: {
      ...(owner !== null && isId(owner) && { group_id: Number(owner) }),
      ...assignee,
      priority: decision.priority,
      tags: tagsWith({ ticket, decision, fields }),
      ...(fields.length > 0 && { custom_fields: fields.map(({ field, value }) => ({ id: field.id, value })) }),
      ...common,
    },
    fields,
    left,
  };
}

/** Null for a member whom Zendesk does not know by any id; nothing when nobody is assigned. */
function assigneeOf(
  { assignee }: Pick<Decision, 'assignee'>,
  agents: ZendeskSettings['agents'],
): Pick<TicketUpdate, 'assignee_id' | 'assignee_email'> | null {
  if (assignee === null) return {};
  const known = String(agents[assignee] ?? assignee);
  if (isId(known)) return { assignee_id: Number(known) };
  return known.includes('@') ? { assignee_email: known } : null;
}

/**
 * Zendesk replaces all tags, and the options of dropdowns are tags, too: the tag of an option that is replaced has to go,
 * or Zendesk would set the dropdown back.
 */
function tagsWith(options: {
  ticket: ZendeskTicket;
  decision: Pick<Decision, 'tags'>;
  fields: readonly FieldWrite[];
}): string[] {
  const { ticket, decision, fields } = options;
  const dropdowns = fields.filter(({ field }) => field.type === 'tagger');
  const replaced = new Set(dropdowns.map(({ field }) => fieldValueOf(ticket, field.id)));
  const kept = ticket.tags.filter((tag) => !replaced.has(tag));
  const added = [...dropdowns.map(({ value }) => value), ...decision.tags.map(asTag).filter((tag) => tag !== '')];
  return [...new Set([...kept, ...added])];
}

/** As Zendesk keeps tags: small letters, without spaces, of which it would make two tags, and without most other signs. */
const asTag = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_:/.-]+/gu, '_')
    .replace(/^_+|_+$/g, '');
