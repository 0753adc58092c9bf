import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AccessRules, hasToken, isHostAllowed, isSameSecret, needsToken } from './access.ts';
import { createProblem, PROBLEM_TYPE } from './problem.ts';
import { formatSessionCookie, formatSignInPage, hasSignedIn, SIGN_IN_PATH, safePath, wantsPage } from './sign-in.ts';

/** From one address; a token is found out by trying no sooner than at this pace. */
const WRONG_TOKENS_PER_MINUTE = 100;
const FORM_LIMIT_BYTES = 10_000;

/** Refuses, before anything of a request is read: foreign Host headers, missing tokens, packed bodies. */
export function guardAccess(fastify: FastifyInstance, access: AccessRules): void {
  const countWrongToken = fastify.createRateLimit({ max: WRONG_TOKENS_PER_MINUTE, timeWindow: '1 minute' });

  /** Answers whether this wrong token was one too many, and says so. */
  const refuseTooMany = async (request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
    const count = await countWrongToken(request);
    if (count.isAllowed || !count.isExceeded) return false;
    reply.header('retry-after', `${count.ttlInSeconds}`);
    refuse(reply, { status: 429, code: 'too-many-requests', detail: 'Too many wrong tokens. Wait a minute.' });
    return true;
  };

  fastify.addHook('onRequest', async (request, reply) => {
    if (!isHostAllowed(request.headers.host, access)) {
      return refuse(reply, {
        status: 421,
        code: 'wrong-host',
        detail:
          'This server does not answer to the name in the Host header. Use http://127.0.0.1 or the name in server.host, or add the name to server.allowedHosts in switchboard.yaml.',
      });
    }
    const { authorization, accept, cookie } = request.headers;
    if (needsToken(request.url, access) && !hasToken(authorization, access) && !hasSignedIn(cookie, access)) {
      if (await refuseTooMany(request, reply)) return reply;
      reply.header('www-authenticate', 'Bearer realm="switchboard"');
      if (wantsPage({ method: request.method, accept })) {
        return sendSignInPage(reply, { next: request.url, isRefused: false });
      }
      return refuse(reply, {
        status: 401,
        code: 'token-needed',
        detail: 'Send the header "Authorization: Bearer …" with the value of SWITCHBOARD_TOKEN.',
      });
    }
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
  if (token === null || token === '') return;
  // In a scope of its own: no other route takes forms.
  fastify.register((scope, _options, done) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES },
      (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
    );
    scope.get(SIGN_IN_PATH, { schema: { hide: true } }, async (_request, reply) => reply.redirect('/', 303));
    scope.post(SIGN_IN_PATH, { schema: { hide: true } }, async (request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const next = safePath(form.get('next'));
      if (!isSameSecret((form.get('token') ?? '').trim(), token)) {
        if (await refuseTooMany(request, reply)) return reply;
        return sendSignInPage(reply, { next, isRefused: true });
      }
      const isHttps = request.headers['x-forwarded-proto'] === 'https';
      return reply.header('set-cookie', formatSessionCookie({ token, isHttps })).redirect(next, 303);
    });
    done();
  });
}

function refuse(reply: FastifyReply, options: Parameters<typeof createProblem>[0]): FastifyReply {
  const problem = createProblem(options);
  return reply.code(problem.status).header('content-type', PROBLEM_TYPE).send(problem);
}

function sendSignInPage(reply: FastifyReply, page: Parameters<typeof formatSignInPage>[0]): FastifyReply {
  return reply
    .code(401)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((html: string) => html)
    .send(formatSignInPage(page));
}
