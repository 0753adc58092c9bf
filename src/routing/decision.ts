import { z } from 'zod';
import { sayingSchema } from '../base/saying-schema.ts';
import { urgencies } from '../ticket/ticket.ts';

export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];
export const modes = ['shadow', 'assist', 'auto'] as const;
export type Mode = (typeof modes)[number];

/** The one of two modes that writes less. */
export const leastMode = (a: Mode, b: Mode): Mode => (modes.indexOf(a) < modes.indexOf(b) ? a : b);

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
  /** The urgency that the rules used: the engine's, or one found by plain words and tier when it gave none. */
  urgency: z.enum(urgencies),
  /**
   * Name of the rule that matched; `triage` when none did, `moved` when a person had assigned the ticket, `stays` when a newer
   * message did not say what is wanted. For a ticket that the classifier abstained on, only rules for the triage team count.
   */
  rule: z.string(),
  /** One sentence with the rule and the facts that led to the decision. */
  because: z.string(),
  becauseFacts: sayingSchema,
  mode: z.enum(modes),
  /** Id of the release that decided (see `release.ts`); null when it is not known. */
  release: z.string().nullable().default(null),
});
export type Decision = z.infer<typeof decisionSchema>;

/** `undone`: it was delivered, and taken back. */
export const deliveryStates = ['skipped', 'pending', 'delivered', 'refused', 'undone'] as const;
export const deliverySchema = z.object({
  state: z.enum(deliveryStates),
  at: z.iso.datetime().nullable(),
  /** Why the delivery was skipped or refused, or what the helpdesk said. */
  reason: z.string().nullable(),
  reasonFacts: sayingSchema,
});
export type Delivery = z.infer<typeof deliverySchema>;
