import type { HelpdeskState, HelpdeskTicket, Place } from '../../ticket/helpdesk-ticket.ts';
import { MAX_ATTRIBUTES, MAX_TAGS } from '../../ticket/ticket.ts';
import type { ReadAudits, ReadTicket } from './client.ts';
import type { ZendeskSettings } from './definition.ts';
import { type AuditContext, asText, mapChanges, mapMessages } from './map-audits.ts';
import type { TicketReply, ZendeskField, ZendeskTicket, ZendeskUser } from './schemas.ts';

/** As in the schema of tickets. */
const MAX_ATTRIBUTE_LENGTH = 2_000;
const MAX_NAME_LENGTH = 200;
const MAX_TIER_LENGTH = 100;
/** Zendesk sets this tag when a ticket is merged into another. */
const MERGED_TAG = 'closed_by_merge';

/**
 * Zendesk counts updates in seconds. A ticket that was read in the second of its last update may have changed again
 * within that second; its stamp gets this mark, so that the next poll reads it once more.
 */
const UNSETTLED_MARK = ' unsettled';
/** With a second for clocks of Zendesk's machines that differ. */
const SETTLED_AFTER_MS = 2_000;

function stampOf(ticket: Pick<ZendeskTicket, 'updated_at'>, serverMs: number): string {
  const isSettled = serverMs - Date.parse(ticket.updated_at) >= SETTLED_AFTER_MS;
  return isSettled ? ticket.updated_at : `${ticket.updated_at}${UNSETTLED_MARK}`;
}
/** Returns `updated_at` of the ticket that has this stamp. */
export const updatedAtOf = (stamp: string): string => stamp.replace(UNSETTLED_MARK, '');

/** How long until no further update can have the same time as the one that was read; 0 when that is so now. */
export const msUntilSettled = (ticket: Pick<ZendeskTicket, 'updated_at'>, serverMs: number): number =>
  Math.max(0, Date.parse(ticket.updated_at) + SETTLED_AFTER_MS - serverMs);

export type MapContext = {
  /** Name of the connector. */
  readonly name: string;
  readonly settings: Pick<ZendeskSettings, 'url' | 'tier' | 'tierTags' | 'attributes' | 'language' | 'programs'>;
  readonly intentField: ZendeskField | null;
  readonly ownId: number | null;
  /** Names of the ticket's brand and custom status, where they are known. */
  readonly names: { readonly brand: string | undefined; readonly status: string | undefined };
};

export function mapTicket(read: ReadTicket, audits: ReadAudits, context: MapContext): HelpdeskTicket {
  const { ticket, groups } = read;
  const users = new Map([...read.users, ...audits.users].flatMap((user) => (user.id == null ? [] : [[user.id, user]])));
  const requester = ticket.requester_id == null ? undefined : users.get(ticket.requester_id);
  const group = groups.find(({ id }) => id === ticket.group_id)?.name;
  const auditContext: AuditContext = {
    requesterId: ticket.requester_id ?? null,
    ownId: context.ownId,
    users,
    intentField: context.intentField,
    programs: new Set(context.settings.programs.map((program) => String(program).toLowerCase())),
  };
  const externalId = String(ticket.id);
  const subject = ticket.subject ?? ticket.raw_subject;
  const language = context.settings.language === 'requester' ? requester?.locale : null;
  const groupName = group ?? asText(ticket.group_id);
  return {
    externalId,
    state: stateOf(ticket, requester),
    stamp: stampOf(ticket, read.serverMs),
    createdAt: ticket.created_at,
    ticket: {
      ...(subject != null && { subject }),
      channel: String(ticket.via?.channel ?? 'zendesk').slice(0, MAX_TIER_LENGTH),
      ...(language != null && language.length >= 2 && language.length <= 35 && { language }),
      tags: ticket.tags.filter((tag) => tag.length <= MAX_NAME_LENGTH).slice(0, MAX_TAGS),
      requester: mapRequester({ reply: read, requester, settings: context.settings }),
      source: {
        connector: context.name,
        externalId,
        url: `${context.settings.url}/agent/tickets/${externalId}`,
        ...(groupName !== null && { group: groupName.slice(0, MAX_NAME_LENGTH) }),
      },
    },
    messages: mapMessages(audits.audits, auditContext),
    place: placeOf(ticket, context.intentField?.id ?? null),
    intake: intakeOf({ ticket, group, names: context.names }),
    changes: mapChanges(audits.audits, auditContext),
  };
}

