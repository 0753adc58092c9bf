import type { FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { type ReviewKind, reviewKinds } from '../../store/review-kinds.ts';
import {
  reviewBatchSchema,
  reviewItemSchema,
  reviewParamsSchema,
  reviewQuerySchema,
  reviewRequestSchema,
  reviewStateSchema,
  undoQuerySchema,
  verdictBodySchema,
  verdictResultSchema,
} from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf, assertRole, mayAct } from '../request-actor.ts';
import { jsonResponse, problemResponse } from './responses.ts';

const tags = ['review'];

/** What waits for people, one after the other: nobody gets what another one looks at. */
export function reviewRoutes(app: HttpApp): FastifyPluginCallbackZod {
  const { review } = app;
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/review',
      {
        schema: {
          summary: 'What waits for a review, and what was done today',
          tags,
          querystring: reviewQuerySchema,
          response: { 200: jsonResponse('By kind', reviewStateSchema), default: problemResponse },
        },
      },
      async (request) => {
        const { since } = request.query;
        const actor = actorOf(request);
        const [counts, doneToday] = await Promise.all([
          review.counts(),
          review.countDone({ actor, since: since === undefined ? null : new Date(since) }),
        ]);
        return { counts, doneToday };
      },
    );

    fastify.post(
      '/v1/review/next',
      {
        schema: {
          summary: 'Get the next items to review',
          description:
            'Most urgent first, then oldest. They are held for five minutes, and nobody else gets them or another item of the same ticket; asking again makes that longer for what is returned, and gives the others back. A kind is `abstained` (no engine knew), `unsure` (decided with less confidence than `learning.reviewBelow`), `moved` (somebody moved it, here or in the helpdesk, and did not say which intent it was), `correction` (feedback that waits) or `example` (an example that waits).',
          tags,
          body: reviewRequestSchema,
          response: { 200: jsonResponse('What is held now', reviewBatchSchema), default: problemResponse },
        },
      },
      async (request) => {
        const { reviewer, kinds = kindsOf(request), ...wanted } = request.body;
        for (const kind of kinds) assertKind(request, kind);
        return review.next({ holder: { actor: actorOf(request), reviewer }, kinds: [...new Set(kinds)], ...wanted });
      },
    );

    fastify.post(
      '/v1/review/:id',
      {
        schema: {
          summary: 'Give a verdict',
          description:
            'Of a ticket: `right`, what the engine said is so, or `wrong`, with the right intent or team. That is feedback: it makes an example, and a team moves the ticket. Of feedback and examples that wait: `approve` or `reject`. `skip` leaves the item to others. Sent a second time, the same verdict changes nothing. 409 when somebody else holds the item, or when it is done.',
          tags,
          params: reviewParamsSchema,
          body: verdictBodySchema,
          response: { 200: jsonResponse('Stored', verdictResultSchema), default: problemResponse },
        },
      },
      async (request) => {
        const { reviewer, ...said } = request.body;
        return review.decide({
          ...{ id: request.params.id, holder: { actor: actorOf(request), reviewer }, ...said },
          ...{ kinds: kindsOf(request), assertKind: (kind) => assertKind(request, kind) },
        });
      },
    );

    fastify.delete(
      '/v1/review/:id/verdict',
      {
        schema: {
          summary: 'Take a verdict back',
          description:
            'With what followed from it: its feedback, its example, an approval or a rejection. The item waits again, held for whoever gave the verdict. Only they can take it back; others undo the feedback on the ticket.',
          tags,
          params: reviewParamsSchema,
          querystring: undoQuerySchema,
          response: { 200: jsonResponse('The item, which waits again', reviewItemSchema), default: problemResponse },
        },
      },
      async (request) =>
        review.undo({
          ...{ id: request.params.id, actor: actorOf(request), reviewer: request.query.reviewer ?? null },
          assertKind: (kind) => assertKind(request, kind),
        }),
    );
    done();
  };
}

/** What waits because of somebody's word needs somebody with more to say. */
const forLeads: readonly ReviewKind[] = ['correction', 'example'];

/** Kinds that this role may decide. */
const kindsOf = (request: FastifyRequest): readonly ReviewKind[] =>
  mayAct(request, 'lead') ? reviewKinds : reviewKinds.filter((kind) => !forLeads.includes(kind));

/** Throws ForbiddenError for a kind that this role may not decide. */
function assertKind(request: FastifyRequest, kind: ReviewKind): void {
  if (forLeads.includes(kind)) assertRole(request, 'lead', `review what is of the kind "${kind}"`);
}
