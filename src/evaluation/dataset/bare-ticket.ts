import type { LabelledTicket, Ticket } from '../../ticket/ticket.ts';

/** Returns the ticket as a classifier may see it: without its label and the other fields of the data set. */
export function bareTicket(labelled: LabelledTicket): Ticket {
  const { intent, outOfScope, rationale, secondaryIntents, urgency, slices, variantOf, variant, ...ticket } = labelled;
  return ticket;
}
