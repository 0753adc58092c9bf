import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import {
  decisionParamsSchema,
  deliveredQuerySchema,
  deliveredSchema,
  importBodySchema,
  undoneDeliverySchema,
} from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { jsonResponse, problemResponse } from './responses.ts';

/** What is done with helpdesks: older tickets are imported, and what was written is listed and taken back. */
export function helpdeskRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.post(
      '/v1/imports',
      {
        schema: {
          summary: 'Import older tickets of a helpdesk',
          description:
            'Returns 202 once the import is queued. Workers read and decide the tickets when no live ticket waits; nothing is written to them.',
          tags: ['tickets'],
          body: importBodySchema,
          response: { 202: jsonResponse('Queued', importBodySchema), default: problemResponse },
        },
      },
      async (request, reply) => {
        const { connector, since } = request.body;
        await app.importTickets({ connector, since: new Date(since), actor: actorOf(request) });
        return reply.code(202).send({ connector, since });
      },
    );

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
