import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../errors.ts';
import { sampleRun } from '../../testing/sample-run.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { parseRatings } from './parse-ratings.ts';
import { ratingTasks, tasksAsCsv } from './rating-tasks.ts';

const knownIds = new Set(['t-1', 't-2', 't-3']);

describe('ratings from a file', () => {
  test('CSV: quoted cells, line breaks in them, semicolons, rows left empty', () => {
    const text =
      '\uFEFFticketId;rater;rating;comment\r\n"t-1";ana;4;"two\nlines; ""quoted"""\r\nt-2;ana;;\r\nt-3;;5;\r\n';
    expect(parseRatings({ text, file: 'r.csv', knownIds, rater: 'ben' })).toEqual([
      { ticketId: 't-1', rater: 'ana', rating: 4, comment: 'two\nlines; "quoted"' },
      { ticketId: 't-3', rater: 'ben', rating: 5 },
    ]);
  });

  test('a JSON list, or one object a line', () => {
    const rating = { ticketId: 't-1', rater: 'ana', rating: 2 };
    expect(parseRatings({ text: JSON.stringify([rating]), file: 'r.json', knownIds })).toEqual([rating]);
    expect(parseRatings({ text: `${JSON.stringify(rating)}\n`, file: 'r.jsonl', knownIds })).toEqual([rating]);
  });

  test('every wrong row is named', () => {
    const text = 'ticketId,rater,rating\nt-1,ana,7\nt-9,ana,3\nt-2,,3\n';
    try {
      parseRatings({ text, file: 'r.csv', knownIds });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error instanceof ConfigurationError && error.problems.map(({ line }) => line)).toEqual([2, 3, 4]);
    }
  });
});

describe('rating tasks', () => {
  const tickets: LabelledTicket[] = Array.from({ length: 50 }, (_, i) => ({
    id: `=t-${i}`,
    body: `＝1+${i}`,
    intent: 'a',
  }));
  const run = sampleRun({ path: '', tickets });

  test('are the same sample for everyone, without what the person has rated', () => {
    const first = ratingTasks({ run, tickets, ratings: [], rater: 'ana', count: 5 });
    const rated = first.slice(0, 2).map(({ ticketId }) => ({ ticketId, rater: 'ana', rating: 4 }));
    const left = ratingTasks({ run, tickets, ratings: rated, rater: 'ana', count: 5 });
    const other = ratingTasks({ run, tickets, ratings: rated, rater: 'ben', count: 5 });
    expect(left).toEqual(first.slice(2));
    expect(other).toEqual(first);
  });

  test('as CSV can be read back as ratings, and no cell is a formula', () => {
    const tasks = ratingTasks({ run, tickets, ratings: [], rater: 'ana', count: 3 });
    const csv = tasksAsCsv(tasks, 'ana');
    // Classifiers and raters read full-width signs in their plain form.
    expect(csv).toContain(`"'=1+`);
    const filled = csv.replaceAll('"ana","",', '"ana","3",');
    expect(parseRatings({ text: filled, file: 'r.csv', knownIds: new Set(tickets.map(({ id }) => id)) })).toHaveLength(
      3,
    );
  });
});
