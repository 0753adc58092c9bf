import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { healthSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { PROMETHEUS_CONTENT_TYPE } from '../prometheus.ts';
import { findActor } from '../request-actor.ts';
import type { ServerMetrics } from '../server-metrics.ts';
import type { Sessions } from '../sessions.ts';
import { readSessionCookie } from '../sign-in.ts';
import { describedAnswer, problemAnswer } from './answers.ts';

type Health = z.infer<typeof healthSchema>;

export function operationsRoutes(options: {
  app: HttpApp;
  metrics: ServerMetrics;
  sessions: Sessions | null;
}): FastifyPluginCallbackZod {
  const { app, metrics, sessions } = options;
  return (fastify, _options, done) => {
    fastify.get(
      '/healthz',
      {
        config: { rateLimit: false },
        schema: {
          summary: 'Is the process alive?',
          tags: ['operations'],
          response: { 200: describedAnswer('It is', z.object({ status: z.literal('ok') })), default: problemAnswer },
        },
      },
      async () => ({ status: 'ok' as const }),
    );

    fastify.get(
      '/readyz',
      {
        config: { rateLimit: false },
        schema: {
          summary: 'Can it take tickets?',
          tags: ['operations'],
          response: {
            200: describedAnswer('It can', healthSchema),
            503: describedAnswer('It cannot', healthSchema),
            default: problemAnswer,
          },
        },
      },
      async (request, reply) => {
        const { degraded, ...rest } = await app.health();
        const health = { ...rest, degraded: [...degraded] };
        const sessionId = readSessionCookie(request.headers.cookie);
        const isTrusted =
          findActor(request) !== null ||
          // Sessions are in the store: while it is down nobody can be told by one.
          (health.store.ok && sessionId !== null && (await sessions?.find(sessionId)) !== null);
        return reply.code(health.ready ? 200 : 503).send(isTrusted ? health : withoutPlaces(health));
      },
    );

    fastify.get(
      '/metrics',
      {
        config: { rateLimit: false },
        schema: {
          summary: 'Figures for Prometheus',
          tags: ['operations'],
          response: {
            200: { description: 'Text exposition', content: { 'text/plain': { schema: z.string() } } },
            default: problemAnswer,
          },
        },
      },
      async (_request, reply) => reply.header('content-type', PROMETHEUS_CONTENT_TYPE).send(await metrics.format()),
    );
    done();
  };
}

/** Whoever gives no token learns whether the server can take tickets, and nothing of where it keeps them. */
function withoutPlaces(health: Health): Health {
  const { store } = health;
  const error = store.error === null ? null : 'the store cannot be used; ask again with the token to see why';
  const degraded = health.degraded.map((part) => ({ ...part, why: 'shown with the token only' }));
  return { ...health, degraded, unknownIntents: {}, store: { ...store, location: 'shown with the token only', error } };
}
