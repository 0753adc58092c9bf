import { InputError } from '../../errors.ts';
import type { Signal } from '../connector.ts';
import { parseJsonBody } from '../parse-json-body.ts';
import { intakeOf, type MapContext } from './map-ticket.ts';
import { eventBodySchema, triggerBodySchema, type ZendeskGroup, type ZendeskTicket } from './schemas.ts';

/** Events after which our copy of a ticket is erased. */
const deletions: ReadonlySet<string> = new Set(['ticket.soft_deleted', 'ticket.permanently_deleted']);

/**
 * Reads a webhook of an event subscription, or of a trigger that sends the id of its ticket. Only the id counts: the rest
 * is old when it arrives, and in another order. Throws `InputError`.
 */
export function mapWebhook(body: Buffer): Signal[] {
  const value = parseJsonBody(body);
  const event = eventBodySchema.safeParse(value);
  if (event.success) return mapEvent(event.data);
  const trigger = triggerBodySchema.safeParse(value);
  if (trigger.success) return [{ externalId: trigger.data }];
  throw new InputError({
    message: 'The body is no event of Zendesk, and has no ticket_id. A trigger sends {"ticket_id": "{{ticket.id}}"}.',
  });
}

function mapEvent(event: { type: string; subject?: string; detail?: { id?: string | number } }): Signal[] {
  const type = event.type.slice('zen:event-type:'.length);
  if (!type.startsWith('ticket.')) return [];
  const externalId = String(event.detail?.id ?? event.subject?.replace(/^zen:ticket:/, '') ?? '');
  if (!/^\d{1,20}$/.test(externalId)) throw new InputError({ message: `The event ${type} names no ticket.` });
  return [{ externalId, ...(deletions.has(type) && { isDeleted: true }) }];
}

/** Maps a ticket of an export. */
export function mapExported(options: {
  ticket: ZendeskTicket;
  groups: readonly ZendeskGroup[];
  names: MapContext['names'];
}): Signal {
  const { ticket, groups, names } = options;
  const group = groups.find(({ id }) => id === ticket.group_id)?.name;
  return {
    externalId: String(ticket.id),
    stamp: ticket.updated_at,
    createdAt: ticket.created_at,
    changedAt: ticket.updated_at,
    intake: intakeOf({ ticket, group, names }),
    ...(ticket.status === 'deleted' && { isDeleted: true }),
  };
}
