import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { classificationSchema } from '../../classifiers/classifier.ts';
import { decisionSchema, deliverySchema } from '../../routing/decision.ts';
import { assignmentCauses, ticketStates } from '../../store/store.ts';
import { helpdeskStates } from '../../ticket/helpdesk-ticket.ts';
import { readingShape } from '../../ticket/reading.ts';
import { incomingTicketSchema, ticketSchema } from '../../ticket/ticket.ts';
import { storedFeedbackSchema } from './feedback.ts';
import { historyEntrySchema } from './history.ts';

/** The longest time that `?wait=` may delay a response. */
export const MAX_WAIT_MS = 60_000;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

export const waitSchema = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,3})?(ms|s|m)$/, 'must be a duration such as 500ms or 5s')
  .transform((text) => Number.parseFloat(text) * (unitMs[text.replace(/^[\d.]+/, '')] ?? 0))
  .refine((waitMs) => waitMs <= MAX_WAIT_MS, `at most ${MAX_WAIT_MS / 1_000}s`)
  .meta({ examples: ['5s'] });

export const incomingTicketBodySchema = incomingTicketSchema.describe(
  'A ticket. Only `body` or `subject` is required; a missing `id` is created.',
);

export const resultSchema = z.object({
  ticketId: z.string(),
  classification: classificationSchema,
  decision: decisionSchema,
  delivery: deliverySchema,
  ...readingShape,
});

export const acceptedSchema = z.object({
  ticketId: z.string(),
  status: z.enum(['accepted', 'repeated', 'revised']),
  revision: z.number().int(),
});

const outsideActorSchema = z.object({
  kind: z.enum(['agent', 'customer', 'rule', 'ourselves']),
  id: z.string(),
  name: z.string().optional(),
});

export const assignmentSchema = z
  .object({
    team: z.string(),
    assignee: z.string().nullable(),
    by: actorSchema.describe('Who put it there. Taken from the token, the session or the connector.'),
    at: z.iso.datetime(),
    cause: z
      .enum(assignmentCauses)
      .describe('What put it there: a decision of Switchboard, feedback, or a change in the helpdesk.'),
  })
  .describe('Where the ticket is now.');

export const placeSchema = z
  .object({
    group: z.string().nullable(),
    assignee: z.string().nullable(),
    status: z.string().nullable(),
    priority: z.string().nullable(),
    tags: z.array(z.string()).readonly(),
    intent: z.string().nullable().describe('The value of the field that `customFields.intent` names.'),
    state: z.enum(helpdeskStates),
    handling: z
      .object({ how: z.enum(['moved', 'taken', 'answered']), by: outsideActorSchema, at: z.iso.datetime() })
      .nullable()
      .describe('What an agent has done with it first, after which decisions write nothing.'),
    readAt: z.iso.datetime(),
  })
  .describe('Where it is in its helpdesk, in the words of the helpdesk, as it was last read.');

export const changeSchema = z
  .object({
    sourceId: z.string(),
    at: z.iso.datetime({ offset: true }),
    by: outsideActorSchema,
    field: z.enum(['group', 'assignee', 'priority', 'status', 'tags', 'intent']),
    from: z.string().nullable(),
    to: z.string().nullable(),
  })
  .describe('A change in the helpdesk.');

export const ticketParamsSchema = z.object({ id: z.string().min(1).max(500) });

export const ticketRecordSchema = z.object({
  ticketId: z.string(),
  connector: z.string(),
  externalId: z.string(),
  revision: z.number().int(),
  state: z.enum(ticketStates),
  receivedAt: z.iso.datetime(),
  ticket: ticketSchema,
  ...readingShape,
  classification: classificationSchema.nullable(),
  decision: decisionSchema.nullable(),
  delivery: deliverySchema.nullable(),
  assignment: assignmentSchema.nullable(),
  moveTo: z
    .string()
    .nullable()
    .describe('Where the rules send the intent that people said, while the ticket lies elsewhere by a decision.'),
  place: placeSchema.nullable(),
  changes: z
    .array(changeSchema)
    .readonly()
    .describe('What others, and we, have changed in the helpdesk; oldest first.'),
  feedback: z.array(storedFeedbackSchema).readonly().describe('Feedback, oldest first, including undone feedback.'),
  history: z.array(historyEntrySchema).readonly().describe('Oldest first.'),
});
