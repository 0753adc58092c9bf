import { isPerson } from '../base/actor.ts';
import type { Decision } from '../routing/decision.ts';
import type { Assignment, StoreEntities } from '../store/store.ts';

/** Whether a decision must leave the ticket where it is: somebody put it there, here or in the helpdesk. */
export function isKept(assignment: Assignment | null | undefined): assignment is Assignment {
  return (
    assignment !== null && assignment !== undefined && (isPerson(assignment.by) || assignment.cause === 'helpdesk')
  );
}

/** The decision on a ticket that stays where somebody put it. */
export function keepAssignment(options: { decision: Decision; assignment: Assignment; who: string }): Decision {
  const { decision, assignment, who } = options;
  const { team, assignee } = assignment;
  return {
    ...decision,
    team,
    assignee: assignee ?? (decision.team === team ? decision.assignee : null),
    rule: 'moved',
    because: `It stays with the team "${team}", where ${who} put it; a decision does not change that.`,
  };
}

/** The name of whoever put the ticket where it is: the one that was given with the feedback, else what is known. */
export async function nameMover(
  { feedback }: Pick<StoreEntities, 'feedback'>,
  options: { ticketId: string; assignment: Assignment },
): Promise<string> {
  const { ticketId, assignment } = options;
  const { by, cause } = assignment;
  if (cause === 'helpdesk') return `somebody in ${by.id}`;
  const move = (await feedback.ofTicket(ticketId)).findLast(
    ({ state, feedback: { team } }) => state === 'applied' && team !== undefined,
  );
  return move?.feedback.by ?? (by.kind === 'user' ? by.id : 'a person');
}
