import { z } from 'zod';
import { roles } from '../base/role.ts';
import { sayingSchema } from '../base/saying-schema.ts';
import { priorities } from '../routing/decision.ts';
import { urgencies } from '../ticket/ticket.ts';

const revised = z.object({ revision: z.number().int() });
const delivery = z.object({ decisionId: z.string(), reasonFacts: sayingSchema });
const feedback = z.object({
  feedbackId: z.number().int(),
  intent: z.string().optional(),
  /** It belongs to nobody: no intent fits. */
  outOfScope: z.boolean().optional(),
  team: z.string().optional(),
  rating: z.number().int().optional(),
  comment: z.string().optional(),
  /** Why it waits for a review; null when it was applied at once. */
  waitsBecause: z.string().nullable(),
  waitsFacts: sayingSchema,
});

const role = z.enum(roles);
const user = z.object({ user: z.string(), role });
const token = z.object({ token: z.string(), role });

/**
 * The facts of each history event, for programs; `detail` says the same in a sentence. They never contain ticket text.
 */
export const historyFacts = {
  accepted: revised,
  revised,
  decided: z.object({
    revision: z.number().int(),
    decisionId: z.string(),
    release: z.string().nullable(),
    intent: z.string().nullable(),
    confidence: z.number(),
    abstained: z.boolean(),
    stage: z.string(),
    model: z.string().nullable(),
    costUsd: z.number(),
    team: z.string(),
    assignee: z.string().nullable(),
    priority: z.enum(priorities),
    urgency: z.enum(urgencies),
    rule: z.string(),
  }),
  delivered: delivery,
  'delivery-refused': delivery,
  'delivery-skipped': delivery,
  'delivery-undone': delivery,
  /** An agent has changed it in its helpdesk. */
  'changed-outside': z.object({
    field: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    sourceId: z.string(),
  }),
  feedback,
  'feedback-approved': z.object({ feedbackId: z.number().int() }),
  'feedback-undone': z.object({ feedbackId: z.number().int() }),
  /** An approval or a rejection was taken back. */
  'waits-again': z.object({ feedbackId: z.number().int().nullable(), exampleId: z.string().nullable() }),
  'webhook-ignored': z.object({ webhookId: z.number().int() }),
  'examples-imported': z.object({ added: z.number().int(), changed: z.number().int(), unchanged: z.number().int() }),
  'examples-removed': z.object({ ids: z.array(z.string()) }),
  'example-approved': z.object({ id: z.string() }),
  'calibration-applied': z.object({ engine: z.string(), version: z.string() }),
  'calibration-dropped': z.object({ engine: z.string(), version: z.string() }),
  /** An import of older tickets of a helpdesk was started. */
  'tickets-imported': z.object({ connector: z.string(), since: z.string() }),
  'user-added': user,
  'user-changed': user,
  'user-invited': user,
  'user-removed': user,
  /** The user has used an invitation. */
  'password-chosen': user,
  'token-added': token,
  'token-removed': token,
  'tickets-erased': z.object({ tickets: z.number().int(), examples: z.number().int() }),
} as const;

export type HistoryEvent = keyof typeof historyFacts;
export const historyEvents = Object.keys(historyFacts) as readonly HistoryEvent[];
export type HistoryFacts<Event extends HistoryEvent = HistoryEvent> = z.infer<(typeof historyFacts)[Event]>;
