import { count } from '../base/plural.ts';
import { codeOf, explainFailure } from '../base/safe-error.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
import { InputError, NotFoundError } from '../errors.ts';
import type { ExampleChanges, Feedback, StoredFeedback } from '../store/store.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { PipelineContext } from './pipeline-context.ts';

/**
 * Stores what a person says of a decision. A right intent becomes an example, which the engine learns soon after.
 * Throws NotFoundError for an unknown ticket, InputError for an intent or a team that is not there.
 */
export async function giveFeedback(
  context: PipelineContext,
  request: { ticketId: string; feedback: Feedback },
): Promise<StoredFeedback> {
  const { ticketId, feedback } = request;
  assertFeedback(context, feedback);
  const stored = await context.store.tickets.get(ticketId);
  if (stored === null) throw new NotFoundError(`There is no ticket "${ticketId}".`);
  const example =
    feedback.intent === undefined ? null : createFeedbackExample({ ticket: stored.ticket, intent: feedback.intent });

  const saved = await context.store.transaction(async (transaction) => {
    const entry = await transaction.feedback.add({ ticketId, revision: stored.revision }, feedback);
    if (example !== null) await transaction.examples.upsert([{ example, source: 'feedback' }]);
    await transaction.history.append([
      { ticketId, event: 'feedback', by: feedback.by ?? 'a person', detail: describeFeedback(feedback) },
    ]);
    return entry;
  });
  if (example !== null) learnInBackground(context, [example]);
  return saved;
}

/** Stores labelled tickets as imported examples; the engine learns them soon after. Throws InputError that names every wrong intent. */
export async function importExamples(context: PipelineContext, examples: readonly Example[]): Promise<ExampleChanges> {
  const leaves = new Set(context.taxonomy.leaves.map((leaf) => leaf.id));
  const wrong = examples.flatMap(({ id, intent }, index) =>
    leaves.has(intent)
      ? []
      : [{ path: `[${index}].intent`, message: `example "${id}": "${intent}" is not a leaf of the taxonomy` }],
  );
  if (wrong.length > 0) {
    throw new InputError({
      message: `${wrong.length} of ${count(examples.length, 'example')} ${wrong.length === 1 ? 'names' : 'name'} an intent that is not a leaf of the taxonomy. Nothing was imported; correct them and import again.`,
      issues: wrong,
    });
  }
  const changes = await context.store.transaction((transaction) =>
    transaction.examples.upsert(examples.map((example) => ({ example, source: 'import' as const }))),
  );
  learnInBackground(context, examples);
  return changes;
}

/** What is committed needs no wait for an embedder, which may take a minute. The engine learns it soon after. */
function learnInBackground({ learn, logger }: PipelineContext, examples: readonly Example[]): void {
  learn(examples).catch((error: unknown) => {
    logger.warn({ failure: codeOf(error) ?? explainFailure(error) }, 'an example was not learned');
  });
}

function assertFeedback(context: PipelineContext, { intent, team, rating, comment }: Feedback): void {
  const issues: { path: string; message: string }[] = [];
  if (intent === undefined && team === undefined && rating === undefined && comment === undefined) {
    issues.push({ path: '', message: 'it says nothing: give an intent, a team, a rating or a comment' });
  }
  if (intent !== undefined && !context.taxonomy.leaves.some((leaf) => leaf.id === intent)) {
    issues.push({ path: 'intent', message: `"${intent}" is not a leaf of the taxonomy` });
  }
  const teams = [context.routing.triageTeam, ...context.routing.teams.map(({ id }) => id)];
  if (team !== undefined && !teams.includes(team)) {
    issues.push({ path: 'team', message: `"${team}" is not a team of the configuration` });
  }
  if (rating !== undefined && !(Number.isInteger(rating) && rating >= 1 && rating <= 5)) {
    issues.push({ path: 'rating', message: `${rating} is not a whole number from 1 to 5` });
  }
  if (issues.length === 0) return;
  const list = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new InputError({ message: `This feedback cannot be stored: ${list}.`, issues });
}

/** The words of the ticket and nothing of who wrote it. */
function createFeedbackExample({ ticket, intent }: { ticket: Ticket; intent: string }): Example {
  const { id, subject, body, language } = ticket;
  return {
    // A second correction of the same ticket replaces the first.
    id: `feedback:${id}`,
    ...(subject === undefined ? {} : { subject }),
    ...(body === undefined ? {} : { body }),
    ...(language === undefined ? {} : { language }),
    intent,
  };
}

function describeFeedback({ intent, team, rating }: Feedback): string {
  return [
    intent === undefined ? null : `right intent ${intent}`,
    team === undefined ? null : `right team ${team}`,
    rating === undefined ? null : `explanation rated ${rating} of 5`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
