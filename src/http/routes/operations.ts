import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { healthSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { PROMETHEUS_CONTENT_TYPE } from '../prometheus.ts';
import type { ServerMetrics } from '../server-metrics.ts';
import { describedAnswer, problemAnswer } from './answers.ts';

export function operationsRoutes(app: HttpApp, metrics: ServerMetrics): FastifyPluginCallbackZod {
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
      async (_request, reply) => {
        const health = await app.health();
        return reply.code(health.ready ? 200 : 503).send(health);
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
