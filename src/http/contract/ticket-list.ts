import { z } from 'zod';
import { classificationSchema, stages } from '../../classifiers/classifier.ts';
import { decisionSchema, deliverySchema, modes, priorities } from '../../routing/decision.ts';
import { ticketStates } from '../../store/store.ts';
import { urgencies } from '../../ticket/ticket.ts';
import { assignmentSchema } from './tickets.ts';

export const ticketRowSchema = z.object({
  ticketId: z.string(),
  connector: z.string(),
  externalId: z.string(),
  url: z.string().nullable(),
  revision: z.number().int(),
  state: z.enum(ticketStates),
  receivedAt: z.iso.datetime(),
  subject: z.string().nullable().describe('The first 200 characters of the subject.'),
  requester: z.object({ name: z.string().nullable(), email: z.string().nullable(), tier: z.string().nullable() }),
  channel: z.string().nullable(),
  language: z.string().nullable(),
  tags: z.array(z.string()).readonly(),
  classification: classificationSchema
    .pick({
      intent: true,
      confidence: true,
      abstained: true,
      stage: true,
      model: true,
      urgency: true,
      sentiment: true,
      language: true,
      costUsd: true,
      latencyMs: true,
    })
    .nullable(),
  decision: decisionSchema
    .pick({
      id: true,
      team: true,
      assignee: true,
      priority: true,
      urgency: true,
      rule: true,
      mode: true,
      because: true,
      release: true,
    })
    .nullable(),
  delivery: deliverySchema.nullable(),
  assignment: assignmentSchema.nullable(),
});

export const ticketPageSchema = z.object({
  items: z.array(ticketRowSchema).readonly(),
  nextCursor: z.string().nullable().describe('The value of `cursor` for the next page; null on the last page.'),
});

const momentSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'must be a time such as 2026-11-22T10:00:00Z, or a day such as 2026-11-22 (in UTC)',
  })
  .transform((text) => new Date(text).toISOString());
const confidenceSchema = z.coerce.number().min(0).max(1);

export const ticketQuerySchema = z.strictObject({
  state: z.enum(ticketStates).optional(),
  receivedAfter: momentSchema.optional().describe('Received at this time or later.'),
  receivedBefore: momentSchema.optional().describe('Received before this time.'),
  team: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The team that has the ticket now, after a decision or a correction.'),
  assignee: z.string().min(1).max(200).optional().describe('The member who has the ticket now.'),
  priority: z.enum(priorities).optional(),
  urgency: z.enum(urgencies).optional().describe('The urgency that the rules used.'),
  rule: z.string().min(1).max(200).optional().describe('The name of the rule that decided.'),
  mode: z.enum(modes).optional(),
  stage: z.enum(stages).optional().describe('The stage whose classification was used.'),
  minConfidence: confidenceSchema.optional(),
  maxConfidence: confidenceSchema.optional(),
  intent: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('A leaf, or a parent for all leaves below it; a former id means the present intent.'),
  connector: z.string().min(1).max(100).optional(),
  abstained: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: z.string().min(1).max(500).optional(),
});
