import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { decisionParamsSchema, deliveredQuerySchema, deliveredSchema, undoneDeliverySchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { jsonResponse, problemResponse } from './responses.ts';

/** Lists what was written to helpdesks, and takes it back. */
export function deliveryRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/deliveries',
      {
        schema: {
          summary: 'List the decisions that helpdesks have',
          description: 'The ids of decisions that were delivered and not taken back, newest first.',
          tags: ['decisions'],
          querystring: deliveredQuerySchema,
          response: { 200: jsonResponse('Their ids', deliveredSchema), default: problemResponse },
        },
      },
      async ({ query: { since, release, limit } }) => ({
        decisionIds: await app.findDelivered({
          ...(since !== undefined && { since: new Date(since) }),
          ...(release !== undefined && { release }),
          limit,
        }),
      }),
    );

    fastify.post(
      '/v1/decisions/:id/undo',
      {
        schema: {
          summary: 'Take back what a decision wrote to its helpdesk',
          description:
            'Takes back each field that still has what was written, and writes a note that says so. Returns `kept` where people have changed them since. A decision that was not delivered, or was taken back before, gives 409.',
          tags: ['decisions'],
          params: decisionParamsSchema,
          response: { 200: jsonResponse('What became of it', undoneDeliverySchema), default: problemResponse },
        },
      },
      async (request) => app.undoDelivery({ decisionId: request.params.id, actor: actorOf(request) }),
    );
    done();
  };
}
