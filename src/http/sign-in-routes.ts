import type { FastifyPluginCallback, FastifyReply } from 'fastify';
import { sessionBodySchema } from './contract.ts';
import type { Identify } from './identify.ts';
import type { Sessions } from './sessions.ts';
import {
  formatEndedCookie,
  formatSignedInPage,
  formatSignInPage,
  isHttps,
  readSessionCookie,
  SIGN_IN_PATH,
  SIGN_OUT_PATH,
  safePath,
} from './sign-in.ts';
import { refuseGuesses, type SignIn, startSession } from './sign-in-attempt.ts';

const FORM_LIMIT_BYTES = 10_000;

/** The sign-in and sign-out forms. They have a scope of their own because no other route accepts forms. */
export function signInRoutes(options: {
  identify: Identify;
  signIn: SignIn;
  sessions: Sessions;
}): FastifyPluginCallback {
  const { identify, signIn, sessions } = options;
  const schema = { hide: true };
  return (scope, _options, done) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES },
      (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
    );

    scope.get(SIGN_IN_PATH, { schema }, async (request, reply) => {
      const next = new URLSearchParams(request.url.split('?', 2)[1]).get('next');
      const isSignedIn = (await identify(request)) !== null;
      if (isSignedIn && next !== null) return reply.redirect(safePath(next), 303);
      return sendPage(reply, {
        status: 200,
        html: isSignedIn ? formatSignedInPage() : formatSignInPage({ next: safePath(next), isRefused: false }),
      });
    });

    scope.post(SIGN_IN_PATH, { schema }, async (request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const next = safePath(form.get('next'));
      const [user, password, token] = ['user', 'password', 'token'].map((name) => form.get(name) ?? '');
      const credentials = sessionBodySchema.safeParse(user === '' ? { token } : { user, password }).data;
      const attempted =
        credentials === undefined ? { kind: 'wrong' as const } : await signIn.attempt(request, credentials);
      if (attempted.kind === 'limited') return refuseGuesses(reply, attempted);
      if (attempted.kind === 'wrong') {
        return sendPage(reply, { status: 401, html: formatSignInPage({ next, isRefused: true }) });
      }
      return startSession(request, reply, attempted.sessionId).redirect(next, 303);
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
