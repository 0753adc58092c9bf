import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { NotFoundError } from '../../errors.ts';
import { erasureBodySchema, erasureSchema, ticketParamsSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { jsonResponse, problemResponse } from './responses.ts';

/** Erases one ticket, or all tickets of a requester. */
export function erasureRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.delete(
      '/v1/tickets/:id',
      {
        schema: {
          summary: 'Erase a ticket',
          description:
            'Also erases everything that is stored about it and the examples made from it. Copies in files of this server are erased soon after: the outbox and the caches of the engine within minutes, the files of an embedded store within an hour.',
          tags: ['tickets'],
          params: ticketParamsSchema,
          response: { 200: jsonResponse('Erased', erasureSchema), default: problemResponse },
        },
      },
      async (request) => {
        const ticketId = request.params.id;
        const erased = await app.erase({ what: { ticketId }, actor: actorOf(request) });
        if (erased.ticketIds.length > 0 || erased.examples > 0) return { ...erased, dryRun: false };
        throw new NotFoundError(`There is no ticket "${ticketId}". GET /v1/tickets lists the tickets.`);
      },
    );

    fastify.post(
      '/v1/erasures',
      {
        schema: {
          summary: 'Erase everything of a requester, or one ticket',
          description:
            'Erases the tickets with this address (upper and lower case are the same), the examples made from them, and the imported examples whose requester has the address. With `dryRun`, it only reports what it would erase. Finding nothing is not an error, so the request can be repeated. Only the command `switchboard erase` also cleans run folders.',
          tags: ['tickets'],
          body: erasureBodySchema,
          response: { 200: jsonResponse('What was erased', erasureSchema), default: problemResponse },
        },
      },
      async (request) => {
        const { dryRun, ...what } = request.body;
        const selection =
          what.requester === undefined ? { ticketId: what.ticketId ?? '' } : { requester: what.requester };
        const erased = dryRun
          ? await app.previewErasure(selection)
          : await app.erase({ what: selection, actor: actorOf(request) });
        return { ...erased, dryRun };
      },
    );
    done();
  };
}
