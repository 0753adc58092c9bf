import { sleep as realSleep } from '../../base/deadline.ts';
import type { Place, PlaceField, Written } from '../../ticket/helpdesk-ticket.ts';
import type { Connector, DeliverResult } from '../connector.ts';
import type { ReadTicket, ZendeskClient } from './client.ts';
import type { ZendeskSettings } from './definition.ts';
import { type Directory, type FieldUse, fieldUses } from './directory.ts';
import { isSameValue } from './field-values.ts';
import type { ClientParts } from './limits.ts';
import { asText, findDecision } from './map-audits.ts';
import { fieldValueOf, msUntilSettled, placeOf, stateOf, updatedAtOf } from './map-ticket.ts';
import { type PlannedUpdate, planUpdate } from './plan-update.ts';
import type { Audit, ZendeskField, ZendeskTicket } from './schemas.ts';

/** What a delivery may change of a place. A status that follows from an assignment is left out: it cannot be taken back. */
const writtenFields = ['group', 'assignee', 'priority', 'tags', 'intent'] as const satisfies readonly PlaceField[];

export type WriteContext = {
  readonly client: ZendeskClient;
  readonly directory: Directory;
  readonly settings: Pick<ZendeskSettings, 'agents'>;
  readonly sleep: NonNullable<ClientParts['sleep']> | undefined;
};

/** Writes a decision by one guarded update, and reads back what Zendesk has. */
export function createDeliver(context: WriteContext): Connector['deliver'] {
  const { client, directory, settings } = context;
  return async (request) => {
    const { decision, signal } = request;
    const externalId = request.ticket.source?.externalId ?? request.ticket.id;
    const fields = await fieldsOf(directory, signal);
    const intentFieldId = fields.get('intent')?.id ?? null;
    const alreadyWritten = async (): Promise<DeliverResult | null> => {
      const { audits } = await client.readAudits(externalId, signal);
      const audit = findDecision(audits, decision.id);
      return audit === undefined ? null : { state: 'delivered', written: writtenBy(audit, intentFieldId) };
    };

    const read = await readSettled({ context, externalId, signal });
    if (read === null) return gone;
    const { ticket } = read;
    const based = request.based ?? { place: placeOf(ticket, intentFieldId), stamp: ticket.updated_at };
    const isAsBased =
      ticket.updated_at === updatedAtOf(based.stamp) && isSamePlace(placeOf(ticket, intentFieldId), based.place);
    if (!isAsBased || request.based === null) {
      // What changed the ticket may have been this very decision, in a call whose reply was lost.
      const written = await alreadyWritten();
      if (written !== null) return written;
      if (!isAsBased) return changed;
    }
    const fault = describeState(ticket, read);
    if (fault !== null) return { state: 'refused', detail: fault };

    const plan = planUpdate({ request, ticket, stamp: based.stamp, agents: settings.agents, fields });
    const reply = await client.updateTicket({ externalId, update: plan.update, signal });
    if (reply.status === 'stale') return (await alreadyWritten()) ?? changed;
    if (reply.status === 'invalid') return describeInvalid(await client.readTicket(externalId, signal));
    if (reply.status !== 'written') return reply.status === 'missing' ? gone : forbidden;

    const after = await client.readTicket(externalId, signal);
    if (after === null) return gone;
    const differences = findDifferences({ plan, ticket: after.ticket });
    if (differences.length > 0) {
      return { state: 'refused', detail: `Zendesk took the update, but ${differences.join(', and ')}` };
    }
    return {
      state: 'delivered',
      ...(plan.left.length > 0 && { detail: plan.left.join('; ') }),
      written: {
        ...changesBetween(placeOf(ticket, intentFieldId), placeOf(after.ticket, intentFieldId)),
        noteId: noteIdOf(reply.audit),
      },
    };
  };
}

const changed: DeliverResult = {
  state: 'conflict',
  detail: 'the ticket has changed in Zendesk since it was decided',
};
const gone: DeliverResult = { state: 'refused', detail: 'there is no such ticket in Zendesk now: it was deleted' };
const forbidden: DeliverResult = {
  state: 'refused',
  detail: 'the account may not change this ticket (403). Give it access to all tickets of the intake',
};

