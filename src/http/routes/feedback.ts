import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { feedbackBodySchema, feedbackParamsSchema, storedFeedbackSchema, ticketParamsSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { describedAnswer, doneAnswer, problemAnswer } from './answers.ts';

const tags = ['tickets'];

/** What people say of decisions: give, undo, approve. */
export function feedbackRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.post(
      '/v1/tickets/:id/feedback',
      {
        schema: {
          summary: 'Say what was right',
          description:
            'The right intent or team, a rating of the explanation, a comment. A right team is where the ticket is from then on; a right intent becomes an example, which the engine learns soon after. What contradicts another person waits for a review.',
          tags,
          params: ticketParamsSchema,
          body: feedbackBodySchema,
          response: { 201: describedAnswer('Stored', storedFeedbackSchema), default: problemAnswer },
        },
      },
      async (request, reply) => {
        const { params, body } = request;
        return reply
          .code(201)
          .send(await app.feedback({ ticketId: params.id, feedback: body, actor: actorOf(request) }));
      },
    );

    fastify.delete(
      '/v1/tickets/:id/feedback/:n',
      {
        schema: {
          summary: 'Take a feedback back',
          description:
            'With what followed from it: its example is forgotten, what was said before holds again, and the ticket is where it was.',
          tags,
          params: feedbackParamsSchema,
          response: { 204: doneAnswer('Undone'), default: problemAnswer },
        },
      },
      async (request, reply) => {
        const { id, n } = request.params;
        await app.undoFeedback({ ticketId: id, feedbackId: n, actor: actorOf(request) });
        return reply.code(204).send(null);
      },
    );

    fastify.post(
      '/v1/tickets/:id/feedback/:n/approve',
      {
        schema: {
          summary: 'Let a feedback take effect that waits for a review',
          tags,
          params: feedbackParamsSchema,
          response: { 204: doneAnswer('It holds'), default: problemAnswer },
        },
      },
      async (request, reply) => {
        const { id, n } = request.params;
        await app.approveFeedback({ ticketId: id, feedbackId: n, actor: actorOf(request) });
        return reply.code(204).send(null);
      },
    );
    done();
  };
}
