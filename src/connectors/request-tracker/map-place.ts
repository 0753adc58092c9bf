import { isSameName } from '../../base/same-name.ts';
import type { HelpdeskState, Place } from '../../ticket/helpdesk-ticket.ts';
import { NOBODY } from './people.ts';
import type { RtCustomField, RtTicket } from './schemas.ts';

const DELETED = 'deleted';

/** The configured custom fields, by name or id, and the statuses in which nothing is written. */
export type PlaceSettings = {
  readonly intentField?: string | undefined;
  readonly tagsField?: string | undefined;
  readonly closed: readonly string[];
};

/** Finds a custom field by id or name. */
export function findField(ticket: RtTicket, field: string | undefined): RtCustomField | null {
  if (field === undefined) return null;
  const { CustomFields: fields } = ticket;
  return fields.find(({ id }) => id === field) ?? fields.find(({ name }) => isSameName(name, field)) ?? null;
}

/** The values of a custom field that are text. */
export const valuesOf = (field: RtCustomField | null): string[] =>
  (field?.values ?? []).filter((value) => typeof value === 'string' && value !== '') as string[];

/** The first value of a custom field by id or name; null when it is empty, or there is none. */
export const valueIn = (ticket: RtTicket, field: string): string | null =>
  valuesOf(findField(ticket, field))[0] ?? null;

export function mapPlace(ticket: RtTicket, settings: PlaceSettings): Place {
  return {
    group: ticket.Queue.id,
    assignee: mapOwner(ticket.Owner.id),
    status: ticket.Status,
    priority: ticket.Priority,
    tags: valuesOf(findField(ticket, settings.tagsField)),
    intent: valuesOf(findField(ticket, settings.intentField))[0] ?? null,
  };
}

export const mapOwner = (name: string): string | null => (name === NOBODY || name === '' ? null : name);

export function mapState(ticket: RtTicket, { closed }: PlaceSettings): HelpdeskState {
  if (ticket.Status === DELETED) return 'deleted';
  return closed.some((status) => isSameName(status, ticket.Status)) ? 'closed' : 'open';
}
