import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { sayingSchema } from '../../base/saying-schema.ts';
import { feedbackStates } from '../../store/store.ts';

export const feedbackBodySchema = z
  .strictObject({
    intent: z
      .string()
      .min(1)
      .max(500)
      .nullable()
      .optional()
      .describe('The right intent, which must be a leaf; null, together with `outOfScope`, when none fits.'),
    outOfScope: z
      .literal(true)
      .optional()
      .describe('The ticket belongs to nobody: no intent fits. Tickets with the same words then go to triage.'),
    team: z.string().min(1).max(200).optional().describe('The right team.'),
    rating: z.number().int().min(1).max(5).optional().describe('How helpful the explanation was, from 1 to 5.'),
    comment: z.string().max(10_000).optional(),
    by: z
      .string()
      .max(200)
      .optional()
      .describe(
        'For a token: the name of the person for whom it speaks. The actor is the token all the same. A user who is signed in leaves it out: another name than their own is refused.',
      ),
  })
  .refine(
    ({ by: _, ...said }) => Object.values(said).some((value) => value !== undefined),
    'feedback needs at least one of intent, outOfScope, team, rating and comment',
  )
  .refine(({ intent, outOfScope }) => intent !== null || outOfScope === true, {
    path: ['intent'],
    message: 'is null. If no intent fits the ticket, say "outOfScope": true; otherwise leave the intent out',
  })
  .refine(({ intent, outOfScope }) => intent === undefined || intent === null || outOfScope !== true, {
    path: ['outOfScope'],
    message: 'a ticket with an intent is not out of scope. Give one of the two',
  });

export const feedbackParamsSchema = z.object({
  id: z.string().min(1).max(500).describe('The id of the ticket.'),
  n: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('The `id` of the feedback.'),
});

export const storedFeedbackSchema = z.object({
  id: z.number().int(),
  ticketId: z.string(),
  revision: z.number().int().describe('The revision of the ticket when the feedback was given.'),
  at: z.iso.datetime(),
  feedback: z.object({
    intent: z.string().optional(),
    outOfScope: z.boolean().optional(),
    team: z.string().optional(),
    rating: z.number().int().optional(),
    comment: z.string().optional(),
    by: z.string().optional(),
  }),
  actor: actorSchema.describe('Who gave it, taken from the token or the session.'),
  state: z.enum(feedbackStates).describe('`waiting`: it has no effect until it is approved.'),
  why: z.string().nullable().describe('Why it waits for a review; null when it does not.'),
  undoneAt: z.iso.datetime().nullable().describe('Null when it was not undone.'),
  undoneBy: actorSchema.nullable().describe('Null when it was not undone.'),
});

export const givenFeedbackSchema = storedFeedbackSchema.extend({
  hint: z
    .string()
    .nullable()
    .describe('That the ticket stays with its team, and what to send to move it; null where there is nothing to say.'),
  moveTo: z.string().nullable().describe('The team that the hint is about: where the rules would send its like.'),
  exampleWaits: z
    .string()
    .nullable()
    .describe('Why the example made of a correction waits for a review; null where none was made or it is learned.'),
  waitsFacts: sayingSchema,
});
