import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { closedSignal } from '../closed-signal.ts';
import { incomingTicketBodySchema, resultSchema, trialSchema, tryBodySchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { jsonResponse, problemResponse } from './responses.ts';

export function decisionRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.post(
      '/v1/route',
      {
        schema: {
          summary: 'Decide a ticket without storing it',
          tags: ['decisions'],
          body: incomingTicketBodySchema,
          response: { 200: jsonResponse('The decision', resultSchema), default: problemResponse },
        },
      },
      async (request, reply) => app.route(request.body, closedSignal(reply)),
    );

    fastify.post(
      '/v1/try',
      {
        schema: {
          summary: 'Try a ticket',
          description:
            'Decides a ticket as `POST /v1/route` does, and shows why: the rules that it was compared with, up to the one that it meets, and what Claude would be sent about it, redacted as configured. Stores nothing. Making the request asks no model; the decision may, where one is configured.',
          tags: ['decisions'],
          body: tryBodySchema,
          response: { 200: jsonResponse('The decision and what led to it', trialSchema), default: problemResponse },
        },
      },
      async (request, reply) => {
        const { rules, ...trial } = await app.tryTicket(request.body, closedSignal(reply));
        return { ...trial, rules: [...rules] };
      },
    );
    done();
  };
}
