import { z } from 'zod';
import { sayingSchema } from '../../base/saying-schema.ts';
import { incomingTicketBodySchema, resultSchema } from './tickets.ts';

export const tryBodySchema = incomingTicketBodySchema;

export const ruleTrialSchema = z.object({
  name: z.string(),
  matches: z.boolean(),
  passedOver: z
    .string()
    .nullable()
    .describe('Why the rule does not count for this ticket, whatever its fields say; null when it counts.'),
  passedOverFacts: sayingSchema,
  checks: z
    .array(
      z.object({
        field: z.string().describe('As in the configuration: `intent`, `attributes.plan`.'),
        wanted: z.array(z.string()).readonly(),
        found: z.string().nullable().describe('What the ticket has; null for nothing.'),
        matches: z.boolean(),
      }),
    )
    .readonly(),
});

export const modelRequestSchema = z.object({
  redacted: z
    .boolean()
    .describe('Whether what identifies people is replaced, as `redaction` of the configuration says.'),
  prompt: z.string().describe('The version of the prompt, which decisions carry.'),
  strategy: z
    .enum(['flat', 'hierarchy'])
    .describe('`hierarchy`: this is the first question, about the top of the tree.'),
  model: z.string(),
  system: z.string().describe('The part that is the same for every ticket.'),
  messages: z.array(z.object({ role: z.literal('user'), content: z.string() })).readonly(),
  tokens: z.object({ system: z.number().int(), messages: z.number().int() }).describe('Estimates.'),
  isSent: z.boolean().describe('False where the configuration asks no model: this is what it would be sent.'),
});

export const trialSchema = z.object({
  result: resultSchema,
  rules: z
    .array(ruleTrialSchema)
    .readonly()
    .describe('The rules in their order, up to the one that the ticket meets; that one is the last.'),
  request: modelRequestSchema.nullable().describe('What Claude would be sent; null where `requestMissing` says why.'),
  requestMissing: z.string().nullable().describe('Why there is no request; null where there is one.'),
  requestMissingFacts: sayingSchema,
});
