import { type Actor, nameActor } from '../base/actor.ts';
import type { Role } from '../base/role.ts';

type UserEvent = 'user-added' | 'user-changed' | 'user-invited' | 'user-removed' | 'password-chosen';
type TokenEvent = 'token-added' | 'token-removed';
type Facts = { readonly actor: Actor; readonly role: Role; readonly detail: string };

/** A history entry about a user. */
export function userEntry<Event extends UserEvent>(event: Event, { actor, id, role, detail }: Facts & { id: string }) {
  return { ticketId: null, event, by: nameActor(actor), actor, detail, facts: { user: id, role } };
}

/** A history entry about a token, which never has its secret. */
export function tokenEntry<Event extends TokenEvent>(
  event: Event,
  { actor, name, role, detail }: Facts & { name: string },
) {
  return { ticketId: null, event, by: nameActor(actor), actor, detail, facts: { token: name, role } };
}
