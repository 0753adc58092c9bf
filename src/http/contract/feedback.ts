import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { feedbackStates } from '../../store/store.ts';

export const feedbackBodySchema = z
  .strictObject({
    intent: z.string().min(1).max(500).optional().describe('The right leaf.'),
    team: z.string().min(1).max(200).optional().describe('The right team.'),
    rating: z.number().int().min(1).max(5).optional().describe('How much the explanation helped.'),
    comment: z.string().max(10_000).optional(),
    by: z
      .string()
      .max(200)
      .optional()
      .describe('A name for people; who it was is known from the token or the session.'),
  })
  .refine(
    ({ intent, team, rating, comment }) => [intent, team, rating, comment].some((value) => value !== undefined),
    'feedback needs at least one of intent, team, rating and comment',
  );

export const feedbackParamsSchema = z.object({
  id: z.string().min(1).max(500).describe('Of the ticket.'),
  n: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('`id` of the feedback.'),
});

export const storedFeedbackSchema = z.object({
  id: z.number().int(),
  ticketId: z.string(),
  revision: z.number().int().describe('Of the ticket, when it was said.'),
  at: z.iso.datetime(),
  feedback: z.object({
    intent: z.string().optional(),
    team: z.string().optional(),
    rating: z.number().int().optional(),
    comment: z.string().optional(),
    by: z.string().optional(),
  }),
  actor: actorSchema.describe('Who it was, as the door established it.'),
  state: z.enum(feedbackStates).describe('`waiting`: nothing follows from it until it is approved.'),
  why: z.string().nullable().describe('Why it waits for a review; null when it does not.'),
  undoneAt: z.iso.datetime().nullable(),
  undoneBy: actorSchema.nullable(),
});
