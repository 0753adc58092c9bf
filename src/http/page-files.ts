import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { wantsPage } from './sign-in.ts';

const YEAR_SECONDS = 365 * 24 * 3_600;

/** Where the built page is, in a clone or in the installed package; null where it was not built. */
export function findPageDir(): string | null {
  const built = import.meta.url.endsWith('.ts') ? '../../web/dist' : '../page';
  const dir = fileURLToPath(new URL(built, import.meta.url));
  return existsSync(join(dir, 'index.html')) ? dir : null;
}

/**
 * Serves the built page. Every address that is no route of the API gives its index, for a browser that opens a page: which
 * page that is, the index itself reads from the address.
 */
export async function servePage(fastify: FastifyInstance, { dir }: { dir: string }): Promise<void> {
  const assets = join(dir, 'assets');
  await fastify.register(fastifyStatic, {
    root: assets,
    prefix: '/assets/',
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isNamedByContent = path.startsWith(assets);
      reply.header('cache-control', isNamedByContent ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
    },
  });
  const sendFile = (reply: FastifyReply, name: string) => reply.sendFile(name, dir);

  fastify.get('/icon.svg', { schema: { hide: true } }, (_request, reply) => sendFile(reply, 'icon.svg'));
  fastify.get('/', { schema: { hide: true } }, (_request, reply) => sendFile(reply, 'index.html'));
  fastify.get('/*', { schema: { hide: true } }, (request, reply) => {
    const { method, headers, url } = request;
    // A misspelt address of the API is an error, not a page.
    if (/^\/(?:v1|webhooks|docs)(?:[/?]|$)/.test(url) || !wantsPage({ method, accept: headers.accept })) {
      return reply.callNotFound();
    }
    return sendFile(reply, 'index.html');
  });
}
