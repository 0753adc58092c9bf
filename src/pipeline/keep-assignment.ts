import { isPerson, nameActor } from '../base/actor.ts';
import { type Saying, say, verbatim } from '../base/say.ts';
import type { Decision } from '../routing/decision.ts';
import { KEPT_RULE } from '../routing/own-rules.ts';
import type { Assignment, StoreEntities } from '../store/store.ts';

/** True when a decision must not move the ticket, because a person assigned it by feedback or in the helpdesk. */
export function isKept(assignment: Assignment | null | undefined): assignment is Assignment {
  return (
    assignment !== null && assignment !== undefined && (isPerson(assignment.by) || assignment.cause === 'helpdesk')
  );
}

/** Changes a decision so that the ticket stays with its team. `who` names the person who assigned it. */
export function keepAssignment(options: { decision: Decision; assignment: Assignment; who: Saying }): Decision {
  const { decision, assignment, who } = options;
  const { team, assignee } = assignment;
  const text = `It stays with the team "${team}" because ${who.text} assigned it there; a decision does not change that.`;
  return {
    ...decision,
    team,
    assignee: assignee ?? (decision.team === team ? decision.assignee : null),
    rule: KEPT_RULE,
    because: text,
    becauseFacts: say('route.kept', text, { team, who }).facts,
  };
}

/** Says who assigned the ticket: the display name of the feedback, or else what is known. */
export async function nameMover(
  { feedback }: Pick<StoreEntities, 'feedback'>,
  options: { ticketId: string; assignment: Assignment },
): Promise<Saying> {
  const { ticketId, assignment } = options;
  const { by, cause } = assignment;
  if (cause === 'helpdesk') return say('delivery.somebody', `somebody in ${by.id}`, { connector: by.id });
  const move = (await feedback.ofTicket(ticketId)).findLast(
    ({ state, feedback: { team } }) => state === 'applied' && team !== undefined,
  );
  return verbatim(move?.feedback.by ?? nameActor(by));
}
