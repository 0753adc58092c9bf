import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import { ClassifierError, type ErrorCode, InputError, SwitchboardError } from '../errors.ts';
import type { ProblemDocument } from './contract.ts';
import { explainFault } from './explain-fault.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** Replace messages that name the location of the store, which clients should not see. The log has the full message. */
const neutralDetails: Readonly<Partial<Record<ErrorCode, string>>> = {
  'store-unavailable':
    'The store cannot be used now, and nothing of this request was stored. Try again soon; the log of the server says what is wrong.',
  'store-locked':
    'Another process uses the store, and nothing of this request was stored. The log of the server says which process.',
};
const INTERNAL_DETAIL =
  'An unexpected error happened, and nothing of this request was stored. The log of the server has the details.';

/** HTTP status by error code. Codes that are not listed become 500, because the request did not cause them. */
const statusByCode: Readonly<Partial<Record<ErrorCode, number>>> = {
  'invalid-input': 400,
  usage: 400,
  conflict: 409,
  'not-found': 404,
  forbidden: 403,
  busy: 503,
  'wrong-signature': 401,
  'store-locked': 503,
  'store-unavailable': 503,
  'classifier-failed': 502,
  'classifier-unavailable': 503,
  'no-engine': 501,
  'connector-failed': 502,
  'deadline-passed': 504,
};

/** The problem document for each of Fastify's own errors, by Fastify's code. */
const fastifyProblems: Readonly<Record<string, { status: number; code: string; detail: string }>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported-media-type',
    detail: 'The body must be JSON. Send it with the header "Content-Type: application/json".',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    code: 'malformed-json',
    detail: 'The body is empty. Send a JSON object.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'bad-request',
    detail: 'The body is not as long as its Content-Length says.',
  },
  FST_ERR_BAD_URL: { status: 400, code: 'bad-request', detail: 'The path is not a valid URL. Check its % escapes.' },
};

type ErrorFacts = {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
  readonly validation?: unknown;
  readonly validationContext?: unknown;
};

/** Ends a request with a problem document. */
export function sendProblem(reply: FastifyReply, problem: ProblemDocument): FastifyReply {
  return reply.code(problem.status).header('content-type', PROBLEM_TYPE).send(problem);
}

/** Maps anything that was thrown to a problem document. Details of an unexpected error are only in the log. */
export function mapErrorToProblem(error: unknown, options: { bodyLimitBytes: number }): ProblemDocument {
  if (error instanceof SwitchboardError) return mapOwnError(error);
  const facts: ErrorFacts = typeof error === 'object' && error !== null ? error : {};
  if (Array.isArray(facts.validation)) return mapValidation(facts);
  if (facts.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return createProblem({
      status: 413,
      code: 'body-too-large',
      detail: `The body is larger than ${options.bodyLimitBytes} bytes. Shorten the text, or send fewer items at once.`,
    });
  }
  const known = typeof facts.code === 'string' ? fastifyProblems[facts.code] : undefined;
  if (known) return createProblem(known);
  if (error instanceof SyntaxError && facts.statusCode === 400) return malformedJson();
  if (facts.code === 'FST_ERR_CTP_INVALID_JSON_BODY') return malformedJson();
  if (facts.statusCode === 429) {
    return createProblem({
      status: 429,
      code: 'too-many-requests',
      detail: 'Too many requests came from this address. Wait for the time in Retry-After, then go on.',
    });
  }
  if (typeof facts.statusCode === 'number' && facts.statusCode >= 400 && facts.statusCode < 500) {
    return createProblem({ status: facts.statusCode, code: 'bad-request', detail: String(facts.message ?? '') });
  }
  return createProblem({ status: 500, code: 'internal', detail: INTERNAL_DETAIL });
}

export function createProblem(options: {
  status: number;
  code: string;
  detail: string;
  issues?: ProblemDocument['issues'];
}): ProblemDocument {
  const { status, code, detail, issues } = options;
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    type: `urn:switchboard:problem:${code}`,
    title,
    status,
    detail,
    code,
    ...(issues && issues.length > 0 && { issues }),
  };
}

function mapOwnError(error: SwitchboardError): ProblemDocument {
  const status = statusByCode[error.code];
  // The message may contain paths or the text of a database driver, which clients should not see.
  if (status === undefined) return createProblem({ status: 500, code: error.code, detail: INTERNAL_DETAIL });
  const isRetryable = error instanceof ClassifierError && error.retryable;
  return createProblem({
    status: isRetryable ? 503 : status,
    code: error.code,
    detail: neutralDetails[error.code] ?? error.message,
    ...(error instanceof InputError && { issues: [...error.issues] }),
  });
}

function malformedJson(): ProblemDocument {
  return createProblem({
    status: 400,
    code: 'malformed-json',
    detail:
      'The body is not valid JSON. Look for a missing quote, comma or brace, for example {"body": "Where is my order?"}.',
  });
}

/** For a query, path or body that its zod schema refused. */
function mapValidation(facts: ErrorFacts): ProblemDocument {
  const entries: readonly unknown[] = Array.isArray(facts.validation) ? facts.validation : [];
  const issues = entries.map((entry) => {
    const record: { instancePath?: unknown } = typeof entry === 'object' && entry !== null ? entry : {};
    const path = String(record.instancePath ?? '')
      .replace(/^\//, '')
      .replaceAll('/', '.');
    return { path, message: explainFault(entry) };
  });
  const list = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return createProblem({
    status: 400,
    code: 'invalid-input',
    detail: `The ${contextName(facts.validationContext)} is not valid: ${list}. GET /docs lists the fields that it may have.`,
    issues,
  });
}

function contextName(context: unknown): string {
  if (context === 'querystring') return 'query';
  if (context === 'params') return 'path';
  return 'body';
}
