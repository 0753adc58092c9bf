import { z } from 'zod';
import { urgencies } from '../ticket/ticket.ts';

export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];
export const modes = ['shadow', 'assist', 'auto'] as const;
export type Mode = (typeof modes)[number];

export const decisionSchema = z.object({
  id: z.string(),
  team: z.string(),
  assignee: z.string().nullable(),
  priority: z.enum(priorities),
  tags: z.array(z.string()),
  sla: z.object({
    name: z.string().nullable(),
    firstResponseDueAt: z.iso.datetime().nullable(),
    resolutionDueAt: z.iso.datetime().nullable(),
  }),
  /** The urgency that the rules saw: the engine's, or read from plain signals and tier where it gave none. */
  urgency: z.enum(urgencies),
  /** Name of the rule that fired; `triage` when none did, `moved` where a person had put the ticket. Of an abstained ticket, only rules that lead to triage count. */
  rule: z.string(),
  /** The rule and the facts that led there, as a sentence. */
  because: z.string(),
  mode: z.enum(modes),
  /** Id of the release that decided: everything that shaped it, under one name. Null where it is not known. */
  release: z.string().nullable().default(null),
});
export type Decision = z.infer<typeof decisionSchema>;

export const deliveryStates = ['skipped', 'pending', 'delivered', 'refused'] as const;
export const deliverySchema = z.object({
  state: z.enum(deliveryStates),
  at: z.iso.datetime().nullable(),
  /** Why it was skipped or refused. */
  reason: z.string().nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;
