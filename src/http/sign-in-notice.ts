import type { FastifyPluginCallback } from 'fastify';
import { SIGN_IN_PATH } from './sign-in.ts';

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Switchboard</title>
<h1>Switchboard</h1>
<p>Signing in needs the page, which is not built here. Build it with <code>npm run page</code>, and start the server again.</p>
<p>Programs send their token with each request: <code>Authorization: Bearer …</code></p>
</html>
`;

/** What a browser is sent to instead of the sign-in page where the page is not built. */
export function signInNotice(): FastifyPluginCallback {
  return (fastify, _options, done) => {
    fastify.get(SIGN_IN_PATH, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .serializer((text: string) => text)
        .send(html),
    );
    done();
  };
}
