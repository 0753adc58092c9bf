import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { InputError } from '../../errors.ts';
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
import { describedAnswer, doneAnswer, problemAnswer } from './answers.ts';

const DEFAULT_PAGE = 50;
const tags = ['examples'];

/** What the engine learns from: list, import, remove, approve. */
export function exampleRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/examples',
      {
        schema: {
          summary: 'List what the engine learns from',
          description:
            "In the order of ids, with where each comes from (the company's own files, an import, a correction), who added it, and whether it waits for a review.",
          tags,
          querystring: exampleQuerySchema,
          response: { 200: describedAnswer('One page', examplePageSchema), default: problemAnswer },
        },
      },
      async (request) => {
        const { limit = DEFAULT_PAGE, cursor = null, ...filter } = request.query;
        const { intent } = filter;
        await assertKnownNames({
          named: { intent },
          names: app.names,
          isUsed: async () =>
            (await app.store.examples.list({ filter: { intent }, limit: 1, cursor: null })).items.length > 0,
        });
        return app.store.examples.list({ filter, limit, cursor });
      },
    );

    fastify.post(
      '/v1/examples',
      {
        schema: {
          summary: 'Add labelled tickets',
          description:
            "They are stored as imported examples, and the engine learns them soon after the answer. An imported one of the same id is replaced; an id of the company's own files or of a correction is refused.",
          tags,
          body: examplesBodySchema,
          response: { 200: describedAnswer('What changed', exampleChangesSchema), default: problemAnswer },
        },
      },
      async (request) => {
        const examples = request.body.examples.map((example, index) => {
          if (example.intent !== null) return { ...example, intent: example.intent };
          throw new InputError({
            message: `examples[${index}] has no intent. Only tickets with a right intent can be examples.`,
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
            "An imported or corrected one; the engine forgets it soon after. One of the company's own files is removed in its file.",
          tags,
          params: exampleParamsSchema,
          response: { 204: doneAnswer('Removed'), default: problemAnswer },
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
          summary: 'Let an example be learned that waits for a review',
          tags,
          params: exampleParamsSchema,
          response: { 204: doneAnswer('The engine learns it soon after'), default: problemAnswer },
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
