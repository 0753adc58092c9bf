import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { exampleSources, exampleStates } from '../../store/store.ts';
import { labelledTicketSchema } from '../../ticket/ticket.ts';

const shownStates = ['active', 'waiting'] as const;

/** The most examples of one request. */
export const MAX_EXAMPLES = 10_000;

export const examplesBodySchema = z.strictObject({ examples: z.array(labelledTicketSchema).min(1).max(MAX_EXAMPLES) });

export const exampleChangesSchema = z.object({
  added: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
});

export const exampleParamsSchema = z.object({ id: z.string().min(1).max(500) });

export const exampleQuerySchema = z.strictObject({
  intent: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('A leaf, or a parent for all leaves below it; a former id means the present intent.'),
  outOfScope: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .optional()
    .describe('`true`: only tickets that belong to nobody; `false`: only those with an intent.'),
  source: z
    .enum(exampleSources)
    .optional()
    .describe(
      "`file`: from the company's own files; `import`: added by the API or the command; `feedback`: from a correction.",
    ),
  state: z
    .enum(shownStates)
    .optional()
    .describe('`active`: the engine learns from it; `waiting`: not before somebody approves it.'),
  actor: z.string().min(1).max(200).optional().describe('Id of the actor who added it.'),
  id: z.string().min(1).max(500).optional().describe('Only the example with this id.'),
  text: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Text in the subject or the body; upper and lower case are the same.'),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: z.string().min(1).max(500).optional(),
});

const storedExampleSchema = z.object({
  example: labelledTicketSchema,
  source: z.enum(exampleSources),
  state: z.enum(exampleStates),
  why: z.string().nullable().describe('Why it waits for a review; null when it does not.'),
  actor: actorSchema.nullable().describe("Who added it; null for the company's own files."),
  ticketId: z.string().nullable().describe('The ticket that it was made from.'),
  feedbackId: z.number().int().nullable().describe('The feedback that it was made from.'),
  updatedAt: z.iso.datetime(),
});

export const examplePageSchema = z.object({
  items: z.array(storedExampleSchema).readonly(),
  nextCursor: z.string().nullable().describe('The value of `cursor` for the next page; null on the last page.'),
});
