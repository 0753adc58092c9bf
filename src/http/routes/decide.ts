import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { InputError } from '../../errors.ts';
import { exampleChangesSchema, examplesBodySchema, incomingTicketBodySchema, resultSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { describedAnswer, problemAnswer } from './answers.ts';

export function decideRoutes(app: HttpApp): FastifyPluginCallbackZod {
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

    fastify.post(
      '/v1/examples',
      {
        schema: {
          summary: 'Add labelled tickets',
          description:
            'They are stored as imported examples, and the engine learns them soon after the answer. An id that is there is replaced.',
          tags: ['examples'],
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
    done();
  };
}
