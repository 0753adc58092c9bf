import type { Actor } from '../../base/actor.ts';
import { nameActor } from '../../base/actor.ts';
import { type Saying, say } from '../../base/say.ts';
import { suggest } from '../../base/schema-problems.ts';
import { InputError } from '../../errors.ts';
import type { Feedback, NewHistoryEntry, StoredFeedback, StoreTransaction } from '../../store/store.ts';
import { explainWrongLeaf, resolveLeaf } from '../../taxonomy/resolve-intent.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { applyFeedback, changeFeedback, type FeedbackWork, isMoveQuestion, reviewPolicy } from './apply-feedback.ts';
import { askOfMove } from './ask-of-move.ts';
import { labelOf } from './feedback-example.ts';
import { addTeamByRules, hintAtMove, type MoveHint } from './hint-at-move.ts';
import { isSamePerson } from './is-same-person.ts';

/** Feedback as it was stored, what it did not do, and why. */
export type GivenFeedback = StoredFeedback &
  MoveHint & {
    /** Why the example that was made of a correction waits for a review; null where none was made or it is learned. */
    readonly exampleWaits: string | null;
    /** Why the feedback or its example waits, as facts. */
    readonly waitsFacts?: Saying['facts'] | undefined;
  };

export type FeedbackRequest = {
  readonly ticketId: string;
  readonly feedback: Feedback;
  readonly actor: Actor;
};

const HOUR_MS = 3_600_000;

/**
 * Stores a person's feedback on a decision. A team moves the ticket to that team, and an intent makes an example of the
 * ticket; so does `outOfScope`, by which tickets with the same words go to nobody.
 * Feedback that contradicts another person waits for a review and has no effect until then. Throws
 * NotFoundError for an unknown ticket, and InputError for an unknown intent or team, a wrong rating or empty feedback.
 */
export async function giveFeedback(context: PipelineContext, request: FeedbackRequest): Promise<GivenFeedback> {
  const given = await giveFeedbackOnce(context, { ...request, isNew: async () => true });
  if (given === null) throw new TypeError('feedback that is new was not given');
  return given;
}

/**
 * The same for feedback that may have been given before: `isNew` runs first in the same transaction, and when it returns
 * false nothing more happens, and null is returned.
 */
export async function giveFeedbackOnce(
  context: PipelineContext,
  request: FeedbackRequest & { readonly isNew: (transaction: StoreTransaction) => Promise<boolean> },
): Promise<GivenFeedback | null> {
  const { ticketId, isNew, ...given } = request;
  const prepared = prepareFeedback(context, given);
  return changeFeedback(context, {
    ticketId,
    learns: prepared.isCorrection,
    work: async (work) => {
      if (!(await isNew(work.transaction))) return null;
      return giveWithin(context, work, { ...prepared, record: (entry) => askOfMove(context, work, entry) });
    },
  });
}

/** Feedback that may be stored. */
export type PreparedFeedback = Pick<FeedbackRequest, 'feedback' | 'actor'> & { readonly isCorrection: boolean };

/** Throws InputError for an unknown intent or team, a wrong rating or empty feedback. */
export function prepareFeedback(
  context: PipelineContext,
  request: Pick<FeedbackRequest, 'feedback' | 'actor'>,
): PreparedFeedback {
  assertFeedback(context, request.feedback);
  const feedback = withPresentIntent(context, request.feedback);
  return { ...request, feedback, isCorrection: labelOf(feedback) !== undefined };
}

/**
 * Gives feedback within a transaction; `record` runs before history is written, which others wait for. With `moves`, a said
 * intent also moves the ticket to where the rules send its like, unless a person put it where it is or the feedback waits.
 */
export async function giveWithin(
  context: PipelineContext,
  work: FeedbackWork,
  request: PreparedFeedback & {
    readonly moves?: boolean | undefined;
    readonly record?: (entry: StoredFeedback) => Promise<void>;
  },
): Promise<GivenFeedback> {
  const { transaction, stored } = work;
  const { feedback: said, actor, isCorrection, moves = false, record } = request;
  const ticketId = stored.id;
  const contradiction = await findContradiction({ feedback: said, actor, work, context });
  const feedback = moves && contradiction === null ? addTeamByRules(context, { feedback: said, actor, work }) : said;
  const heldBack = !isCorrection ? null : await holdBack(context, { transaction, actor });
  const entry = await transaction.feedback.add({
    ticketId,
    revision: stored.revision,
    feedback,
    actor,
    state: contradiction === null ? 'applied' : 'waiting',
    why: contradiction?.text ?? null,
  });
  if (isCorrection) await answerMoves(work);
  const waits = contradiction ?? heldBack ?? reviewPolicy(context.learning);
  await applyFeedback(work, { entry, exampleWaits: waits?.text ?? null });
  await record?.(entry);
  await transaction.history.append([describeEntry(entry, isCorrection ? waits : contradiction)]);
  if (heldBack !== null) context.logger.warn({ actor, ticketId }, `a correction waits for a review: ${heldBack.text}`);
  return {
    ...entry,
    ...hintAtMove(context, { entry, work }),
    exampleWaits: isCorrection ? (waits?.text ?? null) : null,
    waitsFacts: (isCorrection ? waits : contradiction)?.facts,
  };
}

/** Somebody says which intent it is, so the moves in the helpdesk that asked for it wait no longer. */
async function answerMoves({ transaction, feedback }: FeedbackWork): Promise<void> {
  for (const entry of feedback) {
    if (entry.state === 'waiting' && isMoveQuestion(entry)) await transaction.feedback.apply(entry.id);
  }
}