export async function fieldsOf(
  directory: Directory,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<FieldUse, ZendeskField>> {
  const found = new Map<FieldUse, ZendeskField>();
  for (const use of fieldUses) {
    const field = await directory.fieldFor(use, signal);
    if (field !== undefined) found.set(use, field);
  }
  return found;
}

/** Reads a ticket at a moment after which no change can have the time of the last one, so that the guard sees it. */
export async function readSettled(options: {
  context: Pick<WriteContext, 'client' | 'sleep'>;
  externalId: string;
  signal: AbortSignal | undefined;
}): Promise<ReadTicket | null> {
  const { context, externalId, signal } = options;
  const { client, sleep = realSleep } = context;
  const read = await client.readTicket(externalId, signal);
  if (read === null) return null;
  const waitMs = msUntilSettled(read.ticket, read.serverMs);
  if (waitMs === 0) return read;
  await sleep({ ms: waitMs, signal: signal ?? new AbortController().signal });
  return client.readTicket(externalId, signal);
}

/** Why a ticket is not written; null when it may be. */
export function describeState(ticket: ZendeskTicket, { users }: Pick<ReadTicket, 'users'>): string | null {
  const requester = users.find(({ id }) => id === ticket.requester_id);
  const state = stateOf(ticket, requester);
  return state === 'open' ? null : stateDetails[state];
}
const stateDetails = {
  closed: 'the ticket is closed, and closed tickets cannot be changed',
  merged: 'the ticket was merged into another',
  spam: 'the customer is suspended, as after a ticket that was marked as spam',
  deleted: 'the ticket was deleted',
} as const;

function describeInvalid(now: ReadTicket | null): DeliverResult {
  if (now === null) return gone;
  const state = describeState(now.ticket, now);
  return {
    state: 'refused',
    detail:
      state ??
      'Zendesk refused the update (422). Check that the group exists, that the assignee is in it, and that the fields take these values; `switchboard doctor` looks at them',
  };
}

function isSamePlace(a: Place, b: Place): boolean {
  return (
    a.group === b.group &&
    a.assignee === b.assignee &&
    a.status === b.status &&
    a.priority === b.priority &&
    a.intent === b.intent &&
    a.tags.toSorted().join(',') === b.tags.toSorted().join(',')
  );
}

/** What of an update the ticket does not have, in words. */
function findDifferences({ plan, ticket }: { plan: PlannedUpdate; ticket: ZendeskTicket }): string[] {
  const { update, fields } = plan;
  const differences: string[] = [];
  const compare = (what: string, found: unknown, wanted: unknown) => {
    if (asText(found) !== asText(wanted)) {
      differences.push(`${what} is ${asText(found) ?? 'empty'} and not ${asText(wanted) ?? 'empty'}`);
    }
  };
  if (update.group_id !== undefined) compare('the group', ticket.group_id, update.group_id);
  if (update.assignee_id !== undefined) compare('the assignee', ticket.assignee_id, update.assignee_id);
  if (update.assignee_email !== undefined && ticket.assignee_id == null) differences.push('nobody is assigned');
  if (update.priority !== undefined) compare('the priority', ticket.priority, update.priority);
  const missing = (update.tags ?? []).filter((tag) => !ticket.tags.includes(tag));
  if (missing.length > 0) differences.push(`these tags are missing: ${missing.join(', ')}`);
  for (const { field, value } of fields) {
    const found = fieldValueOf(ticket, field.id);
    if (!isSameValue(field, found, value)) compare(`the field "${field.title}"`, found, value);
  }
  return differences;
}

function changesBetween(before: Place, after: Place): Pick<Written, 'before' | 'after'> {
  const differing = writtenFields.filter((field) => asText(before[field]) !== asText(after[field]));
  const pick = (place: Place): Partial<Place> => Object.fromEntries(differing.map((field) => [field, place[field]]));
  return { before: pick(before), after: pick(after) };
}

const noteIdOf = (audit: Audit | null): string | null => {
  const note = audit?.events.find(({ type }) => type === 'Comment');
  return note === undefined ? null : String(note.id);
};

/** What an earlier call wrote, from the audit that it left. */
function writtenBy(audit: Audit, intentFieldId: number | null): Written {
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const { type, field_name, value, previous_value, via } of audit.events) {
    const name = field_name === String(intentFieldId) ? 'intent' : placeNames[field_name ?? ''];
    // A trigger that ran on our update has an origin of its own.
    if (type !== 'Change' || name === undefined || via?.channel === 'rule') continue;
    before[name] = name === 'tags' ? tagsOf(previous_value) : asText(previous_value);
    after[name] = name === 'tags' ? tagsOf(value) : asText(value);
  }
  // The cast: only names and values of a place are put in.
  return { before: before as Partial<Place>, after: after as Partial<Place>, noteId: noteIdOf(audit) };
}
const placeNames: Readonly<Record<string, PlaceField>> = {
  group_id: 'group',
  assignee_id: 'assignee',
  priority: 'priority',
  tags: 'tags',
};
const tagsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
