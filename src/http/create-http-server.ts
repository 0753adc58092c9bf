import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { fastifySSE } from '@fastify/sse';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from '../base/logger.ts';
import { mapErrorForLog } from '../base/safe-error.ts';
import { InputError } from '../errors.ts';
import type { AccessRules } from './access.ts';
import { createDecisionWaiter } from './decision-waiter.ts';
import { guardAccess } from './guard-access.ts';
import type { HttpApp } from './http-app.ts';
import { createProblem, mapErrorToProblem, PROBLEM_TYPE, sendProblem } from './problem.ts';
import { refuseNul } from './refuse-nul.ts';
import { calibrationRoutes } from './routes/calibrations.ts';
import { decisionRoutes } from './routes/decisions.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { eventRoutes } from './routes/events.ts';
import { exampleRoutes } from './routes/examples.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { operationsRoutes } from './routes/operations.ts';
import { ticketRoutes } from './routes/tickets.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { createServerMetrics } from './server-metrics.ts';
import { createSessions } from './sessions.ts';
import { findShapeFault, MAX_FIELDS, MAX_NESTING, MAX_PARTS, type ShapeFault } from './shape-fault.ts';
import type { StreamLimits } from './stream-slots.ts';
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

export type HttpServerOptions = {
  readonly app: HttpApp;
  readonly access: AccessRules;
  readonly requestsPerMinute: number;
  /** Addresses of the proxies whose X-Forwarded-For is believed; true for any, false or missing for none. */
  readonly trustProxy?: boolean | readonly string[];
  readonly streamLimits?: StreamLimits;
  readonly log: Logger;
  readonly version: string;
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

/** Builds the server with all its routes. It does not listen yet: call `listen` on it. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { app, access, requestsPerMinute, trustProxy = false, log, version } = options;
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

  sendErrorsAsProblems(fastify, log);
  const metrics = createServerMetrics({ app, version });
  const waiter = createDecisionWaiter(app);
  fastify.addHook('onResponse', async (request, reply) => {
    const facts = { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode };
    metrics.observeRequest({ ...facts, seconds: reply.elapsedTime / 1000 });
    log.debug({ ...facts, ms: Math.round(reply.elapsedTime) }, 'request');
  });
  fastify.addHook('preClose', async () => waiter.close());
  fastify.addHook('onClose', async () => metrics.close());

  await fastify.register(helmet, {
    // No HSTS and no upgrade to https, because the server speaks plain HTTP. The page /docs needs inline styles.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      directives: {
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        upgradeInsecureRequests: null,
      },
    },
  });
  await fastify.register(rateLimit, { max: requestsPerMinute, timeWindow: '1 minute' });
  const { token } = access;
  const sessions = token === null || token === '' ? null : createSessions({ store: app.store.sessions, token });
  guardAccess(fastify, { access, sessions });
  refuseNul(fastify);
  await fastify.register(fastifySSE);
  await fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Switchboard',
        description: "Reads each support ticket and puts it on the right team's desk, with its reasons.",
        version,
      },
      ...(access.token !== null && {
        components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
        security: [{ token: [] }],
      }),
    },
    transform: jsonSchemaTransform,
  });
  const { default: swaggerUi } = await import('@fastify/swagger-ui');
  await fastify.register(swaggerUi, { routePrefix: '/docs' });

  const typed = fastify.withTypeProvider<ZodTypeProvider>();
  await typed.register(ticketRoutes(app, waiter));
  await typed.register(webhookRoutes(app));
  await typed.register(feedbackRoutes(app));
  await typed.register(decisionRoutes(app));
  await typed.register(exampleRoutes(app));
  await typed.register(calibrationRoutes(app));
  await typed.register(erasureRoutes(app));
  await typed.register(eventRoutes(app, options.streamLimits));
  await typed.register(operationsRoutes({ app, metrics, sessions }));
  fastify.get('/openapi.json', { schema: { hide: true } }, async () => fastify.swagger());
  fastify.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs'));
  return fastify;
}

function sendErrorsAsProblems(fastify: FastifyInstance, log: Logger): void {
  fastify.setErrorHandler((error, request, reply) => {
    const problem = mapErrorToProblem(error, { bodyLimitBytes: BODY_LIMIT_BYTES });
    if (problem.status >= 500) {
      const facts = { method: request.method, route: request.routeOptions.url, status: problem.status };
      log.error({ ...facts, error: mapErrorForLog(error) }, 'request failed');
    }
    if (problem.status === 503) reply.header('retry-after', '5');
    return sendProblem(reply, problem);
  });
  fastify.setNotFoundHandler((request, reply) => {
    const problem = createProblem({
      status: 404,
      code: 'not-found',
      detail: `There is no route ${request.method} ${pathOf(request.url)}. GET /docs lists the routes.`,
    });
    return sendProblem(reply, problem);
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
