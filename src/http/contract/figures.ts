import { z } from 'zod';
import { stages } from '../../classifiers/classifier.ts';
import { countedFields, seriesSteps } from '../../store/store.ts';
import { momentSchema } from './moment.ts';
import { ticketFilterShape } from './ticket-list.ts';

const rangeShape = {
  since: momentSchema.optional().describe('The beginning of the time; 30 days before its end when it is missing.'),
  until: momentSchema.optional().describe('The end of the time, which does not belong to it; now when it is missing.'),
};

const count = z.number().int().nonnegative();

export const countQuerySchema = z.strictObject({
  ...ticketFilterShape,
  ...rangeShape,
  by: z.enum(countedFields).describe('What the tickets are counted by.'),
});

export const countsSchema = z.object({
  by: z.enum(countedFields),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  total: count,
  items: z
    .array(
      z.object({
        value: z
          .string()
          .nullable()
          .describe('`true` or `false` for `abstained`; null for tickets without a value, such as those that wait.'),
        count,
      }),
    )
    .readonly()
    .describe('The most frequent first.'),
});

export const seriesQuerySchema = z.strictObject({
  ...ticketFilterShape,
  ...rangeShape,
  step: z.enum(seriesSteps).optional().describe('`hour` when it is missing; days are those of UTC.'),
});

const byStageSchema = z.object(
  Object.fromEntries(stages.map((stage) => [stage, count])) as Record<(typeof stages)[number], typeof count>,
);

export const seriesSchema = z.object({
  step: z.enum(seriesSteps),
  since: z.iso.datetime().describe('The beginning of the first step.'),
  until: z.iso.datetime(),
  points: z
    .array(
      z.object({
        start: z.iso.datetime(),
        tickets: count.describe('Received in this step. All other figures are of these tickets.'),
        byStage: byStageSchema.describe('Those that are decided, by the stage whose classification was used.'),
        abstained: count,
        costUsd: z.number().nonnegative(),
        decisionMs: z
          .object({ p50: z.number().nonnegative(), p90: z.number().nonnegative() })
          .nullable()
          .describe('From receiving a ticket to its decision, to within 5 %; null where none is decided.'),
        confidence: z
          .array(count)
          .length(10)
          .readonly()
          .describe('Decided tickets by tenths of confidence, the lowest first; abstained ones count as well.'),
        corrections: count.describe('Tickets to which people gave another intent than the classification.'),
      }),
    )
    .readonly()
    .describe('Every step of the time, also those without tickets.'),
});

export const spendingSchema = z.object({
  day: z.iso.date().describe('Today in UTC. The budget of a day begins then.'),
  todayUsd: z.number().nonnegative().describe('Spent on models today, with the calls that are under way.'),
  budgetUsd: z.number().nullable().describe('What a day may cost at most; null without a limit.'),
  perTicketUsd: z
    .number()
    .nullable()
    .describe("What the decisions on today's tickets cost, for each; null while none is decided."),
});

export const correctionsQuerySchema = z.strictObject(rangeShape);

export const correctionsSchema = z.object({
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  items: z
    .array(
      z.object({
        intent: z.string().nullable().describe('What the classification said; null where it named no intent.'),
        corrected: count,
        to: z
          .array(
            z.object({ intent: z.string().nullable().describe('What people said; null where no intent fits.'), count }),
          )
          .readonly(),
      }),
    )
    .readonly()
    .describe('The most often corrected first.'),
});
