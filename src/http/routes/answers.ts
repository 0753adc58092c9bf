import { z } from 'zod';
import { problemSchema } from '../contract.ts';
import { PROBLEM_TYPE } from '../problem.ts';

/** How OpenAPI shows every error. */
export const problemAnswer = {
  description: 'A problem document (RFC 9457)',
  content: { [PROBLEM_TYPE]: { schema: problemSchema } },
};

/** An answer without a body (204). */
export function doneAnswer(description: string) {
  return z.null().describe(description);
}

export function describedAnswer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}
