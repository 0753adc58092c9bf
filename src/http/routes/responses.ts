import { z } from 'zod';
import { problemSchema } from '../contract.ts';
import { PROBLEM_TYPE } from '../problem.ts';

/** The error response of every route, for OpenAPI. */
export const problemResponse = {
  description: 'A problem document (RFC 9457)',
  content: { [PROBLEM_TYPE]: { schema: problemSchema } },
};

/** A response without a body (204), for OpenAPI. */
export function emptyResponse(description: string) {
  return z.null().describe(description);
}

/** A JSON response with this schema, for OpenAPI. */
export function jsonResponse<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}
