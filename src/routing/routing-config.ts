import { z } from 'zod';
import { durationSchema } from '../base/duration.ts';
import { shareSchema } from '../base/share.ts';
import { urgencies } from '../ticket/ticket.ts';
import { priorities } from './decision.ts';

const oneOrMany = <T extends z.ZodType>(item: T) => z.union([item.transform((value) => [value]), z.array(item).min(1)]);

export const teamSchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  members: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        name: z.string().optional(),
        languages: z
          .array(z.string())
          .default([])
          .describe(
            'Languages they answer in, for example [en, pt-BR]; who alone speaks the language of a ticket gets it.',
          ),
      }),
    )
    .default([]),
  owners: z
    .record(z.string(), z.string())
    .default({})
    .describe('Id of the team in each helpdesk, by name of the connector.'),
});
export type Team = z.infer<typeof teamSchema>;

/** Fields are ANDed, lists ORed, a parent intent matches its children. */
export const conditionSchema = z.strictObject({
  intent: oneOrMany(z.string()).optional().describe('Intents; a parent takes in its children.'),
  urgency: oneOrMany(z.enum(urgencies)).optional(),
  language: oneOrMany(z.string()).optional().describe('Languages; pt takes in pt-BR.'),
  tier: oneOrMany(z.string()).optional().describe('Tiers of the customer, as tickets name them.'),
  channel: oneOrMany(z.string()).optional().describe('Ways by which tickets come, for example email or chat.'),
  minConfidence: shareSchema().optional(),
  maxConfidence: shareSchema().optional(),
});
export type Condition = z.infer<typeof conditionSchema>;

export const routingRuleSchema = z.strictObject({
  name: z.string().min(1),
  when: conditionSchema.default({}),
  // biome-ignore lint/suspicious/noThenProperty: `then` is the word of the configuration's contract.
  then: z.strictObject({
    team: z.string().min(1),
    assignee: z.string().optional().describe('Id of a member of the team.'),
    priority: z.enum(priorities).optional().describe('From the urgency of the ticket when left out.'),
    sla: z.string().optional().describe('Name of an entry of slas.'),
    tags: z.array(z.string()).default([]),
  }),
});
export type RoutingRule = z.infer<typeof routingRuleSchema>;

export const slaSchema = z.strictObject({
  firstResponse: durationSchema.optional(),
  resolution: durationSchema.optional(),
});
/** Times in milliseconds from the moment the ticket was created. */
export type Sla = z.infer<typeof slaSchema>;

/** What decideRoute() needs of the configuration. */
export type RoutingConfig = {
  readonly triageTeam: string;
  readonly teams: readonly Team[];
  readonly routing: readonly RoutingRule[];
  readonly slas: Readonly<Record<string, Sla>>;
};
