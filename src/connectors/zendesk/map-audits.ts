import type { Message, OutsideActor, OutsideChange, PlaceField } from '../../ticket/helpdesk-ticket.ts';
import type { Audit, AuditEvent, Via, ZendeskField, ZendeskUser } from './schemas.ts';

/** Marks in the metadata of our updates, by which they are told from those of people. */
export const DECISION_MARK = 'decision_id';
export const UNDO_MARK = 'undone_decision_id';

/** The account of Zendesk itself. */
const SYSTEM_USER = -1;
/**
 * Ways in which nobody in particular changes a ticket (https://developer.zendesk.com/documentation/ticketing/reference-guides/via-types).
 * Some appear by number.
 */
const ruleChannels: ReadonlySet<string> = new Set(
  [
    ...['rule', 8, 'linked_problem', 9, 'group_deletion', 10, 'user_change', 11, 'user_deletion', 12],
    ...['group_change', 13, 'resource_push', 14, 'merge', 19, 'system', 'omnichannel_routing', 'autoresponder'],
    ...['sla_target_change', 'admin_setting', 'rule_revision', 'automatic_solution_suggestions', 22],
  ].map(String),
);

export type AuditContext = {
  readonly requesterId: number | null;
  /** The id of the connector's own account; null when it is not known. */
  readonly ownId: number | null;
  readonly users: ReadonlyMap<number, ZendeskUser>;
  /** Ids and addresses of accounts that belong to programs. */
  readonly programs: ReadonlySet<string>;
  /** The field that `customFields.intent` names; null without one. */
  readonly intentField: Pick<ZendeskField, 'id' | 'custom_field_options'> | null;
};

export const isOurs = (audit: Audit): boolean =>
  typeof audit.metadata?.custom?.[DECISION_MARK] === 'string' ||
  typeof audit.metadata?.custom?.[UNDO_MARK] === 'string';

/** The audit of the update that wrote this decision; undefined when there is none. */
export function findDecision(audits: readonly Audit[], decisionId: string): Audit | undefined {
  return audits.find(({ metadata }) => metadata?.custom?.[DECISION_MARK] === decisionId);
}

export function findUndo(audits: readonly Audit[], decisionId: string): Audit | undefined {
  return audits.find(({ metadata }) => metadata?.custom?.[UNDO_MARK] === decisionId);
}

const isProgram = ({ id, email }: ZendeskUser, { programs }: AuditContext): boolean =>
  programs.has(String(id)) || (email != null && programs.has(email.toLowerCase()));

const channelOf = (via: Via): string => String(via?.channel ?? '');
const isByRule = (via: Via): boolean => ruleChannels.has(channelOf(via));

/** Returns who did an event of an audit. */
export function mapActor(options: { audit: Audit; event: AuditEvent; context: AuditContext }): OutsideActor {
  const { audit, event, context } = options;
  // A trigger that runs on our update is part of its audit, so the event's own origin counts first.
  const via = isByRule(event.via) ? event.via : isByRule(audit.via) ? audit.via : null;
  if (via !== null) {
    const { id, title } = via?.source?.from ?? {};
    return { kind: 'rule', id: String(id ?? channelOf(via)), ...(title != null && { name: title }) };
  }
  const authorId = audit.author_id ?? SYSTEM_USER;
  const author = context.users.get(authorId);
  const named = { id: String(authorId), ...(author?.name != null && { name: author.name }) };
  if (isOurs(audit) || authorId === context.ownId) return { kind: 'ourselves', ...named };
  if (authorId <= 0 || isProgram(author ?? { id: authorId }, context)) return { kind: 'rule', ...named };
  const isCustomer = author?.role == null ? authorId === context.requesterId : author.role === 'end-user';
  return { kind: isCustomer ? 'customer' : 'agent', ...named };
}

const fieldNames: Readonly<Record<string, PlaceField>> = {
  group_id: 'group',
  assignee_id: 'assignee',
  status: 'status',
  priority: 'priority',
  tags: 'tags',
};

/** Changes of the place, oldest first. What a ticket was created with is no change. */
export function mapChanges(audits: readonly Audit[], context: AuditContext): OutsideChange[] {
  return inOrder(audits).flatMap((audit) =>
    audit.events.flatMap((event): OutsideChange[] => {
      const name = event.field_name ?? '';
      const { intentField } = context;
      const field = name === String(intentField?.id) ? 'intent' : fieldNames[name];
      if (event.type !== 'Change' || field === undefined) return [];
      const from = asText(event.previous_value);
      const to = asText(event.value);
      if (from === to) return [];
      const by = mapActor({ audit, event, context });
      const change = { sourceId: String(event.id), at: audit.created_at, by, field, from, to };
      const option = field === 'intent' && intentField?.custom_field_options?.find(({ value }) => value === to);
      return [option ? { ...change, toName: option.name } : change];
    }),
  );
}

/** Comments, oldest first: the first is the description. Without internal notes of our own. */
export function mapMessages(audits: readonly Audit[], context: AuditContext): Message[] {
  return inOrder(audits).flatMap((audit) =>
    audit.events.flatMap((event): Message[] => {
      if (event.type !== 'Comment' && event.type !== 'VoiceComment') return [];
      const isPublic = event.public ?? true;
      const actor = mapActor({ audit, event, context });
      if (!isPublic && actor.kind === 'ourselves') return [];
      const authorId = event.author_id ?? audit.author_id ?? SYSTEM_USER;
      return [
        {
          id: String(event.id),
          at: audit.created_at,
          from: senderOf({ authorId, isRule: actor.kind === 'rule', context }),
          author: context.users.get(authorId)?.name ?? null,
          text: textOf(event),
          isPublic,
          attachments: event.attachments?.length ?? 0,
        },
      ];
    }),
  );
}

function senderOf(options: { authorId: number; isRule: boolean; context: AuditContext }): Message['from'] {
  const { authorId, isRule, context } = options;
  if (isRule || authorId <= 0) return 'system';
  // An agent who asks for something is the customer of that ticket.
  if (authorId === context.requesterId) return 'customer';
  const role = context.users.get(authorId)?.role;
  return role === 'end-user' ? 'customer' : 'agent';
}

/** HTML where there is some, because it says what was quoted and what was hidden. */
function textOf(event: AuditEvent): string {
  const body = typeof event.body === 'string' ? event.body : '';
  const text = event.html_body ?? event.plain_body ?? body;
  const spoken = event.data?.transcription_text;
  return spoken == null || spoken === '' ? text : `${text}\n${spoken}`;
}

const inOrder = (audits: readonly Audit[]): readonly Audit[] =>
  audits.toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.id - b.id);

/** A value of a field as in `Place`; null for an empty one. */
export function asText(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(String).join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
