// The role that somebody needs to hear of an event: that of the route which shows what the event is about.
import { hasRole, type Role } from '../base/role.ts';
import type { HistoryEvent } from '../store/store.ts';

/** Every event, so that none is forgotten. A test compares them with the roles of the routes. */
export const eventRoles: Readonly<Record<HistoryEvent, Role>> = {
  accepted: 'viewer',
  revised: 'viewer',
  decided: 'viewer',
  delivered: 'viewer',
  'delivery-refused': 'viewer',
  'delivery-skipped': 'viewer',
  'delivery-undone': 'viewer',
  'changed-outside': 'viewer',
  feedback: 'viewer',
  'feedback-approved': 'viewer',
  'feedback-undone': 'viewer',
  'waits-again': 'viewer',
  'webhook-ignored': 'viewer',
  'examples-imported': 'viewer',
  'examples-removed': 'viewer',
  'example-approved': 'viewer',
  'calibration-applied': 'viewer',
  'calibration-dropped': 'viewer',
  'tickets-imported': 'viewer',
  'tickets-erased': 'viewer',

  'user-added': 'lead',
  'user-changed': 'lead',
  'user-invited': 'lead',
  'user-removed': 'lead',
  'password-chosen': 'lead',

  'token-added': 'admin',
  'token-removed': 'admin',
};

export function mayHear(role: Role, event: HistoryEvent): boolean {
  return hasRole(role, eventRoles[event]);
}
