import { z } from 'zod';

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What was found and what to do about it.'),
    code: z.string().describe('Names the kind of error for programs.'),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .describe('RFC 9457 problem document');
export type ProblemDocument = z.infer<typeof problemSchema>;
