import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { incomingTicketBodySchema, resultSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { jsonResponse, problemResponse } from './responses.ts';

export function decisionRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.post(
      '/v1/route',
      {
        schema: {
          summary: 'Decide a ticket without storing it',
          tags: ['decisions'],
          body: incomingTicketBodySchema,
          response: { 200: jsonResponse('The decision', resultSchema), default: problemResponse },
        },
      },
      async (request, reply) => {
        const closed = new AbortController();
        reply.raw.once('close', () => {
          if (!reply.raw.writableEnded) closed.abort();
        });
        return app.route(request.body, closed.signal);
      },
    );
    done();
  };
}
