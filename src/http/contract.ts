// The shapes on the wire: what requests are checked against, and what OpenAPI and the page know of the answers.
import { z } from 'zod';
import { classificationSchema } from '../classifiers/classifier.ts';
import { decisionSchema, deliverySchema } from '../routing/decision.ts';
import { historyEvents, ticketStates } from '../store/store.ts';
import { incomingTicketSchema, labelledTicketSchema, ticketSchema } from '../ticket/ticket.ts';

/** Longest time that `?wait=` may hold a request. */
export const MAX_WAIT_MS = 60_000;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

export const waitSchema = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,3})?(ms|s|m)$/, 'a duration such as 500ms or 5s')
  .transform((text) => Number.parseFloat(text) * (unitMs[text.replace(/^[\d.]+/, '')] ?? 0))
  .refine((waitMs) => waitMs <= MAX_WAIT_MS, `at most ${MAX_WAIT_MS / 1_000}s`)
  .meta({ examples: ['5s'] });

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What was found and what to do about it.'),
    code: z.string().describe('Names the kind of error for programs.'),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .describe('RFC 9457 problem document');
export type ProblemDocument = z.infer<typeof problemSchema>;

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

export const ticketSummarySchema = z.object({
  ticketId: z.string(),
  revision: z.number().int(),
  state: z.enum(ticketStates),
  receivedAt: z.iso.datetime(),
  ticket: ticketSchema,
  classification: classificationSchema.nullable(),
  decision: decisionSchema.nullable(),
  delivery: deliverySchema.nullable(),
});

const historyEntrySchema = z.object({
  seq: z.number().int(),
  at: z.iso.datetime(),
  event: z.enum(historyEvents),
  by: z.string(),
  detail: z.string(),
});

export const ticketRecordSchema = ticketSummarySchema.extend({
  history: z.array(historyEntrySchema).readonly().describe('Oldest first.'),
});

export const ticketPageSchema = z.object({
  items: z.array(ticketSummarySchema).readonly(),
  nextCursor: z.string().nullable().describe('For `?cursor=`; null on the last page.'),
});

export const ticketQuerySchema = z.strictObject({
  state: z.enum(ticketStates).optional(),
  team: z.string().min(1).max(200).optional(),
  intent: z.string().min(1).max(500).optional().describe('A leaf, or a parent that stands for all below it.'),
  connector: z.string().min(1).max(100).optional(),
  abstained: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: z.string().min(1).max(500).optional(),
});

export const ticketParamsSchema = z.object({ id: z.string().min(1).max(500) });

export const feedbackBodySchema = z
  .strictObject({
    intent: z.string().min(1).max(500).optional().describe('The right leaf.'),
    team: z.string().min(1).max(200).optional().describe('The right team.'),
    rating: z.number().int().min(1).max(5).optional().describe('How much the explanation helped.'),
    comment: z.string().max(10_000).optional(),
    by: z.string().max(200).optional().describe('Who says so.'),
  })
  .refine(
    ({ intent, team, rating, comment }) => [intent, team, rating, comment].some((value) => value !== undefined),
    'feedback needs at least one of intent, team, rating and comment',
  );

export const storedFeedbackSchema = z.object({
  id: z.number().int(),
  ticketId: z.string(),
  revision: z.number().int(),
  at: z.iso.datetime(),
  feedback: z.object({
    intent: z.string().optional(),
    team: z.string().optional(),
    rating: z.number().int().optional(),
    comment: z.string().optional(),
    by: z.string().optional(),
  }),
});

/** Examples of one request. */
export const MAX_EXAMPLES = 10_000;

export const examplesBodySchema = z.strictObject({ examples: z.array(labelledTicketSchema).min(1).max(MAX_EXAMPLES) });

export const exampleChangesSchema = z.object({
  added: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
});

export const healthSchema = z.object({
  ready: z.boolean(),
  store: z.object({
    kind: z.enum(['embedded', 'postgresql']),
    location: z.string(),
    ok: z.boolean(),
    error: z.string().nullable(),
  }),
  queue: z.object({ ok: z.boolean(), waiting: z.number().int(), active: z.number().int() }),
  worker: z.object({ running: z.boolean() }),
  engine: z.object({ kind: z.enum(['local', 'claude', 'cascade', 'http']), why: z.string() }),
  examples: z.number().int(),
});
