import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { isSameSecret } from './access.ts';
import { browserActor } from './request-actor.ts';
import type { Sessions } from './sessions.ts';
import {
  formatEndedCookie,
  formatSessionCookie,
  formatSignedInPage,
  formatSignInPage,
  readSessionCookie,
  SIGN_IN_PATH,
  SIGN_OUT_PATH,
  safePath,
} from './sign-in.ts';

const FORM_LIMIT_BYTES = 10_000;

/** The sign-in and sign-out routes. They have a scope of their own because no other route accepts forms. */
export function signInRoutes(options: {
  token: string;
  sessions: Sessions;
  isHttps: (request: FastifyRequest) => boolean;
  /** Counts a wrong token. Returns true, after sending a 429, when there were too many from this address. */
  refuseTooMany: (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;
}): FastifyPluginCallback {
  const { token, sessions, isHttps, refuseTooMany } = options;
  const schema = { hide: true };
  return (scope, _options, done) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES },
      (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
    );

    scope.get(SIGN_IN_PATH, { schema }, async (request, reply) => {
      const next = new URLSearchParams(request.url.split('?', 2)[1]).get('next');
      const sessionId = readSessionCookie(request.headers.cookie);
      const isSignedIn = sessionId !== null && (await sessions.find(sessionId)) !== null;
      if (isSignedIn && next !== null) return reply.redirect(safePath(next), 303);
      return sendPage(reply, {
        status: 200,
        html: isSignedIn ? formatSignedInPage() : formatSignInPage({ next: safePath(next), isRefused: false }),
      });
    });

    scope.post(SIGN_IN_PATH, { schema }, async (request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const next = safePath(form.get('next'));
      if (!isSameSecret((form.get('token') ?? '').trim(), token)) {
        if (await refuseTooMany(request, reply)) return reply;
        return sendPage(reply, { status: 401, html: formatSignInPage({ next, isRefused: true }) });
      }
      const sessionId = await sessions.open(browserActor);
      const cookie = formatSessionCookie({ sessionId, isHttps: isHttps(request) });
      return reply.header('set-cookie', cookie).redirect(next, 303);
    });

    scope.post(SIGN_OUT_PATH, { schema }, async (request, reply) => {
      // Nothing happens without the cookie, so a post that another site caused signs nobody out.
      const sessionId = readSessionCookie(request.headers.cookie);
      if (sessionId !== null) {
        await sessions.end(sessionId);
        reply.header('set-cookie', formatEndedCookie({ isHttps: isHttps(request) }));
      }
      return reply.redirect(SIGN_IN_PATH, 303);
    });
    done();
  };
}

function sendPage(reply: FastifyReply, { status, html }: { status: number; html: string }): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((text: string) => text)
    .send(html);
}
