import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { NotFoundError } from '../../errors.ts';
import { erasureBodySchema, erasureSchema, ticketParamsSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { describedAnswer, problemAnswer } from './answers.ts';

/** Takes tickets out for good: one, or all of a requester. */
export function erasureRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.delete(
      '/v1/tickets/:id',
      {
        schema: {
          summary: 'Erase a ticket',
          description:
            'With all that is stored of it and the examples made of it. Copies in files of this server (its outbox, the caches of its engine, the files of an embedded store) follow within minutes.',
          tags: ['tickets'],
          params: ticketParamsSchema,
          response: { 200: describedAnswer('Erased', erasureSchema), default: problemAnswer },
        },
      },
      async (request) => {
        const ticketId = request.params.id;
        const erased = await app.erase({ what: { ticketId }, actor: actorOf(request) });
        if (erased.ticketIds.length > 0 || erased.examples > 0) return { ...erased, dryRun: false };
        throw new NotFoundError(`There is no ticket "${ticketId}". GET /v1/tickets lists those that there are.`);
      },
    );

    fastify.post(
      '/v1/erasures',
      {
        schema: {
          summary: 'Erase what is stored of a requester, or of a ticket',
          description:
            'The tickets with this address (in any case of letters), the examples made of them, and the imported examples that name it. `dryRun` only says what would go. Nothing found is no error, so that it can be asked again. Run folders are cleaned by `switchboard erase`.',
          tags: ['tickets'],
          body: erasureBodySchema,
          response: { 200: describedAnswer('What was erased', erasureSchema), default: problemAnswer },
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
