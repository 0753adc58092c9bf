import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { isSameName } from '../../base/same-name.ts';
import { InputError } from '../../errors.ts';
import { feedbackBodySchema, feedbackParamsSchema, givenFeedbackSchema, ticketParamsSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf, type Identity, identityOf, isNamedUser, mayAct } from '../request-actor.ts';
import { emptyResponse, jsonResponse, problemResponse } from './responses.ts';

const tags = ['tickets'];

/** Gives, undoes and approves feedback on decisions. */
export function feedbackRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.post(
      '/v1/tickets/:id/feedback',
      {
        schema: {
          summary: 'Give feedback on a decision',
          description:
            'The right intent or team, a rating of the explanation, or a comment. A team moves the ticket to that team. An intent makes an example of the ticket, which the engine learns soon after; the ticket stays where it is, and `hint` says how to move it. `outOfScope` says that it belongs to nobody: tickets with the same words go to triage. Feedback that contradicts another person waits for a review. `by` is for integrations, whose token several people use.',
          tags,
          params: ticketParamsSchema,
          body: feedbackBodySchema,
          response: { 201: jsonResponse('Stored', givenFeedbackSchema), default: problemResponse },
        },
      },
      async (request, reply) => {
        const { params, body } = request;
        // As in files, `intent: null` goes with `outOfScope`, which says all.
        const { intent, by, ...said } = body;
        const speaker = readSpeaker(identityOf(request), by);
        const feedback = {
          ...said,
          ...(typeof intent === 'string' && { intent }),
          ...(speaker !== null && { by: speaker }),
        };
        return reply.code(201).send(await app.feedback({ ticketId: params.id, feedback, actor: actorOf(request) }));
      },
    );

    fastify.delete(
      '/v1/tickets/:id/feedback/:n',
      {
        schema: {
          summary: 'Undo feedback',
          description:
            'Also undoes its effects: its example is removed, earlier feedback applies again, and the ticket goes back to the team of the earlier feedback or of the decision. An agent may undo their own feedback, a lead that of others.',
          tags,
          params: feedbackParamsSchema,
          response: { 204: emptyResponse('Undone'), default: problemResponse },
        },
      },
      async (request, reply) => {
        const { id, n } = request.params;
        const onlyOwn = !mayAct(request, 'lead');
        await app.undoFeedback({ ticketId: id, feedbackId: n, actor: actorOf(request), onlyOwn });
        return reply.code(204).send(null);
      },
    );

    fastify.post(
      '/v1/tickets/:id/feedback/:n/approve',
      {
        schema: {
          summary: 'Approve feedback that waits for a review',
          tags,
          params: feedbackParamsSchema,
          response: { 204: emptyResponse('Approved'), default: problemResponse },
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

/**
 * The name that is kept beside the actor: null for a user, whose own name says it. Throws InputError for a user who names
 * somebody else.
 */
function readSpeaker(identity: Identity, by: string | undefined): string | null {
  if (by === undefined || !isNamedUser(identity)) return by ?? null;
  const { actor, name } = identity;
  if ([actor.id, name, ''].some((own) => isSameName(own, by))) return null;
  const message = `you are signed in as "${actor.id}", so it cannot be by "${by}". Leave it out; only a token may name whom it speaks for.`;
  throw new InputError({
    message: `This feedback cannot be stored: by: ${message}`,
    issues: [{ path: 'by', message }],
  });
}
