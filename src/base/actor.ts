import { z } from 'zod';

export const actorKinds = ['user', 'token', 'connector', 'system'] as const;

/**
 * Who did something: a user who signed in, a program with a token, a connector (whatever its helpdesk reports), or
 * Switchboard itself. Set where a request comes in, never taken from its body.
 */
export const actorSchema = z.object({
  kind: z.enum(actorKinds),
  /** The user's id, the token's name, the connector's name, or the part of Switchboard. */
  id: z.string().min(1).max(200),
});
export type Actor = z.infer<typeof actorSchema>;

/** Switchboard itself. */
export const systemActor: Actor = { kind: 'system', id: 'switchboard' };

export function isSameActor(a: Actor, b: Actor): boolean {
  return a.kind === b.kind && a.id === b.id;
}

/** True for a person, or a program that acts for one: what they set overrides a decision. */
export function isPerson({ kind }: Actor): boolean {
  return kind === 'user' || kind === 'token';
}

/** The actor's name for people: `ana`, `token api`. */
export const nameActor = ({ kind, id }: Actor): string => (kind === 'user' ? id : `${kind} ${id}`);
