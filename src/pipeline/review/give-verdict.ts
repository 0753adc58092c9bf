import type { ReviewKind, ReviewVerdict } from '../../store/review-kinds.ts';
import type { Holder, ReviewItem } from '../../store/review-store.ts';
import { nameHolder } from '../../store/reviews.ts';
import type { Feedback } from '../../store/store.ts';
import { changeFeedback } from '../learn/apply-feedback.ts';
import { approveExampleWithin, approveWithin } from '../learn/approve.ts';
import { removeExamplesWithin } from '../learn/change-examples.ts';
import { type GivenFeedback, giveWithin, prepareFeedback } from '../learn/give-feedback.ts';
import { undoWithin } from '../learn/undo-feedback.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { countKinds } from './hold-items.ts';
import { assertItem, lockItem, verdictsOf, wrongVerdict } from './review-context.ts';

export type VerdictRequest = {
  readonly id: number;
  readonly holder: Holder;
  readonly verdict: ReviewVerdict;
  /** With `wrong`: what is right. */
  readonly intent?: string | undefined;
  readonly outOfScope?: true | undefined;
  /** With `right` or `wrong`. */
  readonly team?: string | undefined;
  readonly comment?: string | undefined;
  /** With `right` or `wrong`: the ticket moves to where the rules send its intent, unless a person put it where it is. */
  readonly move?: true | undefined;
  /** Kinds of items that this reviewer may decide, to count what remains. */
  readonly kinds: readonly ReviewKind[];
  /** Throws for a kind that this reviewer may not decide. */
  readonly assertKind?: (kind: ReviewKind) => void;
};

export type GivenVerdict = {
  readonly id: number;
  readonly verdict: ReviewVerdict;
  /** The feedback that it gave, approved or rejected. */
  readonly feedbackId: number | null;
  /** The team to which `move` moved the ticket. */
  readonly movedTo: string | null;
  readonly remaining: number;
} & Pick<GivenFeedback, 'hint' | 'moveTo' | 'exampleWaits'>;

type Done = Omit<GivenVerdict, 'id' | 'verdict' | 'remaining'>;
const without: Done = { feedbackId: null, movedTo: null, hint: null, moveTo: null, exampleWaits: null };

/**
 * Stores what a reviewer says of an item, with what follows from it, in one transaction. The same verdict a second time, as
 * after an answer that was lost, changes nothing. Throws NotFoundError, InputError, and ConflictError when the item is done or
 * somebody else holds it.
 */
export async function giveVerdict(context: PipelineContext, request: VerdictRequest): Promise<GivenVerdict> {
  const { store } = context;
  const { id, verdict, kinds } = request;
  const item = assertItem(await store.reviews.get(id), id);
  request.assertKind?.(item.kind);
  const done = (await repeated(context, item, request)) ?? (await decide(context, item, request));
  return { id, verdict, ...done, remaining: await countKinds(store, kinds) };
}

/**
 * What the same verdict did before; null where this is another one. By the same tab, since several people may use one token,
 * and with the same answer: any other one would be lost.
 */
async function repeated(context: PipelineContext, item: ReviewItem, request: VerdictRequest): Promise<Done | null> {
  const { isDone, verdict, holder, ticketId, answerId } = item;
  if (!isDone || verdict !== request.verdict || holder !== nameHolder(request.holder)) return null;
  const done = { ...without, feedbackId: answerId ?? item.feedbackId };
  if ((verdict !== 'right' && verdict !== 'wrong') || ticketId === null) return done;
  const said = (await context.store.feedback.ofTicket(ticketId)).find(({ id }) => id === answerId)?.feedback;
  const moved = { ...done, movedTo: movedBy(said, request) };
  if (verdict === 'right') return moved;
  const { feedback } = prepareFeedback(context, { feedback: correctionOf(request), actor: request.holder.actor });
  const isSame = said?.intent === feedback.intent && said?.outOfScope === feedback.outOfScope;
  return isSame && (said?.team === feedback.team || moved.movedTo !== null) ? moved : null;
}

/** The team of feedback that nobody named: `move` added it. */
const movedBy = (said: Feedback | undefined, { move, team }: VerdictRequest): string | null =>
  move && team === undefined ? (said?.team ?? null) : null;

async function decide(context: PipelineContext, item: ReviewItem, request: VerdictRequest): Promise<Done> {
  assertVerdict(item, request);
  if (request.verdict === 'skip') {
    const { id, holder } = request;
    await context.store.transaction(async (transaction) => {
      await lockItem(transaction, id, holder);
      await transaction.reviews.skip({ id, holder });
    });
    return without;
  }
  const { ticketId, feedbackId, exampleId } = item;
  if (request.verdict === 'right' || request.verdict === 'wrong') return correct(context, item, request);
  if (ticketId !== null && feedbackId !== null) return judge(context, { ticketId, feedbackId }, request);
  if (exampleId === null) throw new TypeError(`the review item ${item.id} is about nothing`);
  return judgeExample(context, exampleId, request);
}

