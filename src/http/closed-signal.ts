import type { FastifyReply } from 'fastify';

/** Aborts when the client leaves before its response was sent, so that nobody works, or pays, for nobody. */
export function closedSignal(reply: FastifyReply): AbortSignal {
  const closed = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) closed.abort();
  });
  return closed.signal;
}
