import { z } from 'zod';
import { sayingSchema } from '../base/saying-schema.ts';
import { automaticKinds } from './automatic.ts';
import { partKinds } from './parts/part.ts';
import { readTicket } from './read-ticket.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';

const partSchema = z.object({
  kind: z.enum(partKinds),
  start: z.number().int().describe('Where it begins in `bodyText`, in UTF-16 code units.'),
  end: z.number().int().describe('Where it ends in `bodyText`, exclusive.'),
  reason: z.string().describe('Why it has this kind.'),
  reasonFacts: sayingSchema,
});

/** How the body of a ticket was read, for people and pages. Not stored: computed from the ticket. */
export const readingShape = {
  bodyText: z
    .string()
    .describe('The body as text, decoded; a plain-text body that needs no decoding is exactly as it came.'),
  parts: z
    .array(partSchema)
    .readonly()
    .describe('What the stretches of `bodyText` are, in order, without gaps. Engines read the parts of kind `own`.'),
  automatic: z
    .object({ kind: z.enum(automaticKinds), reason: z.string(), reasonFacts: sayingSchema })
    .nullable()
    .describe('Set when no person wrote the mail: a bounce, an out-of-office reply, a receipt.'),
};
const readingSchema = z.object(readingShape);
export type Reading = z.infer<typeof readingSchema>;

/** Reads a ticket's body, for display. */
export function readingOf(ticket: Ticket | IncomingTicket): Reading {
  const { body, parts, automatic } = readTicket(ticket);
  const shown = parts.map(({ kind, start, end, reason }) => ({
    ...{ kind, start, end },
    ...{ reason: reason.text, reasonFacts: reason.facts },
  }));
  return { bodyText: body, parts: shown, automatic };
}
