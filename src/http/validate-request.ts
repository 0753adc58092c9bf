import { validatorCompiler } from 'fastify-type-provider-zod';
import { parseIncomingTicket } from '../ticket/parse-ticket.ts';
import { assertTicketFields } from './assert-ticket-fields.ts';
import { incomingTicketBodySchema } from './contract.ts';

/** parseIncomingTicket repairs before it checks, so for a ticket it takes the place of the plain schema. */
export const validateRequest: typeof validatorCompiler = (route) =>
  route.schema === incomingTicketBodySchema ? validateTicket : validatorCompiler(route);

function validateTicket(body: unknown): { value: unknown } | { error: Error } {
  try {
    assertTicketFields(body);
    return { value: parseIncomingTicket(body) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
