import { z } from 'zod';
import { durationSchema } from '../base/duration.ts';
import { oneOrMany } from '../base/one-or-many.ts';
import { shareSchema } from '../base/share.ts';
import { urgencies } from '../ticket/ticket.ts';
import type { BusinessCalendar } from './business-calendar.ts';
import { priorities } from './decision.ts';
import type { PlainUrgencyReader } from './plain-urgency.ts';
import { compilePattern, type TextCondition } from './search-text.ts';

export const teamSchema = z.strictObject({
  id: z.string().min(1).describe('Name of the team in rules and decisions, for example billing.'),
  name: z.string().min(1).describe('Name of the team for people.'),
  members: z
    .array(
      z.strictObject({
        id: z.string().min(1).describe('Name of the member in rules and decisions.'),
        name: z.string().optional().describe('Name of the member for people.'),
        languages: z
          .array(z.string())
          .default([])
          .describe(
            'Languages they answer in, for example [en, pt-BR]. A ticket goes to the only member who speaks its language.',
          ),
      }),
    )
    .default([])
    .describe('People of the team that a ticket can be assigned to.'),
  owners: z.record(z.string(), z.string()).default({}).describe('Id of the team in each helpdesk, by connector name.'),
});
export type Team = z.infer<typeof teamSchema>;

/** As in `requester.attributes` of a ticket. */
export type AttributeValue = string | number | boolean;

const attributeValueSchema: z.ZodType<AttributeValue> = z.union([z.string(), z.number(), z.boolean()]);

/** Longer patterns are nobody's, and a short one says the same. */
const MAX_PATTERN = 1_000;

const patternSchema = z
  .string()
  .min(1)
  .max(MAX_PATTERN)
  .superRefine((pattern, context) => {
    try {
      compilePattern(pattern);
    } catch (error) {
      const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
      context.addIssue({
        code: 'custom',
        message: `this pattern cannot be used: ${why}. Write it in the syntax of RE2, which has no look-around and no back references`,
      });
    }
  });

/** Words without a letter or digit would be found in any text or in none. */
const wordsSchema = z
  .string()
  .regex(/[\p{L}\p{N}]/u, 'at least one letter or digit')
  .max(200);
const textConditionSchema: z.ZodType<TextCondition> = z.union([
  wordsSchema,
  z.strictObject({ pattern: patternSchema }),
]);

/** Fields are ANDed, lists ORed, a parent intent matches its children. */
export const conditionSchema = z.strictObject({
  intent: oneOrMany(z.string()).optional().describe('Intents; a parent includes its children.'),
  urgency: oneOrMany(z.enum(urgencies)).optional().describe('Urgencies of the ticket.'),
  language: oneOrMany(z.string()).optional().describe('Languages; pt includes pt-BR.'),
  tier: oneOrMany(z.string()).optional().describe('Customer tiers, written as in the tickets.'),
  channel: oneOrMany(z.string()).optional().describe('Channels that tickets come through, for example email or chat.'),
  domain: oneOrMany(z.string().min(1))
    .optional()
    .describe("Domains of the requester's address; acme.example includes eu.acme.example."),
  organisation: oneOrMany(z.string().min(1)).optional().describe('Organisations of the requester, by name.'),
  tags: oneOrMany(z.string().min(1)).optional().describe('Tags; one that the ticket has is enough.'),
  attributes: z
    .record(z.string(), oneOrMany(attributeValueSchema))
    .optional()
    .describe('Values of `requester.attributes` of the ticket, by name: { plan: [gold, platinum] }.'),
  group: oneOrMany(z.string().min(1))
    .optional()
    .describe('Groups, queues or mailboxes that the ticket is in at its helpdesk (`source.group`).'),
  text: oneOrMany(textConditionSchema)
    .optional()
    .describe("What the customer's own words say: words, or { pattern: … } in the syntax of RE2."),
  automatic: z
    .boolean()
    .optional()
    .describe('True for bounces, out-of-office replies and receipts, false for what people wrote.'),
  minConfidence: shareSchema().optional().describe('Least confidence of the engine, between 0 and 1.'),
  maxConfidence: shareSchema().optional().describe('Greatest confidence of the engine, between 0 and 1.'),
});
export type Condition = z.infer<typeof conditionSchema>;

export const routingRuleSchema = z.strictObject({
  name: z.string().min(1).describe('Name of the rule, which decisions give as their reason.'),
  when: conditionSchema
    .default({})
    .describe('What a ticket must be like; all fields must match, and of a list one value is enough.'),
  // biome-ignore lint/suspicious/noThenProperty: `then` is a key of the configuration file.
  then: z.strictObject({
    team: z.string().min(1).describe('Id of the team that gets the ticket.'),
    assignee: z.string().optional().describe('Id of a member of the team.'),
    priority: z.enum(priorities).optional().describe('Default: derived from the urgency of the ticket.'),
    sla: z.string().optional().describe('Name of an entry of slas.'),
    tags: z.array(z.string()).default([]).describe('Tags that the ticket gets.'),
  }),
});
export type RoutingRule = z.infer<typeof routingRuleSchema>;

export const slaSchema = z.strictObject({
  firstResponse: durationSchema.optional().describe('Time until the first response, for example 15m.'),
  resolution: durationSchema.optional().describe('Time until the ticket is resolved, for example 4h.'),
  calendar: z
    .string()
    .optional()
    .describe('Entry of calendars in whose hours the times count; around the clock when left out.'),
});
/** Times in milliseconds after the ticket was created. */
export type Sla = z.infer<typeof slaSchema>;

/** The part of the configuration that `decideRoute` needs. */
export type RoutingConfig = {
  readonly triageTeam: string;
  readonly teams: readonly Team[];
  readonly routing: readonly RoutingRule[];
  readonly slas: Readonly<Record<string, Sla>>;
  /** By the name that SLAs refer to. */
  readonly calendars: ReadonlyMap<string, BusinessCalendar>;
  /** Finds the urgency of a ticket for which the engine gave none. Made once for a configuration, from its phrases. */
  readonly plainUrgency: PlainUrgencyReader;
};
