import { z } from 'zod';

/** `live`: somebody waits for the ticket now. `background`: an import, or lost work; it runs when no live job waits. */
export const lanes = ['live', 'background'] as const;
export type Lane = (typeof lanes)[number];

/** pg-boss takes jobs with the highest number first. Jobs of versions without lanes have 0. */
const priorities: Readonly<Record<Lane, number>> = { live: 0, background: -10 };

/** The payload of a job that classifies and routes one revision of a ticket. A job without a lane is live. */
export const decideJobSchema = z.object({
  ticketId: z.string(),
  revision: z.number().int().positive(),
  lane: z.enum(lanes).optional(),
  /** The words are those of the revision before, whose classification is used again. */
  reuses: z.boolean().optional(),
});
export type DecideJob = z.infer<typeof decideJobSchema>;

/** The payload of a job that writes one decision to its connector. A job without a lane is live. */
export const deliverJobSchema = z.object({
  decisionId: z.string(),
  connector: z.string().optional(),
  lane: z.enum(lanes).optional(),
});
export type DeliverJob = z.infer<typeof deliverJobSchema>;

/** The payload of a job that reads a stored webhook. */
export const receiveJobSchema = z.object({ webhookId: z.number().int() });
export type ReceiveJob = z.infer<typeof receiveJobSchema>;

/** The payload of a job that reads one ticket of a helpdesk. A job without a lane is live. */
export const refreshJobSchema = z.object({
  connector: z.string(),
  externalId: z.string(),
  /** When we were told that it has changed (ISO 8601): a read that began later has seen the change. */
  toldAt: z.string(),
  /** The helpdesk says that it was deleted. */
  isDeleted: z.boolean().optional(),
  /** It is taken in whatever its age, and nothing is written to it. */
  imports: z.boolean().optional(),
  lane: z.enum(lanes).optional(),
});
export type RefreshJob = z.infer<typeof refreshJobSchema>;

/** The payload of a job that reads a page of a helpdesk's older tickets and queues the next page. */
export const importJobSchema = z.object({ connector: z.string(), since: z.string(), cursor: z.string().nullable() });
export type ImportJob = z.infer<typeof importJobSchema>;

/** The payload of a job that reads what has changed in a helpdesk. There is at most one waiting for each connector. */
export const pollJobSchema = z.object({ connector: z.string() });

/** The priority of a job in pg-boss, by its lane. */
export function priorityOf(job: JobPayload<JobName>): number {
  return priorities[('lane' in job ? job.lane : undefined) ?? 'live'];
}

/**
 * The payload of each kind of job: a reference, never a ticket. The `-dead` kinds contain jobs that failed too often.
 */
export const jobSchemas = {
  decide: decideJobSchema,
  deliver: deliverJobSchema,
  receive: receiveJobSchema,
  refresh: refreshJobSchema,
  poll: pollJobSchema,
  import: importJobSchema,
  'decide-dead': decideJobSchema,
  'deliver-dead': deliverJobSchema,
} as const;
export type JobName = keyof typeof jobSchemas;
export type JobPayload<N extends JobName> = z.infer<(typeof jobSchemas)[N]>;

export const jobNames: readonly JobName[] = [
  'decide-dead',
  'deliver-dead',
  'decide',
  'deliver',
  'receive',
  'refresh',
  'poll',
  'import',
];

/**
 * The deliveries of each connector have their own queue with its own workers, so that a destination that hangs delays
 * only itself; so do the reads of tickets. Deliveries of versions without these queues are in `deliver`.
 */
export const perConnectorJobs = ['deliver', 'refresh'] as const satisfies readonly JobName[];
export const queueOfConnector = (name: (typeof perConnectorJobs)[number], connector: string) => `${name}/${connector}`;

/** Jobs with the same key wait once. */
export const keyOfJob = (name: JobName, job: JobPayload<JobName>): string | undefined =>
  name === 'poll' && 'connector' in job ? job.connector : undefined;

/** `short`: at most one job with the same key waits (pg-boss's word). */
export const queuePolicies: Readonly<Partial<Record<JobName, 'short'>>> = { poll: 'short' };

const YEARS_10 = 10 * 365 * 24 * 3_600;
const shared = {
  notify: true,
  // A waiting job is an accepted ticket. It must not be deleted after two weeks without a worker (pg-boss's default).
  retentionSeconds: YEARS_10,
  // Nothing reads a job that has ended. What became of a ticket is in the store.
  deleteAfterSeconds: 60,
  retryBackoff: true,
};

/** Tries and times in seconds of each kind of job. Delays double from `retryDelay` to `retryDelayMax`, with jitter. */
export const jobSettings = {
  'decide-dead': { ...shared, retryDelay: 1, retryDelayMax: 60, retryLimit: 1_000, expireInSeconds: 60 },
  'deliver-dead': { ...shared, retryDelay: 1, retryDelayMax: 60, retryLimit: 1_000, expireInSeconds: 60 },
  // Tried for about two minutes; then the ticket goes to the triage team.
  decide: {
    ...shared,
    retryDelay: 1,
    retryDelayMax: 60,
    retryLimit: 7,
    expireInSeconds: 180,
    deadLetter: 'decide-dead',
  },
  // Tried for as long as a webhook is kept: it may name a ticket of a helpdesk that is down. Outages take no tries.
  receive: { ...shared, retryDelay: 2, retryDelayMax: 900, retryLimit: 1_000, expireInSeconds: 120 },
  // Tried for a week. Outages take no tries.
  refresh: { ...shared, retryDelay: 2, retryDelayMax: 900, retryLimit: 700, expireInSeconds: 120 },
  // Tried for a week, as reads are.
  import: { ...shared, retryDelay: 2, retryDelayMax: 900, retryLimit: 700, expireInSeconds: 120 },
  // Ends by queueing the next one. Only one waits for each connector, and who may poll is decided in the store.
  poll: { ...shared, retryDelay: 1, retryDelayMax: 60, retryLimit: 1_000_000, expireInSeconds: 300 },
  // Tried for about two hours, because a helpdesk may be down for that long.
  deliver: {
    ...shared,
    retryDelay: 2,
    retryDelayMax: 900,
    retryLimit: 14,
    expireInSeconds: 120,
    deadLetter: 'deliver-dead',
  },
} as const;
