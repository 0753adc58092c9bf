import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { createdTokenSchema, newTokenSchema, tokenListSchema, tokenParamsSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { emptyResponse, jsonResponse, problemResponse } from './responses.ts';

const tags = ['people'];

/** Tokens of integrations: listing, making and removing them. */
export function tokenRoutes({ people }: Pick<HttpApp, 'people'>): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/tokens',
      {
        schema: {
          summary: 'List the tokens of integrations',
          description: 'In the order of their names, without their secrets, of which only hashes are stored.',
          tags,
          response: { 200: jsonResponse('The tokens', tokenListSchema), default: problemResponse },
        },
      },
      async () => ({ items: await people.listTokens() }),
    );

    fastify.post(
      '/v1/tokens',
      {
        schema: {
          summary: 'Make a token for an integration',
          description: 'The secret is in this response alone and cannot be shown again.',
          tags,
          body: newTokenSchema,
          response: { 201: jsonResponse('Made', createdTokenSchema), default: problemResponse },
        },
      },
      async (request, reply) => {
        const created = await people.addToken({ ...request.body, actor: actorOf(request) });
        return reply.code(201).header('cache-control', 'no-store').send(created);
      },
    );

    fastify.delete(
      '/v1/tokens/:id',
      {
        schema: {
          summary: 'Remove a token',
          description: 'Requests with it are refused from then on, and browsers that signed in with it are signed out.',
          tags,
          params: tokenParamsSchema,
          response: { 204: emptyResponse('Removed'), default: problemResponse },
        },
      },
      async (request, reply) => {
        await people.removeToken({ idOrName: request.params.id, actor: actorOf(request) });
        return reply.code(204).send(null);
      },
    );
    done();
  };
}