/** Says which intent or team is right for a ticket. */
async function correct(context: PipelineContext, item: ReviewItem, request: VerdictRequest): Promise<Done> {
  const { id, holder, verdict, move: moves } = request;
  const { actor } = holder;
  const feedback = verdict === 'wrong' ? correctionOf(request) : await confirmationOf(context, item, request);
  const prepared = prepareFeedback(context, { feedback, actor });
  return changeFeedback(context, {
    ticketId: item.ticketId ?? '',
    learns: prepared.isCorrection,
    work: async (work) => {
      const { reviews } = work.transaction;
      await lockItem(work.transaction, id, holder);
      const record = ({ id: answerId }: { id: number }) => reviews.finish({ id, verdict, holder, answerId });
      const given = await giveWithin(context, work, { ...prepared, moves, record });
      const { id: feedbackId, hint, moveTo, exampleWaits } = given;
      return { feedbackId, movedTo: movedBy(given.feedback, request), hint, moveTo, exampleWaits };
    },
  });
}

const correctionOf = ({ intent, outOfScope, team, comment }: VerdictRequest): Feedback => ({
  ...(intent !== undefined && { intent }),
  ...(outOfScope && { outOfScope }),
  ...(team !== undefined && { team }),
  ...(comment !== undefined && { comment }),
});

/** What the engine said, as a person's word. Throws InputError when it said nothing. */
async function confirmationOf(
  { store }: PipelineContext,
  { ticketId, revision }: ReviewItem,
  { team, comment }: VerdictRequest,
): Promise<Feedback> {
  const stored = ticketId === null ? null : await store.tickets.get(ticketId);
  const ref = { ticketId: ticketId ?? '', revision: revision ?? stored?.revision ?? 1 };
  const intent = (await store.classifications.get(ref))?.intent ?? null;
  if (intent === null) {
    throw wrongVerdict(
      'verdict',
      'the engine named no intent, so nothing can be right. Say "wrong" and which intent it is.',
    );
  }
  return { intent, ...(team !== undefined && { team }), ...(comment !== undefined && { comment }) };
}

/** Approves or rejects what somebody said of a ticket. */
async function judge(
  context: PipelineContext,
  { ticketId, feedbackId }: { ticketId: string; feedbackId: number },
  { id, holder, verdict }: VerdictRequest,
): Promise<Done> {
  return changeFeedback(context, {
    ticketId,
    learns: true,
    work: async (work) => {
      const { transaction } = work;
      await lockItem(transaction, id, holder);
      const record = () => transaction.reviews.finish({ id, verdict, holder, answerId: null });
      const what = { ticketId, feedbackId, actor: holder.actor, record };
      await (verdict === 'approve' ? approveWithin(work, what) : undoWithin(context, work, what));
      return { ...without, feedbackId };
    },
  });
}

/** Approves or removes an example that no feedback was made of. */
async function judgeExample(
  { store }: PipelineContext,
  exampleId: string,
  { id, holder, verdict }: VerdictRequest,
): Promise<Done> {
  const { actor } = holder;
  await store.transaction(async (transaction) => {
    await transaction.examples.lock([exampleId]);
    await lockItem(transaction, id, holder);
    const record = () => transaction.reviews.finish({ id, verdict, holder, answerId: null });
    if (verdict === 'approve') await approveExampleWithin(transaction, { id: exampleId, actor, record });
    else await removeExamplesWithin(transaction, { ids: [exampleId], actor, record });
  });
  return without;
}

/** Throws InputError for a verdict that does not fit the item. */
function assertVerdict({ id, kind }: ReviewItem, request: VerdictRequest): void {
  const { verdict, intent, outOfScope, team, comment, move } = request;
  const possible = verdictsOf(kind);
  if (!possible.includes(verdict)) {
    throw wrongVerdict(
      'verdict',
      `"${verdict}" cannot be said of the item ${id}, which is of the kind "${kind}". Use one of: ${possible.join(', ')}.`,
    );
  }
  const said = { intent, outOfScope, team, comment, move };
  const allowed: readonly string[] = {
    right: ['team', 'comment', 'move'],
    wrong: Object.keys(said),
    approve: [],
    reject: [],
    skip: [],
  }[verdict];
  for (const [field, value] of Object.entries(said)) {
    if (value !== undefined && !allowed.includes(field)) {
      throw wrongVerdict(field, `it does not go with "${verdict}". Leave it out, or say "wrong".`);
    }
  }
  if (verdict === 'wrong' && intent === undefined && outOfScope === undefined && team === undefined) {
    throw wrongVerdict(
      'verdict',
      '"wrong" needs what is right: an intent, a team, or "outOfScope": true. Say "skip" otherwise.',
    );
  }
}
