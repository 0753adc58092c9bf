// The shapes of the API, from its contract alone. Nothing of the contract is in the built page but types.
import type { z } from 'zod';
import type * as contract from '../../src/http/contract.ts';

export type Ticket = z.output<typeof contract.ticketRecordSchema>;
export type TicketRow = z.output<typeof contract.ticketRowSchema>;
export type TicketPage = z.output<typeof contract.ticketPageSchema>;
export type TicketQuery = z.input<typeof contract.ticketQuerySchema>;
export type Classification = NonNullable<Ticket['classification']>;
export type Decision = NonNullable<Ticket['decision']>;
export type HistoryEntry = Ticket['history'][number];
export type Feedback = z.input<typeof contract.feedbackBodySchema>;
export type StoredFeedback = z.output<typeof contract.storedFeedbackSchema>;
export type GivenFeedback = z.output<typeof contract.givenFeedbackSchema>;
export type StreamEvent = z.output<typeof contract.streamEventSchema>;
export type Health = z.output<typeof contract.healthSchema>;
export type Problem = z.output<typeof contract.problemSchema>;
export type Me = z.output<typeof contract.meSchema>;
export type Setup = z.output<typeof contract.setupSchema>;
export type TaxonomyView = z.output<typeof contract.taxonomyViewSchema>;
export type Counts = z.output<typeof contract.countsSchema>;
export type CountQuery = z.input<typeof contract.countQuerySchema>;
