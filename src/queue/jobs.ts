import { z } from 'zod';

/** One revision of a ticket: classify it, route it, save the decision. */
export const decideJobSchema = z.object({ ticketId: z.string(), revision: z.number().int().positive() });
export type DecideJob = z.infer<typeof decideJobSchema>;

/** One decision: write it to the helpdesk. */
export const deliverJobSchema = z.object({ decisionId: z.string() });
export type DeliverJob = z.infer<typeof deliverJobSchema>;

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
  // About two hours: helpdesks have bad afternoons.
  deliver: {
    ...shared,
    retryDelay: 2,
    retryDelayMax: 900,
    retryLimit: 14,
    expireInSeconds: 120,
    deadLetter: 'deliver-dead',
  },
} as const;