/** Replaces a former id of an intent (`aliases`) by its present id. */
function withPresentIntent({ taxonomy }: PipelineContext, feedback: Feedback): Feedback {
  if (feedback.intent === undefined) return feedback;
  return { ...feedback, intent: resolveLeaf(taxonomy, feedback.intent) ?? feedback.intent };
}

/** Returns which applied feedback of another person this feedback contradicts; null when there is none. */
async function findContradiction(options: {
  feedback: Feedback;
  actor: Actor;
  work: FeedbackWork;
  context: PipelineContext;
}): Promise<Saying | null> {
  const { feedback, actor, work, context } = options;
  const isOwn = (other: StoredFeedback) =>
    isSamePerson({ ...other, by: other.feedback.by }, { actor, by: feedback.by });
  const learned = await work.transaction.examples.ofTicket(work.stored.id);
  const kinds = [
    {
      read: labelOf,
      isInEffect: ({ id }: StoredFeedback) => learned.some(({ feedbackId }) => feedbackId === id),
      describe: (who: string, intent: string | null | undefined) =>
        typeof intent === 'string'
          ? say('waits.other-intent', `${who} named the intent "${intent}" before`, { who, intent })
          : say('waits.belongs-to-nobody', `${who} said that it belongs to nobody before`, { who }),
    },
    {
      read: ({ team }: Feedback) => team,
      isInEffect: (other: StoredFeedback) => other.feedback.team === work.assignment?.team,
      describe: (who: string, team: string | null | undefined) =>
        say('waits.other-team', `${who} named the team "${team}" before`, { who, team: team ?? '' }),
    },
  ];
  for (const { read, isInEffect, describe } of kinds) {
    const before = work.feedback.filter(
      (other) => other.state === 'applied' && read(other.feedback) !== undefined && !isMoveQuestion(other),
    );
    // What is in effect is not always the newest: older feedback may have been approved later.
    const said = before.findLast(isInEffect) ?? before.at(-1);
    if (said === undefined || read(feedback) === undefined || isOwn(said)) continue;
    if (read(withPresentIntent(context, said.feedback)) === read(feedback)) continue;
    return describe(nameOf(said), read(said.feedback));
  }
  return null;
}

/**
 * Returns why this correction waits for a review, or null: many corrections of one actor in a short time may be a
 * mistake or an attack, so another person should check them.
 */
async function holdBack(
  { learning, now }: PipelineContext,
  { transaction, actor }: { transaction: StoreTransaction; actor: Actor },
): Promise<Saying | null> {
  const since = new Date(now().getTime() - HOUR_MS);
  const corrections = await transaction.feedback.countCorrections({ actor, since });
  if (corrections < learning.maxCorrectionsPerHour) return null;
  const { maxCorrectionsPerHour: count } = learning;
  return say('waits.many-corrections', `more than ${count} corrections of one actor in an hour`, { count });
}

/** The display name that was given with the feedback, else the name of the actor. */
export function nameOf({ feedback, actor }: Pick<StoredFeedback, 'feedback' | 'actor'>): string {
  return feedback.by ?? nameActor(actor);
}

function assertFeedback(context: PipelineContext, { intent, outOfScope, team, rating, comment }: Feedback): void {
  const issues: { path: string; message: string }[] = [];
  if ([intent, outOfScope, team, rating, comment].every((value) => value === undefined)) {
    issues.push({ path: '', message: 'it is empty. Give an intent, a team, a rating or a comment.' });
  }
  if (intent !== undefined && outOfScope) {
    issues.push({ path: 'outOfScope', message: 'a ticket with an intent is not out of scope. Give one of the two.' });
  }
  const wrongIntent = intent === undefined ? null : explainWrongLeaf(context.taxonomy, intent);
  if (wrongIntent !== null) issues.push({ path: 'intent', message: `${wrongIntent.message}. ${wrongIntent.cure}` });
  const teams = [...new Set([context.routing.triageTeam, ...context.routing.teams.map(({ id }) => id)])];
  if (team !== undefined && !teams.includes(team)) {
    const cure = suggest(team, teams) ?? `Use one of: ${teams.join(', ')}.`;
    issues.push({ path: 'team', message: `there is no team "${team}". ${cure}` });
  }
  if (rating !== undefined && !(Number.isInteger(rating) && rating >= 1 && rating <= 5)) {
    issues.push({ path: 'rating', message: `${rating} is not a whole number from 1 to 5.` });
  }
  if (issues.length === 0) return;
  const list = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join(' ');
  throw new InputError({ message: `This feedback cannot be stored: ${list}`, issues });
}

function describeEntry(entry: StoredFeedback, waits: Saying | null): NewHistoryEntry {
  const { id, ticketId, actor, feedback } = entry;
  const { intent, outOfScope, team, rating, comment } = feedback;
  const waitsBecause = waits?.text ?? null;
  const said = [
    intent === undefined ? null : `right intent ${intent}`,
    outOfScope ? 'belongs to nobody' : null,
    team === undefined ? null : `right team ${team}`,
    rating === undefined ? null : `explanation rated ${rating} of 5`,
    comment === undefined ? null : `comment: ${comment}`,
    waitsBecause === null ? null : `waits for a review (${waitsBecause})`,
  ];
  return {
    ticketId,
    event: 'feedback',
    by: nameOf(entry),
    actor,
    detail: said.filter((part) => part !== null).join(', '),
    facts: { feedbackId: id, intent, outOfScope, team, rating, comment, waitsBecause, waitsFacts: waits?.facts },
  };
}
