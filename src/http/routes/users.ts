import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { InvitedUser } from '../../people/people.ts';
import {
  invitedUserSchema,
  newUserSchema,
  userChangesSchema,
  userListSchema,
  userParamsSchema,
  userSchema,
} from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { emptyResponse, jsonResponse, problemResponse } from './responses.ts';

const tags = ['people'];

/** Named users: listing, inviting, changing and removing them. */
export function userRoutes({ people }: Pick<HttpApp, 'people'>): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/users',
      {
        schema: {
          summary: 'List the users',
          description: 'In the order of their ids, with their roles.',
          tags,
          response: { 200: jsonResponse('The users', userListSchema), default: problemResponse },
        },
      },
      async () => ({ items: await people.listUsers() }),
    );

    fastify.post(
      '/v1/users',
      {
        schema: {
          summary: 'Add a user',
          description:
            'Returns the path of a page on which the user chooses a password. It works once, for a week, and is shown only now: send it to the user.',
          tags,
          body: newUserSchema,
          response: { 201: jsonResponse('Added', invitedUserSchema), default: problemResponse },
        },
      },
      async (request, reply) => {
        const { id, name, role } = request.body;
        const invited = await people.addUser({
          id,
          role,
          actor: actorOf(request),
          ...(name !== undefined && { name }),
        });
        return reply.code(201).send(mapInvited(invited));
      },
    );

    fastify.patch(
      '/v1/users/:id',
      {
        schema: {
          summary: 'Change the role or the name of a user',
          description: 'It counts from the next request of the user on. Nobody can change their own role.',
          tags,
          params: userParamsSchema,
          body: userChangesSchema,
          response: { 200: jsonResponse('Changed', userSchema), default: problemResponse },
        },
      },
      async (request) => {
        const { role, name } = request.body;
        return people.changeUser({
          ...{ id: request.params.id, actor: actorOf(request) },
          ...(role !== undefined && { role }),
          ...(name !== undefined && { name }),
        });
      },
    );

    fastify.delete(
      '/v1/users/:id',
      {
        schema: {
          summary: 'Remove a user',
          description: 'Also ends the sessions of the user. What the user has done stays in the history.',
          tags,
          params: userParamsSchema,
          response: { 204: emptyResponse('Removed'), default: problemResponse },
        },
      },
      async (request, reply) => {
        await people.removeUser({ id: request.params.id, actor: actorOf(request) });
        return reply.code(204).send(null);
      },
    );

    fastify.post(
      '/v1/users/:id/invitation',
      {
        schema: {
          summary: 'Invite a user again',
          description:
            'For a link that was lost or is too old, and for a forgotten password, which works until a new one is chosen. The link before it ends.',
          tags,
          params: userParamsSchema,
          response: { 200: jsonResponse('The new invitation', invitedUserSchema), default: problemResponse },
        },
      },
      async (request) => mapInvited(await people.inviteUser({ id: request.params.id, actor: actorOf(request) })),
    );
    done();
  };
}

function mapInvited({ user, invitation: { code, expiresAt } }: InvitedUser) {
  return { user, invitation: { path: `/invitation/${code}`, expiresAt } };
}
