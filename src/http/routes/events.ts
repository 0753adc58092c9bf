import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { HistoryEntry } from '../../store/store.ts';
import { streamEventSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { createProblem, PROBLEM_TYPE } from '../problem.ts';
import { createStreamSlots, DEFAULT_STREAM_LIMITS, type StreamLimits } from '../stream-slots.ts';
import { problemAnswer } from './answers.ts';

/** How long a client waits before it connects again. */
const RETRY_MS = 2_000;
/** How long a client should wait that was refused because too many streams are open. */
const RETRY_WHEN_FULL_SECONDS = 30;
/** A reader that is this far behind is let go; it resumes by its Last-Event-ID. */
const MAX_PENDING_EVENTS = 10_000;

export function eventRoutes(app: HttpApp, limits: StreamLimits = DEFAULT_STREAM_LIMITS): FastifyPluginCallbackZod {
  const slots = createStreamSlots(limits);
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/events',
      {
        sse: 'manual', // its own answer to a wrong Accept header is no problem document; the stream is all there is here
        config: { rateLimit: false },
        schema: {
          summary: 'Follow what happens',
          description:
            'Server-sent events: `hello` on opening, then `ticket.accepted`, `ticket.decided`, `ticket.delivered` and the other events of the history, and `examples-imported`, `examples-removed`, `example-approved`, `tickets-erased`. `facts` of an event depend on its name. The header `Last-Event-ID` resumes after that event.',
          tags: ['events'],
          headers: z.looseObject({ 'last-event-id': z.string().optional() }),
          response: {
            200: {
              description: 'The stream; the schema is that of `data`, which is JSON',
              content: { 'text/event-stream': { schema: streamEventSchema } },
            },
            default: problemAnswer,
          },
        },
      },
      async (request, reply) => {
        const { sse } = reply;
        const release = slots.take(request.ip);
        if (typeof release === 'string') {
          const problem = createProblem(tooManyStreams(release, limits));
          reply.header('retry-after', `${RETRY_WHEN_FULL_SECONDS}`);
          return reply.code(problem.status).header('content-type', PROBLEM_TYPE).send(problem);
        }
        sse.onClose(release);
        if (!sse.isConnected) release();
        sse.keepAlive();
        const lastSeq = await app.store.history.lastSeq();
        const afterSeq = parseLastEventId(request.headers['last-event-id'], lastSeq);
        // The id of the greeting lets a client resume that was cut off before its first event.
        await sse.send({ event: 'hello', id: `${afterSeq}`, data: { afterSeq }, retry: RETRY_MS });

        let pending = 0;
        let sending = Promise.resolve();
        const unsubscribe = app.events.subscribe({
          afterSeq,
          onEvent: (entry) => {
            pending += 1;
            if (pending > MAX_PENDING_EVENTS) {
              sse.close();
              return;
            }
            sending = sending
              .then(() => sse.send(mapHistoryEntryToEvent(entry)))
              .then(
                () => {
                  pending -= 1;
                },
                () => {}, // the reader is gone; onClose ends the subscription
              );
          },
        });
        sse.onClose(unsubscribe);
        if (!sse.isConnected) unsubscribe();
      },
    );
    done();
  };
}

function tooManyStreams(reached: keyof StreamLimits, limits: StreamLimits): Parameters<typeof createProblem>[0] {
  return reached === 'perAddress'
    ? {
        status: 429,
        code: 'too-many-streams',
        detail: `${limits.perAddress} event streams are open from this address, as many as there may be. Close one, or read one stream for all.`,
      }
    : {
        status: 503,
        code: 'too-many-streams',
        detail: `${limits.perProcess} event streams are open, as many as this process keeps. Try again later.`,
      };
}

function mapHistoryEntryToEvent(entry: HistoryEntry) {
  // `examples-imported` and `tickets-erased` are about no single ticket.
  const name = /^(?:examples?|tickets)-/.test(entry.event) ? entry.event : `ticket.${entry.event}`;
  return { id: `${entry.seq}`, event: name, data: entry };
}

/** An id that this store cannot have given (another data folder, or no number at all) means: from now on. */
function parseLastEventId(header: string | undefined, lastSeq: number): number {
  const seq = /^\d{1,15}$/.test(header ?? '') ? Number(header) : lastSeq;
  return Math.min(seq, lastSeq);
}
