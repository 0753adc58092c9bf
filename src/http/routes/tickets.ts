import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { NotFoundError } from '../../errors.ts';
import type { TicketRecord } from '../../store/store.ts';
import { describeRepairs } from '../../ticket/parse-ticket.ts';
import { readingOf } from '../../ticket/reading.ts';
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
import { assertKnownFilter, filterBy } from '../ticket-filter.ts';
import { jsonResponse, problemResponse } from './responses.ts';

/** The connector of tickets that are posted here. */
const API_CONNECTOR = 'api';
/** Name of the request decorator with descriptions of what was repaired in the ticket, for the ticket's history. */
const REPAIRS = 'repairs';

export function ticketRoutes(app: HttpApp, waiter: DecisionWaiter): FastifyPluginCallbackZod {
  const present = (record: TicketRecord) => ({
    ...record,
    ...readingOf(record.ticket),
    moveTo: app.findMove(record),
  });
  return (fastify, _options, done) => {
    fastify.decorateRequest(REPAIRS);
    fastify.post(
      '/v1/tickets',
      {
        // Validation replaces the ticket by a repaired one, so repairs can only be described before it.
        preValidation: async (request) => request.setDecorator(REPAIRS, describeRepairs(request.body)),
        schema: {
          summary: 'Accept a ticket',
          description:
            'Returns 202 once the ticket is stored and queued. With `?wait=5s`, returns 200 with the result if it is decided in time. The same id with the same content returns the first result, or 202 while there is none; with other content it returns 409.',
          tags: ['tickets'],
          querystring: z.strictObject({ wait: waitSchema.optional() }),
          body: incomingTicketBodySchema,
          response: {
            200: jsonResponse('Decided', ticketRecordSchema),
            202: jsonResponse('Stored and queued', acceptedSchema),
            default: problemResponse,
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
        if (record) return reply.code(200).send(present(record));
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

    fastify.get(
      '/v1/tickets',
      {
        schema: {
          summary: 'List tickets, newest first',
          description:
            'Returns rows without bodies; GET /v1/tickets/:id returns the whole ticket. A ticket must match all filters. A name that neither the configuration nor a stored ticket has is refused with 400 and the nearest known name.',
          tags: ['tickets'],
          querystring: ticketQuerySchema,
          response: { 200: jsonResponse('One page', ticketPageSchema), default: problemResponse },
        },
      },
      async (request) => {
        const { limit, cursor, ...filter } = request.query;
        await assertKnownFilter(app, filter);
        return app.store.tickets.list({
          filter: filterBy(app, filter),
          ...(limit !== undefined && { limit }),
          cursor: cursor ?? null,
        });
      },
    );

    fastify.get(
      '/v1/tickets/:id',
      {
        schema: {
          summary: 'Get a ticket',
          description:
            'With its text, its history, its feedback and the team that has it now. Parts that are not decided yet are null.',
          tags: ['tickets'],
          params: ticketParamsSchema,
          response: { 200: jsonResponse('The ticket', ticketRecordSchema), default: problemResponse },
        },
      },
      async (request) => {
        const record = await app.store.tickets.getRecord(request.params.id);
        if (record) return present(record);
        throw new NotFoundError(
          `There is no ticket "${request.params.id}". GET /v1/tickets lists the tickets, newest first.`,
        );
      },
    );
    done();
  };
}
