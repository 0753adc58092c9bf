import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { InputError } from '../../errors.ts';
import { intentScope } from '../../taxonomy/intent-scope.ts';
import { presentIntent } from '../../taxonomy/resolve-intent.ts';
import { assertKnownNames } from '../assert-known-names.ts';
import {
  exampleChangesSchema,
  examplePageSchema,
  exampleParamsSchema,
  exampleQuerySchema,
  examplesBodySchema,
} from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { emptyResponse, jsonResponse, problemResponse } from './responses.ts';

const DEFAULT_PAGE = 50;
const tags = ['examples'];

/** Lists, imports, removes and approves the examples that the engine learns from. */
export function exampleRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/examples',
      {
        schema: {
          summary: 'List the examples that the engine learns from',
          description:
            "In the order of their ids. Each has its source (the company's own files, an import or a correction), the actor who added it, and whether it waits for a review.",
          tags,
          querystring: exampleQuerySchema,
          response: { 200: jsonResponse('One page', examplePageSchema), default: problemResponse },
        },
      },
      async (request) => {
        const { limit = DEFAULT_PAGE, cursor = null, intent, ...rest } = request.query;
        if (intent === undefined) return app.store.examples.list({ filter: rest, limit, cursor });
        const scope = intentScope(app.taxonomy, intent);
        await assertKnownNames({
          named: { intent: presentIntent(app.taxonomy, intent) },
          names: app.names,
          isUsed: async () =>
            (await app.store.examples.list({ filter: { intent: scope }, limit: 1, cursor: null })).items.length > 0,
        });
        return app.store.examples.list({ filter: { ...rest, intent: scope }, limit, cursor });
      },
    );

    fastify.post(
      '/v1/examples',
      {
        schema: {
          summary: 'Add labelled tickets',
          description:
            "Stores them as imported examples. The engine learns them soon after the response. An imported example with the same id is replaced; an id that the company's own files or a correction use is refused.",
          tags,
          body: examplesBodySchema,
          response: { 200: jsonResponse('What changed', exampleChangesSchema), default: problemResponse },
        },
      },
      async (request) => {
        const examples = request.body.examples.map((example, index) => {
          if (example.intent !== null) return { ...example, intent: example.intent };
          throw new InputError({
            message: `examples[${index}] has no intent. Only tickets with an intent can be examples: give the path of a leaf, or take this ticket off the list.`,
            issues: [{ path: `examples[${index}].intent`, message: 'is null' }],
          });
        });
        return app.importExamples({ examples, actor: actorOf(request) });
      },
    );

    fastify.delete(
      '/v1/examples/:id',
      {
        schema: {
          summary: 'Remove an example',
          description:
            "Removes an example that was imported or came from a correction. The engine forgets it soon after. Examples of the company's own files are removed by editing the file.",
          tags,
          params: exampleParamsSchema,
          response: { 204: emptyResponse('Removed'), default: problemResponse },
        },
      },
      async (request, reply) => {
        await app.removeExamples({ ids: [request.params.id], actor: actorOf(request) });
        return reply.code(204).send(null);
      },
    );

    fastify.post(
      '/v1/examples/:id/approve',
      {
        schema: {
          summary: 'Approve an example that waits for a review',
          tags,
          params: exampleParamsSchema,
          response: { 204: emptyResponse('Approved; the engine learns it soon after'), default: problemResponse },
        },
      },
      async (request, reply) => {
        await app.approveExample({ id: request.params.id, actor: actorOf(request) });
        return reply.code(204).send(null);
      },
    );
    done();
  };
}
