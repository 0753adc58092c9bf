import { z } from 'zod';

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What was found and what to do about it.'),
    code: z.string().describe('The kind of error, for programs.'),
    issues: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('The wrong fields.'),
  })
  .describe('A problem document (RFC 9457)');
export type ProblemDocument = z.infer<typeof problemSchema>;
