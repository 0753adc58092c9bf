import { systemActor } from '../../base/actor.ts';
import { NotFoundError } from '../../errors.ts';
import type { StoredFeedback, StoredTicket, StoreTransaction } from '../../store/store.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { routeTicket } from '../route-ticket.ts';
import { createFeedbackExample, type ExampleWords, readExampleWords } from './feedback-example.ts';

/** Everything about one ticket that a change of its feedback needs; nobody else changes where it is meanwhile. */
export type FeedbackWork = {
  readonly transaction: StoreTransaction;
  readonly stored: StoredTicket;
  /** Null where nothing is learned. */
  readonly words: ExampleWords | null;
  /** Oldest first. */
  readonly feedback: readonly StoredFeedback[];
};

/** Runs `work` in one transaction with the ticket held. Throws NotFoundError when there is no such ticket. */
export async function changeFeedback<Result>(
  context: Pick<PipelineContext, 'store' | 'redaction'>,
  options: {
    ticketId: string;
    /** Whether an example may come of it: redacting a long ticket for nothing would take a while. */
    learns: boolean;
    work: (work: FeedbackWork) => Promise<Result>;
  },
): Promise<Result> {
  const { store, redaction } = context;
  const { ticketId, learns, work } = options;
  const seen = await store.tickets.get(ticketId);
  if (seen === null) throw new NotFoundError(`There is no ticket "${ticketId}".`);
  const words = learns ? await readExampleWords(seen, { redaction }) : null;
  return store.transaction(async (transaction) => {
    await transaction.assignments.lock([ticketId]);
    const stored = await transaction.tickets.get(ticketId);
    if (stored === null) throw new NotFoundError(`There is no ticket "${ticketId}".`);
    return work({
      transaction,
      stored,
      // The helpdesk may have sent other content in between.
      words:
        words === null || stored.revision === words.revision ? words : await readExampleWords(stored, { redaction }),
      feedback: await transaction.feedback.ofTicket(ticketId),
    });
  });
}

/**
 * What follows from one feedback: the ticket's assignment, and an example, which waits for a review when `exampleWaits`
 * says why. An example that becomes active takes the place of what was learned from the ticket before.
 */
export async function applyFeedback(
  { transaction, words }: Pick<FeedbackWork, 'transaction' | 'words'>,
  options: { entry: StoredFeedback; exampleWaits: string | null },
): Promise<void> {
  const { entry, exampleWaits } = options;
  const { ticketId, actor } = entry;
  const { intent, team } = entry.feedback;
  if (team !== undefined && entry.state === 'applied') {
    await transaction.assignments.saveMany([{ ticketId, team, assignee: null, by: actor, cause: 'feedback' }]);
  }
  if (intent === undefined) return;
  if (words === null) throw new TypeError('an example needs the words of its ticket');
  const example = createFeedbackExample({ words, entry, intent });
  const state = exampleWaits === null ? 'active' : 'waiting';
  if (state === 'active') {
    // One ticket teaches one intent.
    const before = await transaction.examples.ofTicket(ticketId);
    await transaction.examples.remove(
      before.map(({ example: { id } }) => id).filter((id) => id !== example.example.id),
    );
  }
  await transaction.examples.upsert([{ ...example, state, why: exampleWaits }]);
}

/** Why every correction waits for a review; null where they are learned at once. */
export function reviewPolicy({ feedback }: PipelineContext['learning']): string | null {
  return feedback === 'review' ? 'corrections wait for a review, as configured' : null;
}

/** Moves the ticket once a feedback is undone: to where the last valid feedback put it, else to the decided team. */
export async function restoreAssignment(context: PipelineContext, work: FeedbackWork): Promise<void> {
  const { transaction, stored } = work;
  const ticketId = stored.id;
  const move = work.feedback.findLast(({ state, feedback }) => state === 'applied' && feedback.team !== undefined);
  if (move?.feedback.team !== undefined) {
    const { team } = move.feedback;
    await transaction.assignments.saveMany([{ ticketId, team, assignee: null, by: move.actor, cause: 'feedback' }]);
    return;
  }
  const classification = await transaction.classifications.get({ ticketId, revision: stored.revision });
  if (classification === null) {
    await transaction.assignments.remove(ticketId);
    return;
  }
  // The stored decision may have left the ticket where that person had put it.
  const { ticket, connector } = stored;
  const { team, assignee } = routeTicket(context, { ticket, connector, classification });
  await transaction.assignments.saveMany([{ ticketId, team, assignee, by: systemActor, cause: 'decision' }]);
}
