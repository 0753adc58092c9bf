import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DEFAULT_STREAM_LIMITS } from '../../config/server-settings.ts';
import { ForbiddenError } from '../../errors.ts';
import type { HistoryEntry } from '../../store/store.ts';
import { streamEventSchema } from '../contract.ts';
import { mayHear } from '../event-roles.ts';
import type { HttpApp } from '../http-app.ts';
import type { Identify } from '../identify.ts';
import { createProblem, sendProblem } from '../problem.ts';
import { identityOf } from '../request-actor.ts';
import { createStreamSlots, type StreamLimits } from '../stream-slots.ts';
import { problemResponse } from './responses.ts';

/** How long a client should wait before it connects again, sent as `retry:`. */
const RETRY_MS = 2_000;
/** The Retry-After of a client that was refused because too many streams are open. */
const RETRY_WHEN_FULL_SECONDS = 30;
/** A stream is closed when its reader is this many events behind. The reader resumes with its Last-Event-ID. */
const MAX_PENDING_EVENTS = 10_000;

/** How often an open stream is asked whether its reader is still signed in, and with which role. */
const RECHECK_MS = 30_000;

export function eventRoutes(options: {
  app: HttpApp;
  identify: Identify;
  limits?: StreamLimits | undefined;
  recheckMs?: number | undefined;
}): FastifyPluginCallbackZod {
  const { app, identify, limits = DEFAULT_STREAM_LIMITS, recheckMs = RECHECK_MS } = options;
  const slots = createStreamSlots(limits);
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/events',
      {
        sse: 'manual', // the plugin's own response to a wrong Accept header is not a problem document
        exposeHeadRoute: false, // it would wait for ever, and take the place of a stream
        config: { rateLimit: false },
        schema: {
          summary: 'Follow what happens',
          description:
            'Server-sent events. The first is `hello`. Then follow the events of the history: `ticket.accepted`, `ticket.decided`, `ticket.delivered`, `ticket.changed-outside` (an agent changed it in the helpdesk), `ticket.delivery-undone` and others about one ticket, and `webhook-ignored`, `examples-imported`, `examples-removed`, `example-approved`, `calibration-applied`, `calibration-dropped`, `tickets-erased`, `tickets-imported`, `user-added`, `user-changed`, `user-invited`, `user-removed`, `password-chosen`, `token-added`, `token-removed`. What is about users is sent to leads, what is about tokens to admins. The fields of `facts` depend on the event. The header `Last-Event-ID` resumes after that event.',
          tags: ['events'],
          headers: z.looseObject({ 'last-event-id': z.string().optional() }),
          response: {
            200: {
              description: 'The stream. The schema describes `data`, which is JSON',
              content: { 'text/event-stream': { schema: streamEventSchema } },
            },
            default: problemResponse,
          },
        },
      },
      async (request, reply) => {
        const { sse } = reply;
        const release = slots.take(request.ip);
        if (typeof release === 'string') {
          const problem = createProblem(tooManyStreams(release, limits));
          reply.header('retry-after', `${RETRY_WHEN_FULL_SECONDS}`);
          return sendProblem(reply, problem);
        }
        sse.onClose(release);
        if (!sse.isConnected) release();
        sse.keepAlive();
        const lastSeq = await app.store.history.lastSeq();
        await app.store.flush(); // A number that a crash of the database takes back would be used again.
        const afterSeq = parseLastEventId(request.headers['last-event-id'], lastSeq);
        // The id of `hello` lets a client resume even if the connection broke before its first event.
        await sse.send({ event: 'hello', id: `${afterSeq}`, data: { afterSeq }, retry: RETRY_MS });

        let { role } = identityOf(request);
        let pending = 0;
        let sending = Promise.resolve();
        const unsubscribe = app.events.subscribe({
          afterSeq,
          onEvent: (entry) => {
            if (!mayHear(role, entry.event)) return;
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
                () => {}, // the reader has disconnected; onClose ends the subscription
              );
          },
        });
        // Somebody who has signed out, or was removed, hears nothing more. While the store is down, nothing happens anyway.
        const recheck = setInterval(async () => {
          try {
            const identity = await identify(request);
            if (identity === null) sse.close();
            else role = identity.role;
          } catch (error) {
            if (error instanceof ForbiddenError) sse.close();
          }
        }, recheckMs);
        const stop = () => {
          clearInterval(recheck);
          unsubscribe();
        };
        sse.onClose(stop);
        if (!sse.isConnected) stop();
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
        detail: `${limits.perAddress} event streams are open from this address, which is the limit. Close one, or share one stream.`,
      }
    : {
        status: 503,
        code: 'too-many-streams',
        detail: `${limits.perProcess} event streams are open, which is the limit of this process. Try again later.`,
      };
}

function mapHistoryEntryToEvent(entry: HistoryEntry) {
  // Names with these prefixes, such as `tickets-erased`, `tickets-imported`, are not about one ticket.
  const name = /^(?:examples?|tickets|calibration|webhook|user|password|token)-/.test(entry.event)
    ? entry.event
    : `ticket.${entry.event}`;
  return { id: `${entry.seq}`, event: name, data: entry };
}

/** Returns the event number to resume after: `lastSeq` (only new events) for an id that this store never sent. */
function parseLastEventId(header: string | undefined, lastSeq: number): number {
  const seq = /^\d{1,15}$/.test(header ?? '') ? Number(header) : lastSeq;
  return Math.min(seq, lastSeq);
}
