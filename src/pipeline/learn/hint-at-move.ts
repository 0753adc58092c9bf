import type { Actor } from '../../base/actor.ts';
import type { Feedback, StoredFeedback, StoredTicket, TicketRecord } from '../../store/store.ts';
import { resolveLeaf } from '../../taxonomy/resolve-intent.ts';
import { isKept } from '../keep-assignment.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { routeTicket } from '../route-ticket.ts';
import type { FeedbackWork } from './apply-feedback.ts';
import { classifyByCorrection } from './correct-twins.ts';
import { labelOf } from './feedback-example.ts';

/** `moveTo` is where the rules would send tickets like it; `hint` says so to people. Both null where it is there already. */
export type MoveHint = { readonly hint: string | null; readonly moveTo: string | null };

const noMove: MoveHint = { hint: null, moveTo: null };

/**
 * Says that a corrected ticket stays with its team where the rules would send its like elsewhere. A correction teaches, and
 * moves nothing by itself: somebody may be working on the ticket.
 */
export function hintAtMove(
  context: PipelineContext,
  { entry, work }: { entry: StoredFeedback; work: FeedbackWork },
): MoveHint {
  if (entry.state !== 'applied' || work.assignment === null) return noMove;
  const { team: present } = work.assignment;
  const team = findOtherTeam(context, { ...entry, work });
  if (team === null) return noMove;
  const hint = `The ticket stays with the team "${present}": a corrected intent teaches the engines and moves no ticket. To move it to where the rules send its like, send {"team": "${team}"}.`;
  return { hint, moveTo: team };
}

/** Adds the team to which the rules send tickets of this intent, where the ticket lies elsewhere and no person put it there. */
export function addTeamByRules(context: PipelineContext, said: Said): Feedback {
  const team = isKept(said.work.assignment) ? null : findOtherTeam(context, said);
  return team === null ? said.feedback : { ...said.feedback, team };
}

/**
 * Where the rules send the intent that people said of a ticket last, while it lies where a decision put it; null where it is there
 * already, a person put it where it is, or nobody said an intent that the taxonomy still has.
 */
export function findMove(context: PipelineContext, record: TicketRecord): string | null {
  const { feedback, assignment, ticket, connector } = record;
  const said = feedback.findLast((entry) => entry.state === 'applied' && labelOf(entry.feedback) !== undefined);
  if (said === undefined || isKept(assignment)) return null;
  const { intent, outOfScope, team } = said.feedback;
  if (team !== undefined) return null;
  if (intent !== undefined && resolveLeaf(context.taxonomy, intent) !== intent) return null;
  const label = { ...(intent !== undefined && { intent }), ...(outOfScope && { outOfScope }) };
  return findOtherTeam(context, {
    feedback: label,
    actor: said.actor,
    work: { stored: { ticket, connector }, assignment },
  });
}

type Said = {
  readonly feedback: Feedback;
  readonly actor: Actor;
  readonly work: Pick<FeedbackWork, 'assignment'> & { readonly stored: Pick<StoredTicket, 'ticket' | 'connector'> };
};

/** Where the rules send tickets like it; null where it is there already, nobody decided of it, or the feedback names a team. */
function findOtherTeam(context: PipelineContext, { feedback, actor, work }: Said): string | null {
  const label = labelOf(feedback);
  if (label === undefined || feedback.team !== undefined || work.assignment === null) return null;
  const { ticket, connector } = work.stored;
  const correction = {
    intent: label,
    exampleId: '',
    at: context.now().toISOString(),
    actor,
    by: null,
    state: 'active',
    wordsHash: '',
    ticketId: ticket.id,
  } as const;
  const read = { urgency: null, sentiment: null, language: null };
  const classification = classifyByCorrection({ ...correction, ...read }, { ticket, taxonomy: context.taxonomy });
  const { team } = routeTicket(context, { ticket, connector, classification });
  return team === work.assignment.team ? null : team;
}
