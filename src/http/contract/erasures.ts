import { z } from 'zod';

/** Nothing that is stored contains a NUL character, and PostgreSQL accepts none in a query. */
const hasNoNul = (text: string) => !text.includes('\0');
const nulMessage = 'contains a NUL character';

export const erasureBodySchema = z
  .strictObject({
    requester: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .refine(hasNoNul, nulMessage)
      .optional()
      .describe('The email address of the requester.'),
    ticketId: z.string().min(1).max(500).refine(hasNoNul, nulMessage).optional().describe('The id of one ticket.'),
    dryRun: z.boolean().default(false).describe('true: only report what would be erased.'),
  })
  .refine(
    ({ requester, ticketId }) => (requester === undefined) !== (ticketId === undefined),
    'give either requester or ticketId, and not both',
  );

export const erasureSchema = z.object({
  ticketIds: z.array(z.string()).readonly().describe('The tickets that were found.'),
  examples: z.number().int().describe('How many examples were found.'),
  ownExampleIds: z
    .array(z.string())
    .readonly()
    .describe(
      "Examples in the company's own files whose requester has the address. They stay: edit the files to remove them.",
    ),
  dryRun: z.boolean(),
});
