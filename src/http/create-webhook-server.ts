import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { systemClock } from '../base/clock.ts';
import { createBareServer, observeRequests } from './create-bare-server.ts';
import type { HttpServerOptions } from './create-http-server.ts';
import { guardAccess } from './guard-access.ts';
import { createGuessLimits } from './guess-limits.ts';
import { everybody } from './identify.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import type { ServerMetrics } from './server-metrics.ts';

/**
 * Builds the server of `server.webhookPort`, which receives webhooks and nothing else, so that its port can be open to
 * the world. It has the limits of the other server, and no token: webhooks are signed.
 */
export async function createWebhookServer(
  options: Pick<HttpServerOptions, 'access' | 'requestsPerMinute' | 'trustProxy' | 'log'> & {
    readonly app: Pick<HttpServerOptions['app'], 'acceptWebhook'>;
    readonly metrics: Pick<ServerMetrics, 'observeRequest'>;
  },
): Promise<FastifyInstance> {
  const { app, access, requestsPerMinute, trustProxy = false, log, metrics } = options;
  const fastify = createBareServer({
    ...{ log, trustProxy },
    describeMissing: ({ method, path }) =>
      `There is no route ${method} ${path} on this port, which receives webhooks alone: POST /webhooks/NAME.`,
  });
  observeRequests(fastify, { metrics, log });
  await fastify.register(helmet, { strictTransportSecurity: false });
  await fastify.register(rateLimit, { max: requestsPerMinute, timeWindow: '1 minute' });
  guardAccess(fastify, { access, identify: everybody, limits: createGuessLimits({ now: systemClock }) });
  await fastify.withTypeProvider<ZodTypeProvider>().register(webhookRoutes(app));
  // For the proxy or load balancer in front of this port.
  fastify.get('/healthz', { config: { rateLimit: false } }, async () => ({ status: 'ok' as const }));
  return fastify;
}
