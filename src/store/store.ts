import type { Classification } from '../classifiers/classifier.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
import type { Decision, Delivery } from '../routing/decision.ts';
import type { Ticket } from '../ticket/ticket.ts';

/** `received` (stored and queued), `decided` (classified and routed). */
export const ticketStates = ['received', 'decided'] as const;
export type TicketState = (typeof ticketStates)[number];

export const historyEvents = [
  'accepted',
  'revised',
  'decided',
  'delivered',
  'delivery-refused',
  'delivery-skipped',
  'feedback',
] as const;
export type HistoryEvent = (typeof historyEvents)[number];

export type HistoryEntry = {
  /** Orders events within one millisecond and resumes the event stream. */
  readonly seq: number;
  readonly ticketId: string;
  readonly at: string;
  readonly event: HistoryEvent;
  readonly by: string;
  readonly detail: string;
};

/** A ticket as stored. `id` is the key in the API; (connector, externalId) names it in its helpdesk. */
export type StoredTicket = {
  readonly id: string;
  readonly connector: string;
  readonly externalId: string;
  readonly revision: number;
  readonly contentHash: string;
  readonly state: TicketState;
  readonly receivedAt: string;
  readonly ticket: Ticket;
};

/** What GET /v1/tickets/:id shows. What is not decided yet is null. */
export type TicketRecord = {
  readonly ticketId: string;
  readonly ticket: Ticket;
  readonly classification: Classification | null;
  readonly decision: Decision | null;
  readonly delivery: Delivery | null;
  readonly history: readonly Omit<HistoryEntry, 'ticketId'>[];
};

export type TicketFilter = {
  readonly state?: TicketState;
  readonly team?: string;
  readonly intent?: string;
  readonly connector?: string;
  readonly abstained?: boolean;
};

export type ExampleSource = 'file' | 'import' | 'feedback';
export type StoredExample = { readonly example: Example; readonly source: ExampleSource };
