import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { fastifySSE } from '@fastify/sse';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { systemClock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { type AccessRules, isUnguarded } from './access.ts';
import { createBareServer, type MissingRoute, observeRequests } from './create-bare-server.ts';
import { createDecisionWaiter } from './decision-waiter.ts';
import { docsLook } from './docs-look.ts';
import { guardAccess } from './guard-access.ts';
import { createGuessLimits } from './guess-limits.ts';
import type { HttpApp } from './http-app.ts';
import { createIdentify } from './identify.ts';
import { servePage } from './page-files.ts';
import { refuseNul } from './refuse-nul.ts';
import { calibrationRoutes } from './routes/calibrations.ts';
import { decisionRoutes } from './routes/decisions.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { eventRoutes } from './routes/events.ts';
import { exampleRoutes } from './routes/examples.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { figureRoutes } from './routes/figures.ts';
import { helpdeskRoutes } from './routes/helpdesks.ts';
import { operationsRoutes } from './routes/operations.ts';
import { reviewRoutes } from './routes/review.ts';
import { runRoutes } from './routes/runs.ts';
import { sessionRoutes } from './routes/session.ts';
import { setupRoutes } from './routes/setup.ts';
import { taxonomyRoutes } from './routes/taxonomy.ts';
import { ticketRoutes } from './routes/tickets.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { userRoutes } from './routes/users.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { createServerMetrics, type ServerMetrics } from './server-metrics.ts';
import { createSessions } from './sessions.ts';
import { createSignIn } from './sign-in-attempt.ts';
import { signInNotice } from './sign-in-notice.ts';
import type { StreamLimits } from './stream-slots.ts';

export type HttpServerOptions = {
  readonly app: HttpApp;
  readonly access: AccessRules;
  readonly requestsPerMinute: number;
  /** Addresses of the proxies whose X-Forwarded-For is believed; true for any, false or missing for none. */
  readonly trustProxy?: boolean | readonly string[];
  readonly streamLimits?: StreamLimits;
  /** How often the reader of an open stream must still be signed in; half a minute when missing. */
  readonly recheckMs?: number | undefined;
  /** The port of a server that receives webhooks in place of this one; null or missing when this one receives them. */
  readonly webhookPort?: number | null;
  /** The folder of the built page; null or missing where there is none, and `/` leads to the documentation. */
  readonly pageDir?: string | null;
  /** Where requests are counted; a server counts for itself when it is missing. */
  readonly metrics?: ServerMetrics;
  readonly log: Logger;
  readonly version: string;
};

/** Builds the server with all its routes. It does not listen yet: call `listen` on it. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const {
    app,
    access,
    requestsPerMinute,
    trustProxy = false,
    log,
    version,
    webhookPort = null,
    pageDir = null,
  } = options;
  const fastify = createBareServer({
    log,
    trustProxy,
    describeMissing: (route) => describeMissing(route, webhookPort),
  });
  const { metrics = createServerMetrics({ app, version }) } = options;
  const waiter = createDecisionWaiter(app);
  observeRequests(fastify, { metrics, log });
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
  const { people } = app;
  const sessions = createSessions({ store: app.store.sessions });
  const limits = createGuessLimits({ now: systemClock });
  const identify = createIdentify({ access, people, sessions });
  const signIn = createSignIn({ access, people, sessions, limits });
  guardAccess(fastify, { access, identify, limits });
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
      ...(!isUnguarded(access) && {
        components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
        security: [{ token: [] }],
      }),
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  const { default: swaggerUi } = await import('@fastify/swagger-ui');
  await fastify.register(swaggerUi, { routePrefix: '/docs', ...docsLook });

  const typed = fastify.withTypeProvider<ZodTypeProvider>();
  await typed.register(ticketRoutes(app, waiter));
  if (webhookPort === null) await typed.register(webhookRoutes(app));
  await typed.register(feedbackRoutes(app));
  await typed.register(reviewRoutes(app));
  await typed.register(decisionRoutes(app));
  await typed.register(exampleRoutes(app));
  await typed.register(calibrationRoutes(app));
  await typed.register(helpdeskRoutes(app));
  await typed.register(erasureRoutes(app));
  await typed.register(figureRoutes(app));
  await typed.register(taxonomyRoutes(app));
  await typed.register(runRoutes(app));
  await typed.register(setupRoutes({ app, version }));
  await typed.register(eventRoutes({ app, identify, limits: options.streamLimits, recheckMs: options.recheckMs }));
  await typed.register(operationsRoutes({ app, metrics, identify }));
  await typed.register(sessionRoutes({ app, version, signIn, sessions, limits }));
  await typed.register(userRoutes(app));
  await typed.register(tokenRoutes(app));
  fastify.get('/openapi.json', { schema: { hide: true } }, async () => fastify.swagger());
  if (pageDir !== null) await servePage(fastify, { dir: pageDir });
  else {
    await fastify.register(signInNotice());
    fastify.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs'));
  }
  return fastify;
}

function describeMissing({ method, path }: MissingRoute, webhookPort: number | null): string {
  if (webhookPort !== null && path.startsWith('/webhooks/')) {
    return `Webhooks are received on port ${webhookPort} alone (server.webhookPort). Send them there.`;
  }
  return `There is no route ${method} ${path}. GET /docs lists the routes.`;
}
