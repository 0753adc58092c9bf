import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../base/actor.ts';
import { type AccessRules, hasToken, isForeignChange, isHostAllowed, needsToken } from './access.ts';
import { createProblem, sendProblem } from './problem.ts';
import { decorateActor, localActor, setActor, tokenActor } from './request-actor.ts';
import type { Sessions } from './sessions.ts';
import { formatEndedCookie, readSessionCookie, signInUrl, wantsPage } from './sign-in.ts';
import { signInRoutes } from './sign-in-routes.ts';

/** From one address. This limits how fast a token can be guessed. */
const WRONG_TOKENS_PER_MINUTE = 100;

/**
 * Refuses requests with a foreign Host header, changes by pages of other sites, requests without the token or a
 * session, and compressed bodies, all before the body is read. Sets the actor of each request. `sessions` is null when
 * the server has no token.
 */
export function guardAccess(
  fastify: FastifyInstance,
  options: { access: AccessRules; sessions: Sessions | null },
): void {
  const { access, sessions } = options;
  const countWrongToken = fastify.createRateLimit({ max: WRONG_TOKENS_PER_MINUTE, timeWindow: '1 minute' });

  /** Counts a wrong token. Returns true, after sending a 429, when there were too many from this address. */
  const refuseTooMany = async (request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
    const count = await countWrongToken(request);
    if (count.isAllowed || !count.isExceeded) return false;
    reply.header('retry-after', `${count.ttlInSeconds}`);
    refuse(reply, {
      status: 429,
      code: 'too-many-requests',
      detail: 'Too many wrong tokens came from this address. Wait a minute.',
    });
    return true;
  };

  const identify = async ({ headers, url }: FastifyRequest): Promise<Actor | null> => {
    if (sessions === null) return localActor;
    if (hasToken(headers.authorization, access)) return tokenActor;
    // Open paths must work while the store is down, so they look up no session.
    const sessionId = needsToken(url, access) ? readSessionCookie(headers.cookie) : null;
    return sessionId === null ? null : sessions.find(sessionId);
  };

  const refuseUnidentified = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { authorization, accept, cookie } = request.headers;
    const hasOldSession = readSessionCookie(cookie) !== null;
    // A request without a token or a cookie was no attempt to guess one.
    if ((authorization !== undefined || hasOldSession) && (await refuseTooMany(request, reply))) return reply;
    if (hasOldSession) reply.header('set-cookie', formatEndedCookie({ isHttps: isHttps(request) }));
    if (wantsPage({ method: request.method, accept })) {
      return reply.header('cache-control', 'no-store').redirect(signInUrl(request.url), 303);
    }
    reply.header('www-authenticate', 'Bearer realm="switchboard"');
    return refuse(reply, {
      status: 401,
      code: 'token-needed',
      detail: 'Send the header "Authorization: Bearer …" with the value of SWITCHBOARD_TOKEN.',
    });
  };

  decorateActor(fastify);
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
    const actor = await identify(request);
    if (actor !== null) setActor(request, actor);
    else if (needsToken(request.url, access)) return refuseUnidentified(request, reply);
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      return refuse(reply, {
        status: 415,
        code: 'unsupported-media-type',
        detail: `Content-Encoding "${encoding}" is not supported. Send the body uncompressed.`,
      });
    }
  });

  const { token } = access;
  if (token !== null && sessions !== null) {
    fastify.register(signInRoutes({ token, sessions, isHttps, refuseTooMany }));
  }
}

/** Reads X-Forwarded-Proto from anybody: a client that invents it only adds `Secure` to its own cookie. */
function isHttps({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || headers['x-forwarded-proto'] === 'https';
}

function refuse(reply: FastifyReply, options: Parameters<typeof createProblem>[0]): FastifyReply {
  return sendProblem(reply, createProblem(options));
}
