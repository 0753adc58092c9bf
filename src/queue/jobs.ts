import { z } from 'zod';

/** `live`: somebody waits for it now. `background`: imported, or found without a job; taken when nothing live waits. */
export const lanes = ['live', 'background'] as const;
export type Lane = (typeof lanes)[number];

/** pg-boss takes the highest first. Jobs that are there from before lanes have 0. */
const priorities: Readonly<Record<Lane, number>> = { live: 0, background: -10 };

/** One revision of a ticket: classify it, route it, save the decision. A job without a lane is live. */
export const decideJobSchema = z.object({
  ticketId: z.string(),
  revision: z.number().int().positive(),
  lane: z.enum(lanes).optional(),
});
export type DecideJob = z.infer<typeof decideJobSchema>;

/** One decision: write it to the helpdesk. */
export const deliverJobSchema = z.object({
  decisionId: z.string(),
  connector: z.string().optional(),
  lane: z.enum(lanes).optional(),
});
export type DeliverJob = z.infer<typeof deliverJobSchema>;

export function priorityOf({ lane = 'live' }: DecideJob | DeliverJob): number {
  return priorities[lane];
}

/** A payload is a reference, never a ticket. The dead ones hold what failed too often. */
export const jobSchemas = {
  decide: decideJobSchema,
  deliver: deliverJobSchema,
  'decide-dead': decideJobSchema,
  'deliver-dead': deliverJobSchema,
} as const;
export type JobName = keyof typeof jobSchemas;
export type JobPayload<N extends JobName> = z.infer<(typeof jobSchemas)[N]>;

export const jobNames: readonly JobName[] = ['decide-dead', 'deliver-dead', 'decide', 'deliver'];

/**
 * Deliveries of each connector are a queue of their own with workers of its own, so that a destination that hangs holds
 * up nothing but itself. Those from before connectors had queues are in `deliver` itself.
 */
export const deliverQueuePrefix = 'deliver/';

const YEARS_10 = 10 * 365 * 24 * 3_600;
const shared = {
  notify: true,
  // A job that waits is a ticket that was accepted: it is not thrown away because no worker ran for two weeks.
  retentionSeconds: YEARS_10,
  deleteAfterSeconds: 24 * 3_600,
  retryBackoff: true,
};

/** How often and how long each job is tried; delays double from `retryDelay` up to `retryDelayMax`, with jitter. */
export const jobSettings = {
  'decide-dead': { ...shared, retryDelay: 1, retryDelayMax: 60, retryLimit: 1_000, expireInSeconds: 60 },
  'deliver-dead': { ...shared, retryDelay: 1, retryDelayMax: 60, retryLimit: 1_000, expireInSeconds: 60 },
  // About two minutes; then the ticket goes to the triage team.
  decide: {
    ...shared,
    retryDelay: 1,
    retryDelayMax: 60,
    retryLimit: 7,
    expireInSeconds: 180,
    deadLetter: 'decide-dead',
  },
  // About two hours, because a helpdesk may be down for that long.
  deliver: {
    ...shared,
    retryDelay: 2,
    retryDelayMax: 900,
    retryLimit: 14,
    expireInSeconds: 120,
    deadLetter: 'deliver-dead',
  },
} as const;
