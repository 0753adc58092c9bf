import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import {
  invitationParamsSchema,
  meSchema,
  newPasswordSchema,
  openInvitationSchema,
  sessionBodySchema,
} from '../contract.ts';
import type { GuessLimits } from '../guess-limits.ts';
import type { HttpApp } from '../http-app.ts';
import { createProblem, sendProblem } from '../problem.ts';
import { identityOf } from '../request-actor.ts';
import type { Sessions } from '../sessions.ts';
import { formatEndedCookie, isHttps, readSessionCookie } from '../sign-in.ts';
import { refuseGuesses, type SignIn, startSession } from '../sign-in-attempt.ts';
import { emptyResponse, jsonResponse, problemResponse } from './responses.ts';

const tags = ['people'];
const UNKNOWN_INVITATION =
  'This invitation is not known: it was used, replaced by a newer one, or is too old. Ask for another.';

/** Who is signed in, signing in and out, and what an invitation lets somebody do. */
export function sessionRoutes(options: {
  app: Pick<HttpApp, 'people' | 'learning' | 'taxonomy' | 'engineStart'>;
  version: string;
  signIn: SignIn;
  sessions: Sessions;
  limits: GuessLimits;
}): FastifyPluginCallbackZod {
  const { app, version, signIn, sessions, limits } = options;
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/me',
      {
        schema: {
          summary: 'Who is signed in',
          description: 'The user or token that the request comes from, its role, and what a page needs at its start.',
          tags,
          response: { 200: jsonResponse('You', meSchema), default: problemResponse },
        },
      },
      async (request) => ({
        ...identityOf(request),
        learning: app.learning,
        version,
        engineStart: app.engineStart(),
        company: app.taxonomy.name === '' ? null : app.taxonomy.name,
      }),
    );

    fastify.post(
      '/v1/session',
      {
        schema: {
          summary: 'Sign in a browser',
          description:
            'With SWITCHBOARD_TOKEN, the token of an integration, or a user and password. Sets a cookie that scripts cannot read. After too many wrong attempts on one user or from one address, further ones get 429 for some minutes.',
          tags,
          security: [],
          body: sessionBodySchema,
          response: { 204: emptyResponse('Signed in'), default: problemResponse },
        },
      },
      async (request, reply) => {
        const attempted = await signIn.attempt(request, request.body);
        if (attempted.kind === 'limited') return refuseGuesses(reply, attempted);
        if (attempted.kind === 'signed-in')
          return startSession(request, reply, attempted.sessionId).code(204).send(null);
        const detail =
          'token' in request.body
            ? 'This is not the token of this server, nor that of an integration.'
            : 'There is no user with this name and password.';
        return sendProblem(reply, createProblem({ status: 401, code: 'wrong-credentials', detail }));
      },
    );

    fastify.delete(
      '/v1/session',
      {
        schema: {
          summary: 'Sign out a browser',
          description: 'Ends the session of the cookie. Without one, nothing happens.',
          tags,
          security: [],
          response: { 204: emptyResponse('Signed out'), default: problemResponse },
        },
      },
      async (request, reply) => {
        const sessionId = readSessionCookie(request.headers.cookie);
        if (sessionId !== null) {
          await sessions.end(sessionId);
          reply.header('set-cookie', formatEndedCookie({ isHttps: isHttps(request) }));
        }
        return reply.code(204).send(null);
      },
    );

    fastify.get(
      '/v1/invitations/:code',
      {
        schema: {
          summary: 'Look at an invitation',
          tags,
          security: [],
          params: invitationParamsSchema,
          response: { 200: jsonResponse('The invitation', openInvitationSchema), default: problemResponse },
        },
      },
      async (request, reply) => {
        const user = await app.people.findInvited(request.params.code);
        reply.header('cache-control', 'no-store');
        if (user !== null) {
          const { id, name, role, invitationExpiresAt } = user;
          return { user: id, name, role, expiresAt: invitationExpiresAt ?? '' };
        }
        const waitSeconds = limits.countWrong(request.ip);
        if (waitSeconds !== null) return refuseGuesses(reply, { waitSeconds });
        return sendProblem(reply, createProblem({ status: 404, code: 'not-found', detail: UNKNOWN_INVITATION }));
      },
    );

    fastify.post(
      '/v1/invitations/:code',
      {
        schema: {
          summary: 'Accept an invitation',
          description: 'Sets the password of the user, ends the invitation, and signs the browser in.',
          tags,
          security: [],
          params: invitationParamsSchema,
          body: newPasswordSchema,
          response: { 204: emptyResponse('The password is set'), default: problemResponse },
        },
      },
      async (request, reply) => {
        const user = await app.people.acceptInvitation({ code: request.params.code, password: request.body.password });
        return startSession(request, reply, await signIn.open(user))
          .code(204)
          .send(null);
      },
    );
    done();
  };
}
