import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../base/actor.ts';
import { type AccessRules, hasToken, isForeignChange, isHostAllowed, needsToken } from './access.ts';
import { createProblem, PROBLEM_TYPE } from './problem.ts';
import { decorateActor, localActor, setActor, tokenActor } from './request-actor.ts';
import type { Sessions } from './sessions.ts';
import { formatEndedCookie, readSessionCookie, signInUrl, wantsPage } from './sign-in.ts';
import { signInRoutes } from './sign-in-routes.ts';

/** From one address; a token is found out by trying no sooner than at this pace. */
const WRONG_TOKENS_PER_MINUTE = 100;

/**
 * Refuses, before anything of a request is read: foreign Host headers, changes by pages of other sites, missing tokens,
 * packed bodies. Notes who makes
 * the request. `sessions` is null where no token is asked for.
 */
export function guardAccess(
  fastify: FastifyInstance,
  options: { access: AccessRules; sessions: Sessions | null },
): void {
  const { access, sessions } = options;
  const countWrongToken = fastify.createRateLimit({ max: WRONG_TOKENS_PER_MINUTE, timeWindow: '1 minute' });

  /** Returns whether this wrong token was one too many, and says so. */
  const refuseTooMany = async (request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
    const count = await countWrongToken(request);
    if (count.isAllowed || !count.isExceeded) return false;
    reply.header('retry-after', `${count.ttlInSeconds}`);
    refuse(reply, { status: 429, code: 'too-many-requests', detail: 'Too many wrong tokens. Wait a minute.' });
    return true;
  };

  const identify = async ({ headers, url }: FastifyRequest): Promise<Actor | null> => {
    if (sessions === null) return localActor;
    if (hasToken(headers.authorization, access)) return tokenActor;
    // The open paths answer while the store is down, so they ask for no session.
    const sessionId = needsToken(url, access) ? readSessionCookie(headers.cookie) : null;
    return sessionId === null ? null : sessions.find(sessionId);
  };

  const refuseStranger = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { authorization, accept, cookie } = request.headers;
    const hasOldSession = readSessionCookie(cookie) !== null;
    // Only what was offered can have been a guess.
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
          'This server does not answer to the name in the Host header. Use http://127.0.0.1 or the name in server.host, or add the name to server.allowedHosts in switchboard.yaml.',
      });
    }
    const { 'sec-fetch-site': fetchSite } = request.headers;
    if (isForeignChange({ method: request.method, fetchSite: fetchSite?.toString() })) {
      return refuse(reply, {
        status: 403,
        code: 'foreign-page',
        detail:
          'A page of another site may not change anything here. Send the request from a program or from this server.',
      });
    }
    const actor = await identify(request);
    if (actor !== null) setActor(request, actor);
    else if (needsToken(request.url, access)) return refuseStranger(request, reply);
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      return refuse(reply, {
        status: 415,
        code: 'unsupported-media-type',
        detail: `Content-Encoding "${encoding}" is not supported. Send the body as it is.`,
      });
    }
  });

  const { token } = access;
  if (token !== null && sessions !== null) {
    fastify.register(signInRoutes({ token, sessions, isHttps, refuseTooMany }));
  }
}

/** A header that a stranger makes up only adds a restriction to his own cookie. */
function isHttps({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || headers['x-forwarded-proto'] === 'https';
}

function refuse(reply: FastifyReply, options: Parameters<typeof createProblem>[0]): FastifyReply {
  const problem = createProblem(options);
  return reply.code(problem.status).header('content-type', PROBLEM_TYPE).send(problem);
}