export function placeOf(ticket: ZendeskTicket, intentFieldId: number | null): Place {
  return {
    group: asText(ticket.group_id),
    assignee: asText(ticket.assignee_id),
    status: ticket.status,
    priority: ticket.priority ?? null,
    tags: ticket.tags,
    intent: intentFieldId === null ? null : asText(fieldValueOf(ticket, intentFieldId)),
  };
}

export const fieldValueOf = (ticket: ZendeskTicket, fieldId: number): unknown =>
  ticket.custom_fields.find(({ id }) => id === fieldId)?.value;

export function intakeOf(options: {
  ticket: ZendeskTicket;
  group: string | undefined;
  names: MapContext['names'];
}): HelpdeskTicket['intake'] {
  const { ticket, group, names } = options;
  const list = (...values: unknown[]) => values.flatMap((value) => asText(value) ?? []);
  return {
    groups: list(ticket.group_id, group),
    brands: list(ticket.brand_id, names.brand),
    statuses: list(ticket.status, ticket.custom_status_id, names.status),
  };
}

/** What may be done with a ticket. Zendesk suspends a customer whose ticket is marked as spam. */
export function stateOf(ticket: ZendeskTicket, requester: ZendeskUser | undefined): HelpdeskState {
  if (ticket.status === 'deleted') return 'deleted';
  if (ticket.status === 'closed') return ticket.tags.includes(MERGED_TAG) ? 'merged' : 'closed';
  return requester?.suspended === true ? 'spam' : 'open';
}

function mapRequester(options: {
  reply: TicketReply;
  requester: ZendeskUser | undefined;
  settings: MapContext['settings'];
}): NonNullable<HelpdeskTicket['ticket']['requester']> {
  const { reply, requester, settings } = options;
  const { ticket } = reply;
  const organisation = reply.organizations.find(({ id }) => id === ticket.organization_id);
  const read = (path: string): string | number | boolean | null => {
    const [source, key = ''] = path.split('.');
    if (source === 'ticket_fields') return plain(fieldValueOf(ticket, Number(key)));
    const fields = source === 'user_fields' ? requester?.user_fields : organisation?.organization_fields;
    return plain(fields != null && Object.hasOwn(fields, key) ? fields[key] : null);
  };
  const tags = new Set([...(requester?.tags ?? []), ...(organisation?.tags ?? [])]);
  const byField = settings.tier === undefined ? null : read(settings.tier);
  const tier = byField ?? settings.tierTags.find((tag) => tags.has(tag)) ?? null;
  const attributes = Object.entries(settings.attributes)
    .flatMap(([name, path]): [string, string | number | boolean][] => {
      const value = read(path);
      return value === null ? [] : [[name, value]];
    })
    .slice(0, MAX_ATTRIBUTES);
  return {
    ...(requester?.name != null && { name: requester.name.slice(0, 500) }),
    ...(requester?.email != null && { email: requester.email.slice(0, 500) }),
    ...(tier !== null && { tier: String(tier).slice(0, MAX_TIER_LENGTH) }),
    ...(organisation && { organisation: organisation.name.slice(0, MAX_NAME_LENGTH) }),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  };
}

/** Values of several options are joined; anything else that is no plain value is left out. */
function plain(value: unknown): string | number | boolean | null {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' || Array.isArray(value) ? asText(value) : null;
  return text === null ? null : text.slice(0, MAX_ATTRIBUTE_LENGTH);
}
