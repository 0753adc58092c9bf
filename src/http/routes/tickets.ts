import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { NotFoundError } from '../../errors.ts';
import type { TicketFilter, TicketRecord } from '../../store/store.ts';
import { describeRepairs } from '../../ticket/parse-ticket.ts';
import { assertKnownNames } from '../assert-known-names.ts';
import {
  acceptedSchema,
  incomingTicketBodySchema,
  ticketPageSchema,
  ticketParamsSchema,
  ticketQuerySchema,
  ticketRecordSchema,
  waitSchema,
} from '../contract.ts';
import type { DecisionWaiter } from '../decision-waiter.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { describedAnswer, problemAnswer } from './answers.ts';

/** The connector that tickets of this door belong to. */
const API_CONNECTOR = 'api';
/** Where a request keeps what was repaired in its ticket, for the ticket's history. */
const REPAIRS = 'repairs';

export function ticketRoutes(app: HttpApp, waiter: DecisionWaiter): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.decorateRequest(REPAIRS);
    fastify.post(
      '/v1/tickets',
      {
        // Validation repairs the ticket; what was repaired can only be seen before.
        preValidation: async (request) => request.setDecorator(REPAIRS, describeRepairs(request.body)),
        schema: {
          summary: 'Take in a ticket',
          description:
            'Answers 202 once the ticket is stored and queued. With `?wait=5s` answers 200 with the result when it is there in time. The same id with the same content answers what is known of it; with other content, 409.',
          tags: ['tickets'],
          querystring: z.strictObject({ wait: waitSchema.optional() }),
          body: incomingTicketBodySchema,
          response: {
            200: describedAnswer('Decided', ticketRecordSchema),
            202: describedAnswer('Stored and queued', acceptedSchema),
            default: problemAnswer,
          },
        },
      },
      async (request, reply) => {
        const notes = request.getDecorator<readonly string[]>(REPAIRS);
        const accepted = await app.intake({
          connector: API_CONNECTOR,
          ticket: request.body,
          actor: actorOf(request),
          notes,
        });
        const record = await findResult({ ...accepted, waitMs: request.query.wait ?? 0 });
        reply.header('location', `/v1/tickets/${encodeURIComponent(accepted.ticketId)}`);
        if (record) return reply.code(200).send(record);
        return reply.code(202).send(accepted);
      },
    );

    async function findResult(options: {
      status: 'accepted' | 'repeated' | 'revised';
      ticketId: string;
      waitMs: number;
    }): Promise<TicketRecord | null> {
      const { status, ticketId, waitMs } = options;
      if (waitMs > 0) return waiter.waitFor({ ticketId, waitMs });
      if (status !== 'repeated') return null;
      const record = await app.store.tickets.getRecord(ticketId);
      return record?.state === 'decided' ? record : null;
    }

    const isUsed = async (field: keyof TicketFilter, name: string) =>
      (await app.store.tickets.list({ filter: { [field]: name }, limit: 1 })).items.length > 0;

    fastify.get(
      '/v1/tickets',
      {
        schema: {
          summary: 'List tickets, newest first',
          description:
            'Rows without bodies; GET /v1/tickets/:id has the whole ticket. Filters are ANDed. A name that no ticket and no configuration has is refused, with the nearest one that there is.',
          tags: ['tickets'],
          querystring: ticketQuerySchema,
          response: { 200: describedAnswer('One page', ticketPageSchema), default: problemAnswer },
        },
      },
      async (request) => {
        const { limit, cursor, ...filter } = request.query;
        await assertKnownNames({ named: filter, names: app.names, isUsed });
        return app.store.tickets.list({ filter, ...(limit !== undefined && { limit }), cursor: cursor ?? null });
      },
    );

    fastify.get(
      '/v1/tickets/:id',
      {
        schema: {
          summary: 'What is known of a ticket',
          description:
            'With its text, its history, what people said of it and where it is now. What is not decided yet is null.',
          tags: ['tickets'],
          params: ticketParamsSchema,
          response: { 200: describedAnswer('The ticket', ticketRecordSchema), default: problemAnswer },
        },
      },
      async (request) => {
        const record = await app.store.tickets.getRecord(request.params.id);
        if (record) return record;
        throw new NotFoundError(
          `There is no ticket "${request.params.id}". GET /v1/tickets lists those that there are, newest first.`,
        );
      },
    );
    done();
  };
}
