import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { healthSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import type { Identify } from '../identify.ts';
import { PROMETHEUS_CONTENT_TYPE } from '../prometheus.ts';
import { findIdentity } from '../request-actor.ts';
import type { ServerMetrics } from '../server-metrics.ts';
import { jsonResponse, problemResponse } from './responses.ts';

type Health = z.infer<typeof healthSchema>;

export function operationsRoutes(options: {
  app: HttpApp;
  metrics: ServerMetrics;
  identify: Identify;
}): FastifyPluginCallbackZod {
  const { app, metrics, identify } = options;
  return (fastify, _options, done) => {
    fastify.get(
      '/healthz',
      {
        config: { rateLimit: false },
        schema: {
          summary: 'Whether the process is alive',
          tags: ['operations'],
          response: { 200: jsonResponse('Alive', z.object({ status: z.literal('ok') })), default: problemResponse },
        },
      },
      async () => ({ status: 'ok' as const }),
    );

    fastify.get(
      '/readyz',
      {
        config: { rateLimit: false },
        schema: {
          summary: 'Whether tickets can be accepted',
          tags: ['operations'],
          response: {
            200: jsonResponse('Ready to accept tickets', healthSchema),
            503: jsonResponse('Not ready', healthSchema),
            default: problemResponse,
          },
        },
      },
      async (request, reply) => {
        const { degraded, ...rest } = await app.health();
        const health = { ...rest, degraded: [...degraded] };
        const isTrusted =
          findIdentity(request) !== null ||
          // Users, tokens and sessions are in the store, so they cannot be looked up while it is down.
          (health.store.ok && (await identify(request).catch(() => null)) !== null);
        return reply.code(health.ready ? 200 : 503).send(isTrusted ? health : hideDetails(health));
      },
    );

    fastify.get(
      '/metrics',
      {
        config: { rateLimit: false },
        schema: {
          summary: 'Metrics for Prometheus',
          tags: ['operations'],
          response: {
            200: {
              description: 'Metrics in the text format of Prometheus',
              content: { 'text/plain': { schema: z.string() } },
            },
            default: problemResponse,
          },
        },
      },
      async (_request, reply) => reply.header('content-type', PROMETHEUS_CONTENT_TYPE).send(await metrics.format()),
    );
    done();
  };
}

/** The response without a token or a session: whether tickets can be accepted, but no locations, reasons or intents. */
function hideDetails(health: Health): Health {
  const { store } = health;
  const error = store.error === null ? null : 'The store cannot be used. Send the request with the token to see why.';
  const degraded = health.degraded.map((part) => ({ ...part, why: 'shown with the token only' }));
  return {
    ...health,
    degraded,
    helpdesks: [],
    refusedWebhooks: [],
    unknownIntents: {},
    store: { ...store, location: 'shown with the token only', error },
  };
}
