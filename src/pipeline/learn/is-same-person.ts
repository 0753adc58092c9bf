import { type Actor, isSameActor } from '../../base/actor.ts';

/** Who said something: the actor, and the name that was given with it, because several people may use one token. */
export type Speaker = { readonly actor: Actor | null; readonly by: string | null | undefined };

/**
 * Whether two corrections are by one person, who may correct himself. Of one actor, only two different names are two
 * people: a name that was left out once proves nobody else.
 */
export function isSamePerson(one: Speaker, other: Speaker): boolean {
  if (one.actor === null || other.actor === null || !isSameActor(one.actor, other.actor)) return false;
  const [first, second] = [plain(one.by), plain(other.by)];
  return first === '' || second === '' || first === second;
}

const plain = (name: string | null | undefined) => (name ?? '').trim().toLowerCase();
