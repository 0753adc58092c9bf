import type { LabelledTicket, Ticket } from '../../ticket/ticket.ts';

/** The ticket as a classifier may see it: without its label and everything else that was written beside it. */
export function bareTicket(labelled: LabelledTicket): Ticket {
  const { intent, outOfScope, rationale, secondaryIntents, urgency, slices, variantOf, variant, ...ticket } = labelled;
  return ticket;
}
