import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { classificationSchema } from '../../classifiers/classifier.ts';
import { decisionSchema, deliverySchema } from '../../routing/decision.ts';
import { assignmentCauses, ticketStates } from '../../store/store.ts';
import { incomingTicketSchema, ticketSchema } from '../../ticket/ticket.ts';
import { storedFeedbackSchema } from './feedback.ts';
import { historyEntrySchema } from './history.ts';

/** Longest time that `?wait=` may hold a request. */
export const MAX_WAIT_MS = 60_000;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

export const waitSchema = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,3})?(ms|s|m)$/, 'a duration such as 500ms or 5s')
  .transform((text) => Number.parseFloat(text) * (unitMs[text.replace(/^[\d.]+/, '')] ?? 0))
  .refine((waitMs) => waitMs <= MAX_WAIT_MS, `at most ${MAX_WAIT_MS / 1_000}s`)
  .meta({ examples: ['5s'] });

export const incomingTicketBodySchema = incomingTicketSchema.describe(
  'A ticket. Only one of body and subject is required; an id is minted when missing.',
);

export const resultSchema = z.object({
  ticketId: z.string(),
  classification: classificationSchema,
  decision: decisionSchema,
  delivery: deliverySchema,
});

export const acceptedSchema = z.object({
  ticketId: z.string(),
  status: z.enum(['accepted', 'repeated', 'revised']),
  revision: z.number().int(),
});

export const assignmentSchema = z
  .object({
    team: z.string(),
    assignee: z.string().nullable(),
    by: actorSchema.describe('Who put it there, as the door established it.'),
    at: z.iso.datetime(),
    cause: z.enum(assignmentCauses).describe('A decision of ours, or somebody who said so.'),
  })
  .describe('Where the ticket is now.');

export const ticketParamsSchema = z.object({ id: z.string().min(1).max(500) });

export const ticketRecordSchema = z.object({
  ticketId: z.string(),
  connector: z.string(),
  externalId: z.string(),
  revision: z.number().int(),
  state: z.enum(ticketStates),
  receivedAt: z.iso.datetime(),
  ticket: ticketSchema,
  classification: classificationSchema.nullable(),
  decision: decisionSchema.nullable(),
  delivery: deliverySchema.nullable(),
  assignment: assignmentSchema.nullable(),
  feedback: z.array(storedFeedbackSchema).readonly().describe('What people said, oldest first; what was undone too.'),
  history: z.array(historyEntrySchema).readonly().describe('Oldest first.'),
});
