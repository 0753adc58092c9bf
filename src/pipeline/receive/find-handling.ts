import { type Saying, say } from '../../base/say.ts';
import type { Handling } from '../../store/store.ts';
import type { HelpdeskTicket, OutsideChange } from '../../ticket/helpdesk-ticket.ts';

/**
 * Returns what an agent did with a ticket first: moved it to another group, took it, or answered the customer; null while
 * no agent has. A change by a trigger, a form or a default group, and what we wrote ourselves, is nobody's. An agent who
 * gives a ticket back (no assignee, or the group from before) has still looked at it.
 */
export function findHandling({ changes, messages }: Pick<HelpdeskTicket, 'changes' | 'messages'>): Handling | null {
  const done: Handling[] = [
    ...changes.filter(isByAgent).flatMap(({ field, to, by, at }): Handling[] => {
      if (field === 'group') return [{ how: 'moved', by, at }];
      return field === 'assignee' && to !== null ? [{ how: 'taken', by, at }] : [];
    }),
    // The first message is the ticket itself, which an agent may have written down for a customer.
    ...messages.slice(1).flatMap(({ from, isPublic, author, at }): Handling[] => {
      if (from !== 'agent' || !isPublic) return [];
      const name = author === null ? {} : { name: author };
      return [{ how: 'answered', by: { kind: 'agent', id: author ?? 'agent', ...name }, at }];
    }),
  ];
  return done.reduce<Handling | null>((first, next) => (first === null || next.at < first.at ? next : first), null);
}

export const isByAgent = ({ by }: Pick<OutsideChange, 'by'>): boolean => by.kind === 'agent';

/** For people: `Ana moved the ticket`. */
export function describeHandling({ how, by }: Handling): Saying {
  const did = handled[how];
  return by.name === undefined
    ? say('delivery.handled', `an agent ${did.text} the ticket`, { did })
    : say('delivery.handled-by', `${by.name} ${did.text} the ticket`, { who: by.name, did });
}

const handled: Readonly<Record<Handling['how'], Saying>> = {
  moved: say('handled.moved', 'moved'),
  taken: say('handled.taken', 'took'),
  answered: say('handled.answered', 'answered'),
};
