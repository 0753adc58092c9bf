import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from '../base/logger.ts';
import { mapErrorForLog } from '../base/safe-error.ts';
import { InputError } from '../errors.ts';
import { createProblem, mapErrorToProblem, PROBLEM_TYPE, sendProblem } from './problem.ts';
import type { ServerMetrics } from './server-metrics.ts';
import { findShapeFault, MAX_FIELDS, MAX_NESTING, MAX_PARTS, type ShapeFault } from './shape-fault.ts';
import { validateRequest } from './validate-request.ts';

/**
 * Enough for the longest body of a ticket (200,000 characters), even if each is written as a \uXXXX escape (6 bytes).
 */
export const BODY_LIMIT_BYTES = 1_500_000;
/**
 * Time to receive a whole request; the response may take longer. Without it, idle senders could block every connection.
 */
const REQUEST_TIMEOUT_MS = 30_000;
/** A ticket id has up to 200 characters; percent-encoded, each may take 12. */
const MAX_PARAMETER_LENGTH = 2_400;

export type MissingRoute = { readonly method: string; readonly path: string };

type BareServerOptions = {
  readonly log: Logger;
  readonly trustProxy: boolean | readonly string[];
  /** What to say about a route that does not exist. */
  describeMissing(route: MissingRoute): string;
};

function refuseShape(fault: ShapeFault): InputError {
  const found = {
    wide: `One object of this request has more than ${MAX_FIELDS} fields`,
    deep: `This request nests objects and lists deeper than ${MAX_NESTING} levels`,
    many: `This request has more than ${MAX_PARTS} objects and lists`,
  };
  return new InputError({
    message: `${found[fault]}, which is the limit. Send only fields that are listed in /openapi.json.`,
  });
}

const replacedCompiler = (): never => {
  throw new Error('a compiler of Fastify was asked for, although another one is set');
};

/** Builds a server without routes: its limits, how bodies are read, and how errors become problem documents. */
export function createBareServer({ log, trustProxy, describeMissing }: BareServerOptions): FastifyInstance {
  const fastify = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    schemaController: {
      // Fastify would load two compilers of its own, a hundred modules, although both are replaced below.
      compilersFactory: { buildValidator: replacedCompiler, buildSerializer: replacedCompiler },
    },
    trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy],
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    frameworkErrors: (error, _request, reply) => {
      const problem = mapErrorToProblem(error, { bodyLimitBytes: BODY_LIMIT_BYTES });
      reply.raw.writeHead(problem.status, { 'content-type': PROBLEM_TYPE }).end(JSON.stringify(problem));
    },
    clientErrorHandler: refuseBrokenHttp,
  });
  fastify.setValidatorCompiler(validateRequest);
  // Responses are built from typed data of our own store, so they are not checked against their schemas again.
  fastify.setSerializerCompiler(() => (data) => JSON.stringify(data));
  fastify.removeContentTypeParser('text/plain');
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    // Many clients send this content type with every request, also where nothing is to be sent, as to approve.
    if (body === '' && request.routeOptions.schema?.body === undefined) return done(null, undefined);
    const fault = findShapeFault(body);
    if (fault !== null) return done(refuseShape(fault));
    return parseJson(request, body, done);
  });
  sendErrorsAsProblems(fastify, { log, describeMissing });
  return fastify;
}

/** Counts each request for the metrics, and writes it to the log at the level debug. */
export function observeRequests(
  fastify: FastifyInstance,
  { metrics, log }: { metrics: Pick<ServerMetrics, 'observeRequest'>; log: Logger },
): void {
  fastify.addHook('onResponse', async (request, reply) => {
    const facts = { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode };
    metrics.observeRequest({ ...facts, seconds: reply.elapsedTime / 1000 });
    log.debug({ ...facts, ms: Math.round(reply.elapsedTime) }, 'request');
  });
}

function sendErrorsAsProblems(
  fastify: FastifyInstance,
  { log, describeMissing }: Pick<BareServerOptions, 'log' | 'describeMissing'>,
): void {
  fastify.setErrorHandler((error, request, reply) => {
    const problem = mapErrorToProblem(error, { bodyLimitBytes: request.routeOptions.bodyLimit ?? BODY_LIMIT_BYTES });
    if (problem.status >= 500) {
      const facts = { method: request.method, route: request.routeOptions.url, status: problem.status };
      log.error({ ...facts, error: mapErrorForLog(error) }, 'request failed');
    }
    if (problem.status === 503) reply.header('retry-after', '5');
    return sendProblem(reply, problem);
  });
  fastify.setNotFoundHandler((request, reply) => {
    const detail = describeMissing({ method: request.method, path: pathOf(request.url) });
    return sendProblem(reply, createProblem({ status: 404, code: 'not-found', detail }));
  });
}

function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return path.length <= 200 ? path : `${path.slice(0, 200)}…`;
}

const brokenHttpDetails = {
  400: 'The request is not valid HTTP/1.1. Check the client that sent it.',
  408: `The request was not complete after ${REQUEST_TIMEOUT_MS / 1_000} s. Send it again.`,
  431: 'The headers of the request are too large. Send fewer or shorter headers.',
} as const;

/** Sends a problem document for a request that Node could not parse as HTTP, which therefore reaches no route. */
function refuseBrokenHttp(error: NodeJS.ErrnoException, socket: import('node:net').Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const problem = createProblem({ status, code: 'bad-request', detail: brokenHttpDetails[status] });
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${problem.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
