import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasRole } from '../base/role.ts';
import { type AccessRules, isForeignChange, isHostAllowed } from './access.ts';
import type { GuessLimits } from './guess-limits.ts';
import type { Identify } from './identify.ts';
import { createProblem, sendProblem } from './problem.ts';
import { decorateIdentity, explainRole, type Identity, setIdentity } from './request-actor.ts';
import { demandRoles, findRouteRole, type RouteRole } from './route-roles.ts';
import { formatEndedCookie, isHttps, readSessionCookie, signInUrl, wantsPage } from './sign-in.ts';
import { refuseGuesses } from './sign-in-attempt.ts';

/**
 * Refuses requests with a foreign Host header, changes by pages of other sites, requests by nobody who is known or by
 * somebody without the role of the route, and compressed bodies, all before the body is read. Sets the identity of each
 * request.
 */
export function guardAccess(
  fastify: FastifyInstance,
  options: { access: AccessRules; identify: Identify; limits: GuessLimits },
): void {
  const { access, identify, limits } = options;

  const refuseUnidentified = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { authorization, accept, cookie } = request.headers;
    const hasOldSession = readSessionCookie(cookie) !== null;
    // A request without a token or a cookie was no attempt to guess one.
    const waitSeconds = authorization !== undefined || hasOldSession ? limits.countWrong(request.ip) : null;
    if (waitSeconds !== null) return refuseGuesses(reply, { waitSeconds });
    if (hasOldSession) reply.header('set-cookie', formatEndedCookie({ isHttps: isHttps(request) }));
    if (wantsPage({ method: request.method, accept })) {
      return reply.header('cache-control', 'no-store').redirect(signInUrl(request.url), 303);
    }
    reply.header('www-authenticate', 'Bearer realm="switchboard"');
    return refuse(reply, {
      status: 401,
      code: 'token-needed',
      detail:
        'Send the header "Authorization: Bearer …" with the value of SWITCHBOARD_TOKEN or with the token of an integration, or sign in at /sign-in.',
    });
  };

  demandRoles(fastify);
  decorateIdentity(fastify);
  fastify.addHook('onRequest', async (request, reply) => {
    if (!isHostAllowed(request.headers.host, access)) {
      return refuse(reply, {
        status: 421,
        code: 'wrong-host',
        detail:
          'The Host header has a name that this server does not accept. Use http://127.0.0.1 or the name in server.host, or add the name to server.allowedHosts in switchboard.yaml.',
      });
    }
    const { 'sec-fetch-site': fetchSite } = request.headers;
    if (isForeignChange({ method: request.method, fetchSite: fetchSite?.toString() })) {
      return refuse(reply, {
        status: 403,
        code: 'foreign-page',
        detail:
          'The browser says that a page of another site sent this request, which may not change anything. Send it from a program or from a page of this server.',
      });
    }
    const needed = roleNeeded(request);
    // Open routes must work while the store is down.
    const identity = needed === 'open' ? identify.withoutStore(request) : await identify(request);
    if (identity !== null) setIdentity(request, identity);
    if (needed !== 'open') {
      if (identity === null) return refuseUnidentified(request, reply);
      if (!hasRole(identity.role, needed)) return refuseRole(reply, { identity, needed });
    }
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      return refuse(reply, {
        status: 415,
        code: 'unsupported-media-type',
        detail: `Content-Encoding "${encoding}" is not supported. Send the body uncompressed.`,
      });
    }
  });
}

/** What does not exist is told only to those who may read, but for webhooks, which another port may receive. */
function roleNeeded({ method, routeOptions, url }: FastifyRequest): RouteRole {
  const path = routeOptions.url;
  if (path === undefined) return /^\/webhooks\//.test(url) ? 'open' : 'viewer';
  return findRouteRole({ method, path }) ?? 'admin';
}

function refuseRole(
  reply: FastifyReply,
  { identity, needed }: { identity: Identity; needed: Exclude<RouteRole, 'open'> },
): FastifyReply {
  const detail = explainRole({ has: identity.role, needed, what: 'do this' });
  return refuse(reply, { status: 403, code: 'forbidden', detail });
}

function refuse(reply: FastifyReply, options: Parameters<typeof createProblem>[0]): FastifyReply {
  return sendProblem(reply, createProblem(options));
}
