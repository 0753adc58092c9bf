import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { exampleSources, exampleStates } from '../../store/store.ts';
import { labelledTicketSchema } from '../../ticket/ticket.ts';

const shownStates = ['active', 'waiting'] as const;

/** Examples of one request. */
export const MAX_EXAMPLES = 10_000;

export const examplesBodySchema = z.strictObject({ examples: z.array(labelledTicketSchema).min(1).max(MAX_EXAMPLES) });

export const exampleChangesSchema = z.object({
  added: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
});

export const exampleParamsSchema = z.object({ id: z.string().min(1).max(500) });

export const exampleQuerySchema = z.strictObject({
  intent: z.string().min(1).max(500).optional().describe('A leaf, or a parent that stands for all below it.'),
  source: z
    .enum(exampleSources)
    .optional()
    .describe("`file`: the company's own; `import`: through the API or the command; `feedback`: a correction."),
  state: z.enum(shownStates).optional().describe('`waiting`: for a review; the engine does not know it yet.'),
  actor: z.string().min(1).max(200).optional().describe('Id of whoever added it.'),
  text: z.string().min(1).max(200).optional().describe('Words that stand in subject or body, in any case.'),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: z.string().min(1).max(500).optional(),
});

const storedExampleSchema = z.object({
  example: labelledTicketSchema,
  source: z.enum(exampleSources),
  state: z.enum(exampleStates),
  why: z.string().nullable().describe('Why it waits for a review; null when it does not.'),
  actor: actorSchema.nullable().describe("Who added it; null for the company's own files."),
  ticketId: z.string().nullable().describe('The ticket that it was made of.'),
  feedbackId: z.number().int().nullable().describe('The feedback that made it.'),
  updatedAt: z.iso.datetime(),
});

export const examplePageSchema = z.object({
  items: z.array(storedExampleSchema).readonly(),
  nextCursor: z.string().nullable().describe('For `?cursor=`; null on the last page.'),
});
