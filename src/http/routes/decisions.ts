import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { incomingTicketBodySchema, resultSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { describedAnswer, problemAnswer } from './answers.ts';

export function decisionRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.post(
      '/v1/route',
      {
        schema: {
          summary: 'Decide for a ticket without storing it',
          tags: ['decisions'],
          body: incomingTicketBodySchema,
          response: { 200: describedAnswer('The decision', resultSchema), default: problemAnswer },
        },
      },
      async (request, reply) => {
        const gone = new AbortController();
        reply.raw.once('close', () => {
          if (!reply.raw.writableEnded) gone.abort();
        });
        return app.route(request.body, gone.signal);
      },
    );
    done();
  };
}
