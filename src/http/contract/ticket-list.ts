import { z } from 'zod';
import { classificationSchema, stages } from '../../classifiers/classifier.ts';
import { decisionSchema, deliverySchema, modes, priorities } from '../../routing/decision.ts';
import { ticketStates } from '../../store/store.ts';
import { urgencies } from '../../ticket/ticket.ts';
import { momentSchema } from './moment.ts';
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
  opening: z
    .string()
    .nullable()
    .describe('Without a subject: how the own words of the customer begin. Null where there is a subject.'),
  requester: z.object({ name: z.string().nullable(), email: z.string().nullable(), tier: z.string().nullable() }),
  channel: z.string().nullable(),
  language: z.string().nullable(),
  tags: z.array(z.string()).readonly(),
  said: z
    .object({ intent: z.string().nullable().describe('Null where they said that no intent fits.') })
    .nullable()
    .describe(
      'What people said last that the ticket is about, also if it waits for a review; null where nobody did, and until the ticket is decided.',
    ),
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

const confidenceSchema = z.coerce.number().min(0).max(1);

/** What a ticket must match, apart from when it was received. */
export const ticketFilterShape = {
  q: z
    .string()
    .max(500)
    .optional()
    .describe(
      'Words of the subject, the body, the name and the address of the requester. All of them must occur, the last one as a beginning. Accents and case do not matter.',
    ),
  state: z.enum(ticketStates).optional(),
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
  language: z.string().min(1).max(35).optional().describe('The language that the classification names, such as `de`.'),
  minConfidence: confidenceSchema.optional(),
  maxConfidence: confidenceSchema.optional(),
  intent: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe(
      'What the ticket is about: what people said, or else the classification. A leaf, or a parent for all leaves below it; a former id means the present intent.',
    ),
  correctedFrom: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('The classification said this intent, or one below it, and people said another one or that none fits.'),
  connector: z.string().min(1).max(100).optional(),
  abstained: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
};

/** The most tickets that `ids` may name. */
const MAX_IDS = 100;

const idsSchema = z
  .string()
  .min(1)
  .max(60_000)
  .transform((text) => [...new Set(text.split(',').filter((id) => id !== ''))])
  .refine((ids) => ids.length <= MAX_IDS, `names more than ${MAX_IDS} tickets. Send them in several requests`);

export const ticketQuerySchema = z.strictObject({
  ...ticketFilterShape,
  ids: idsSchema.optional().describe(`Only these tickets, with commas between their ids; at most ${MAX_IDS}.`),
  receivedAfter: momentSchema.optional().describe('Received at this time or later.'),
  receivedBefore: momentSchema.optional().describe('Received before this time.'),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: z.string().min(1).max(500).optional(),
});
