import { z } from 'zod';
import { reviewKinds, reviewVerdicts } from '../../store/review-kinds.ts';
import { givenFeedbackSchema } from './feedback.ts';
import { momentSchema } from './moment.ts';

const reviewerSchema = z
  .string()
  .min(1)
  .max(100)
  .describe('A random id of the browser tab or the program that reviews: what one holds, no other one gets.');

const count = z.number().int();

export const reviewQuerySchema = z.strictObject({
  since: momentSchema.optional().describe('When the day began that `doneToday` counts; midnight in UTC when left out.'),
});

export const reviewStateSchema = z.object({
  counts: z
    .object({ abstained: count, unsure: count, moved: count, correction: count, example: count })
    .describe('Items that wait, by kind, whoever holds them.'),
  doneToday: z
    .object({
      mine: count.describe('By the actor of this request.'),
      all: count.describe('By everybody.'),
    })
    .describe('Items with a verdict since the day began; what was skipped does not count.'),
});

export const reviewRequestSchema = z.strictObject({
  kinds: z
    .array(z.enum(reviewKinds))
    .min(1)
    .max(reviewKinds.length)
    .optional()
    .describe(
      'Only items of these kinds; all that the role may decide when left out. `correction` and `example` need a lead.',
    ),
  team: z.string().min(1).max(200).optional().describe('Only tickets that this team has now.'),
  intent: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('Only items about this leaf, or about any leaf below this parent; a former id means the present intent.'),
  language: z.string().min(1).max(35).optional().describe('Only tickets in this language, such as `de`.'),
  skipped: z.boolean().optional().describe('Also items that this actor has skipped; they are left out otherwise.'),
  reviewer: reviewerSchema,
  count: z
    .number()
    .int()
    .min(0)
    .max(5)
    .optional()
    .describe('The most items; 1 when left out. 0: everything that the reviewer holds is given back.'),
});

export const reviewItemSchema = z.object({
  id: z.number().int(),
  kind: z.enum(reviewKinds),
  why: z.string().describe('Why it waits, as a text for people.'),
  ticketId: z.string().nullable().describe('Null for an example that was not made from a ticket.'),
  feedbackId: z.number().int().nullable().describe('The feedback that it is about.'),
  exampleId: z.string().nullable().describe('The example that it is about.'),
  suggestion: z
    .object({
      intent: z.string().nullable().describe('Null when none was named, or when the ticket belongs to nobody.'),
      outOfScope: z.boolean().describe('Somebody said that the ticket belongs to nobody.'),
      team: z.string().nullable().describe('The team that the ticket would have, or has; null when nobody named one.'),
    })
    .nullable()
    .describe('What `right` or `approve` says yes to; null when nothing was suggested.'),
  heldUntil: z.iso.datetime().describe('Nobody else gets it before; asking again makes it later.'),
});

export const reviewBatchSchema = z.object({
  items: z
    .array(reviewItemSchema)
    .readonly()
    .describe('What the reviewer holds now: those held before first, then the most urgent, then the oldest.'),
  remaining: z.number().int().describe('Items that wait and fit the request: held ones and skipped ones too.'),
});

export const reviewParamsSchema = z.object({
  id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('The `id` of the item.'),
});

export const undoQuerySchema = z.strictObject({
  reviewer: reviewerSchema.optional().describe('Who holds the item then; who gave the verdict when left out.'),
});

export const verdictBodySchema = z
  .strictObject({
    reviewer: reviewerSchema,
    verdict: z
      .enum(reviewVerdicts)
      .describe(
        '`right` and `wrong`: what the engine said (kinds `abstained`, `unsure`, `moved`); `approve` and `reject`: what somebody said (`correction`, `example`); `skip`: somebody else should look.',
      ),
    intent: z.string().min(1).max(500).optional().describe('The right intent, a leaf; with `wrong`.'),
    outOfScope: z.literal(true).optional().describe('The ticket belongs to nobody; with `wrong`.'),
    team: z.string().min(1).max(200).optional().describe('The right team; with `right` or `wrong`.'),
    comment: z.string().max(10_000).optional().describe('With `right` or `wrong`.'),
    move: z
      .literal(true)
      .optional()
      .describe(
        'With `right` or `wrong`: the ticket also moves to where the rules send this intent, unless a person chose where it is.',
      ),
  })
  .refine(({ intent, outOfScope }) => intent === undefined || outOfScope === undefined, {
    path: ['outOfScope'],
    message: 'a ticket with an intent is not out of scope. Give one of the two',
  });

export const verdictResultSchema = z.object({
  id: z.number().int(),
  verdict: z.enum(reviewVerdicts),
  feedbackId: z
    .number()
    .int()
    .nullable()
    .describe('The feedback that the verdict gave, approved or rejected; null when there is none.'),
  movedTo: z.string().nullable().describe('The team to which `move` moved the ticket; null when it stayed.'),
  hint: givenFeedbackSchema.shape.hint,
  moveTo: givenFeedbackSchema.shape.moveTo,
  exampleWaits: givenFeedbackSchema.shape.exampleWaits,
  remaining: z.number().int().describe('Items of all kinds that the role may decide and that wait.'),
});
