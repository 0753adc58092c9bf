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
            'Languages they answer in, for example [en, pt-BR]. A ticket goes to the only member who speaks its language.',
          ),
      }),
    )
    .default([]),
  owners: z.record(z.string(), z.string()).default({}).describe('Id of the team in each helpdesk, by connector name.'),
});
export type Team = z.infer<typeof teamSchema>;

/** Fields are ANDed, lists ORed, a parent intent matches its children. */
export const conditionSchema = z.strictObject({
  intent: oneOrMany(z.string()).optional().describe('Intents; a parent includes its children.'),
  urgency: oneOrMany(z.enum(urgencies)).optional(),
  language: oneOrMany(z.string()).optional().describe('Languages; pt includes pt-BR.'),
  tier: oneOrMany(z.string()).optional().describe('Customer tiers, written as in the tickets.'),
  channel: oneOrMany(z.string()).optional().describe('Channels that tickets come through, for example email or chat.'),
  minConfidence: shareSchema().optional(),
  maxConfidence: shareSchema().optional(),
});
export type Condition = z.infer<typeof conditionSchema>;

export const routingRuleSchema = z.strictObject({
  name: z.string().min(1),
  when: conditionSchema.default({}),
  // biome-ignore lint/suspicious/noThenProperty: `then` is a key of the configuration file.
  then: z.strictObject({
    team: z.string().min(1),
    assignee: z.string().optional().describe('Id of a member of the team.'),
    priority: z.enum(priorities).optional().describe('Default: derived from the urgency of the ticket.'),
    sla: z.string().optional().describe('Name of an entry of slas.'),
    tags: z.array(z.string()).default([]),
  }),
});
export type RoutingRule = z.infer<typeof routingRuleSchema>;

export const slaSchema = z.strictObject({
  firstResponse: durationSchema.optional(),
  resolution: durationSchema.optional(),
});
/** Times in milliseconds after the ticket was created. */
export type Sla = z.infer<typeof slaSchema>;

/** The part of the configuration that `decideRoute` needs. */
export type RoutingConfig = {
  readonly triageTeam: string;
  readonly teams: readonly Team[];
  readonly routing: readonly RoutingRule[];
  readonly slas: Readonly<Record<string, Sla>>;
};
