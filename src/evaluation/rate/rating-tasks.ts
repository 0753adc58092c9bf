import type { LabelledTicket } from '../../ticket/ticket.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import { defuseFormula } from '../export/spreadsheet-text.ts';
import { seedFromText } from '../metrics/seeded-random.ts';
import { MAIN_TRIAL } from '../run/answer.ts';
import { sample } from '../run/plan-trials.ts';
import type { StoredRun } from '../run/run-folder.ts';
import { answersByKey, scoreTickets } from '../score/scored-ticket.ts';
import type { Rating } from './ratings.ts';

/** What a person sees when asked to rate an explanation. The right intent is not shown: it would sway them. */
export type RatingTask = {
  readonly ticketId: string;
  readonly text: string;
  readonly predicted: string | null;
  readonly reasoning: string;
};

/** How many explanations one person is asked to rate. */
export const TASKS_PER_RATER = 30;

/** The explanations that this person has not rated yet. Everyone rates the same sample, so that raters can be compared. */
export function ratingTasks(options: {
  readonly run: StoredRun;
  readonly tickets: readonly LabelledTicket[];
  readonly ratings: readonly Rating[];
  readonly rater: string;
  readonly count?: number;
}): RatingTask[] {
  const { run, tickets } = options;
  const scored = scoreTickets({ tickets, answers: answersByKey(run.answers), trial: MAIN_TRIAL }).filter(
    ({ classification }) => classification !== null && classification.reasoning !== '',
  );
  const byId = new Map(scored.map((one) => [one.ticket.id, one]));
  const chosen = sample(
    scored.map(({ ticket }) => ticket),
    seedFromText(run.manifest.id),
    options.count ?? TASKS_PER_RATER,
  );
  const done = new Set(options.ratings.filter(({ rater }) => rater === options.rater).map(({ ticketId }) => ticketId));
  return chosen
    .filter(({ id }) => !done.has(id))
    .map((ticket) => {
      const one = byId.get(ticket.id);
      return {
        ticketId: ticket.id,
        text: ticketText(ticket).text,
        predicted: one?.predicted ?? null,
        reasoning: one?.classification?.reasoning ?? '',
      };
    });
}

/** The tasks as a table that people fill in and load with `rate --import`. */
export function tasksAsCsv(tasks: readonly RatingTask[], rater: string): string {
  const cell = (value: string) => `"${defuseFormula(value).replaceAll('"', '""')}"`;
  const rows = tasks.map(({ ticketId, text, predicted, reasoning }) =>
    [ticketId, rater, '', '', predicted ?? '', reasoning, text].map(cell).join(','),
  );
  return `${['ticketId,rater,rating,comment,predicted,reasoning,ticket', ...rows].join('\n')}\n`;
}
