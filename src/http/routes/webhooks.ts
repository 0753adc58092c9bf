import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { SignatureError } from '../../errors.ts';
import type { HttpApp } from '../http-app.ts';
import { createProblem, sendProblem } from '../problem.ts';
import { jsonResponse, problemResponse } from './responses.ts';

/** A helpdesk sends ids, or a ticket; more is no webhook. */
const BODY_LIMIT_BYTES = 1_000_000;
/** From one address. This limits how fast a signature can be guessed, and not how fast a helpdesk may send. */
const WRONG_SIGNATURES_PER_MINUTE = 100;

const statusSchema = z.object({ status: z.enum(['accepted', 'repeated']) });

/** What helpdesks push: signed, so without a token, and stored byte by byte before anything reads it. */
export function webhookRoutes(app: Pick<HttpApp, 'acceptWebhook'>): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    // Here a body of any type is bytes: the signature counts, not the content type.
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    const countWrongSignature = fastify.createRateLimit({ max: WRONG_SIGNATURES_PER_MINUTE, timeWindow: '1 minute' });

    fastify.post(
      '/webhooks/:connector',
      {
        bodyLimit: BODY_LIMIT_BYTES,
        // The signature is checked instead: a busy helpdesk sends everything from one address.
        config: { rateLimit: false },
        schema: {
          summary: 'Receive a webhook of a helpdesk',
          description:
            'The body is what the helpdesk of this connector sends, signed with the secret of the connector. Returns 202 once it is stored; a worker reads it afterwards. The same webhook again gives 200.',
          tags: ['webhooks'],
          security: [],
          params: z.object({ connector: z.string().max(60) }),
          response: {
            200: jsonResponse('Stored before', statusSchema),
            202: jsonResponse('Stored', statusSchema),
            default: problemResponse,
          },
        },
      },
      async (request, reply) => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : value,
          ]),
        );
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        try {
          const { status } = await app.acceptWebhook({ connector: request.params.connector, headers, body });
          return await reply.code(status === 'accepted' ? 202 : 200).send({ status });
        } catch (error) {
          if (!(error instanceof SignatureError)) throw error;
          const count = await countWrongSignature(request);
          if (count.isAllowed || !count.isExceeded) throw error;
          const detail = 'Too many webhooks with a wrong signature came from this address. Wait a minute.';
          const problem = createProblem({ status: 429, code: 'too-many-requests', detail });
          reply.header('retry-after', `${count.ttlInSeconds}`);
          return sendProblem(reply, problem);
        }
      },
    );
    done();
  };
}
