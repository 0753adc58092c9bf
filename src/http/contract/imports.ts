import { z } from 'zod';

export const importBodySchema = z.strictObject({
  connector: z.string().min(1).max(60),
  since: z.iso.datetime({ offset: true }).describe('Tickets created since then are taken in.'),
});
