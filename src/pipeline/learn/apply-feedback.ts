import { type Actor, systemActor } from '../../base/actor.ts';
import { type Saying, say } from '../../base/say.ts';
import { NotFoundError } from '../../errors.ts';
import { isDeadlock } from '../../store/database-error.ts';
import type {
  Assignment,
  AssignmentCause,
  StoredExample,
  StoredFeedback,
  StoredTicket,
  StoreTransaction,
} from '../../store/store.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { routeTicket } from '../route-ticket.ts';
import { createFeedbackExample, type ExampleWords, labelOf, readExampleWords } from './feedback-example.ts';

/**
 * What a change of a ticket's feedback works with. The transaction has locked the ticket, then all its examples: what else it
 * changes (items of the review, how many examples an intent has) is locked after them, by everybody.
 */
export type FeedbackWork = {
  readonly transaction: StoreTransaction;
  readonly stored: StoredTicket;
  /** The ticket's text for an example; null when no example is made. */
  readonly words: ExampleWords | null;
  /** Oldest first. */
  readonly feedback: readonly StoredFeedback[];
  /** The examples that were made of it before, active and waiting. */
  readonly examples: readonly StoredExample[];
  /** Where the ticket is; null when it was never assigned. */
  readonly assignment: Assignment | null;
};

/** The first examples of two intents may still be counted in opposite orders. */
const MAX_TRIES = 5;

/**
 * Runs `work` in one transaction with the ticket locked; once more, from its start, after a deadlock. Throws NotFoundError when
 * there is no such ticket.
 */
export async function changeFeedback<Result>(
  context: Pick<PipelineContext, 'store' | 'redaction'>,
  options: {
    ticketId: string;
    /** Whether `work` may make an example. That needs the ticket's redacted text, which takes a while for a long one. */
    learns: boolean;
    work: (work: FeedbackWork) => Promise<Result>;
  },
): Promise<Result> {
  const { store, redaction } = context;
  const { ticketId, learns, work } = options;
  const seen = await store.tickets.get(ticketId);
  if (seen === null) throw new NotFoundError(`There is no ticket "${ticketId}". GET /v1/tickets lists the tickets.`);
  const words = learns ? await readExampleWords(seen, { redaction }) : null;
  const change = async (transaction: StoreTransaction): Promise<Result> => {
    await transaction.tickets.lock([ticketId]);
    const [stored, assignment, feedback, examples] = await transaction.together(
      () => transaction.tickets.get(ticketId),
      () => transaction.assignments.get(ticketId),
      () => transaction.feedback.ofTicket(ticketId),
      () => transaction.examples.lockOfTicket(ticketId),
    );
    if (stored === null)
      throw new NotFoundError(`There is no ticket "${ticketId}". GET /v1/tickets lists the tickets.`);
    return work({
      transaction,
      stored,
      // The helpdesk may have sent other content since the text was read, or another ticket may have the id by now.
      words:
        words === null || (stored.revision === seen.revision && stored.contentHash === seen.contentHash)
          ? words
          : await readExampleWords(stored, { redaction }),
      feedback,
      examples,
      assignment,
    });
  };
  for (let tries = 1; ; tries += 1) {
    try {
      return await store.transaction(change);
    } catch (error) {
      if (tries === MAX_TRIES || !isDeadlock(error)) throw error;
    }
  }
}

/**
 * Applies one feedback: assigns the ticket to its team, and makes an example of its intent, or of a ticket that has none. The example waits for a
 * review when `exampleWaits` gives a reason. An active example replaces earlier examples of the same ticket.
 */
export async function applyFeedback(
  { transaction, words }: Pick<FeedbackWork, 'transaction' | 'words'>,
  options: { entry: StoredFeedback; exampleWaits: string | null },
): Promise<void> {
  const { entry, exampleWaits } = options;
  const { ticketId, actor } = entry;
  const { team } = entry.feedback;
  const intent = labelOf(entry.feedback);
  if (team !== undefined && entry.state === 'applied') {
    await transaction.assignments.saveMany([{ ticketId, team, assignee: null, by: actor, cause: causeOf(actor) }]);
  }
  if (intent === undefined) return;
  if (words === null) throw new TypeError('applyFeedback() needs words to make an example');
  const example = createFeedbackExample({ words, entry, intent });
  const state = exampleWaits === null ? 'active' : 'waiting';
  if (state === 'active') {
    // One ticket teaches one intent.
    const before = (await transaction.examples.ofTicket(ticketId)).filter(
      ({ example: { id } }) => id !== example.example.id,
    );
    if (before.length > 0) {
      const changed = [example, ...before].map(({ source, example: { intent: its } }) => ({ source, intent: its }));
      await transaction.examples.lockCounts(changed);
      await transaction.examples.remove(before.map(({ example: { id } }) => id));
    }
  }
  await transaction.examples.upsert([{ ...example, state, why: exampleWaits }]);
}

/** What a helpdesk reports was done by somebody there, and stands above a decision like what a person says here. */
const causeOf = ({ kind }: Actor): AssignmentCause => (kind === 'connector' ? 'helpdesk' : 'feedback');

/** That somebody moved a ticket in its helpdesk, and did not say which intent it was. */
export const isMoveQuestion = ({ feedback, actor }: Pick<StoredFeedback, 'feedback' | 'actor'>): boolean =>
  actor.kind === 'connector' && labelOf(feedback) === undefined;

/** Returns why every correction waits for a review, or null when corrections are learned at once. */
export function reviewPolicy({ feedback }: PipelineContext['learning']): Saying | null {
  return feedback === 'review'
    ? say('waits.policy', 'corrections wait for a review (learning.feedback: review)')
    : null;
}

/** Assigns the ticket after a feedback was undone: to the team of the last valid feedback, else to the decided team. */
export async function restoreAssignment(context: PipelineContext, work: FeedbackWork): Promise<void> {
  const { transaction, stored } = work;
  const ticketId = stored.id;
  const move = work.feedback.findLast(({ state, feedback }) => state === 'applied' && feedback.team !== undefined);
  if (move?.feedback.team !== undefined) {
    const { team } = move.feedback;
    const { actor } = move;
    await transaction.assignments.saveMany([{ ticketId, team, assignee: null, by: actor, cause: causeOf(actor) }]);
    return;
  }
  const classification = await transaction.classifications.get({ ticketId, revision: stored.revision });
  if (classification === null) {
    await transaction.assignments.remove(ticketId);
    return;
  }
  // Routed again, because the stored decision may have kept the ticket with the team of the undone feedback.
  const { ticket, connector } = stored;
  const { team, assignee } = routeTicket(context, { ticket, connector, classification });
  await transaction.assignments.saveMany([{ ticketId, team, assignee, by: systemActor, cause: 'decision' }]);
}
