import { z } from 'zod';

export const undoneDeliverySchema = z.object({
  decisionId: z.string(),
  ticketId: z.string(),
  state: z
    .enum(['undone', 'kept'])
    .describe('kept: the helpdesk no longer has what was written, so nothing was taken back.'),
  detail: z.string(),
});

export const decisionParamsSchema = z.object({ id: z.string().min(1).max(200) });

/** The most ids that one request returns. */
export const MAX_DELIVERED = 10_000;

export const deliveredQuerySchema = z.strictObject({
  since: z.iso.datetime({ offset: true }).optional().describe('Only what was delivered since then.'),
  release: z.string().min(1).max(200).optional().describe('Only decisions of this release.'),
  limit: z.coerce.number().int().min(1).max(MAX_DELIVERED).default(MAX_DELIVERED),
});

export const deliveredSchema = z.object({
  decisionIds: z.array(z.string()).readonly().describe('Newest first.'),
});
