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
// PLACEHOLDERS
export type Me = {
  actor: { kind: string; id: string };
  name: string;
  role: 'viewer' | 'agent' | 'lead' | 'admin';
  signedInBy: 'none' | 'token' | 'password' | 'proxy';
  learning: 'immediate' | 'review';
  version: string;
  company: string | null;
};
export type Setup = { teams: { id: string; name: string }[]; connectors: { name: string; type: string }[] };
type N = {
  id: string;
  name: string;
  description: string;
  isLeaf: boolean;
  children: N[];
  tickets: number;
  examples: number;
  corrections: number;
};
export type TaxonomyReply = { name: string; version: string; intents: N[] };
export type Counts = { items: { value: string | null; count: number }[] };
export type CountsQuery = { by: 'language' };
