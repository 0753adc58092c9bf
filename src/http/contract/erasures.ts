import { z } from 'zod';

export const erasureBodySchema = z
  .strictObject({
    requester: z.string().trim().min(1).max(500).optional().describe('The address of the requester.'),
    ticketId: z.string().min(1).max(500).optional(),
    dryRun: z.boolean().default(false),
  })
  .refine(
    ({ requester, ticketId }) => (requester === undefined) !== (ticketId === undefined),
    'give either requester or ticketId',
  );

export const erasureSchema = z.object({
  ticketIds: z.array(z.string()).readonly(),
  examples: z.number().int(),
  ownExampleIds: z
    .array(z.string())
    .readonly()
    .describe("Examples in the company's own files that name the requester: a person takes them out of the file."),
  dryRun: z.boolean(),
});
