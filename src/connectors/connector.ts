import type { Classification } from '../classifiers/classifier.ts';
import type { Decision } from '../routing/decision.ts';
import type { Ticket } from '../ticket/ticket.ts';

export type DeliverRequest = {
  readonly ticket: Ticket;
  readonly classification: Classification;
  readonly decision: Decision;
  readonly signal?: AbortSignal;
};

export type DeliverResult =
  | { readonly state: 'delivered'; readonly detail?: string }
  /** The destination has a reason to refuse the decision, for example that a person moved the ticket. Not retried. */
  | { readonly state: 'refused'; readonly detail: string };

/** A helpdesk, or another destination to which decisions are written. */
export type Connector = {
  /** The connector's name in the configuration, for example `desk`. */
  readonly name: string;
  readonly type: string;
  /** Writes a decision. Running it twice with the same decision id writes once. Throws `ConnectorError`. */
  deliver(request: DeliverRequest): Promise<DeliverResult>;
  /** Erases what was written about these tickets from files of our own. Running it again does nothing. */
  erase?(request: { readonly ticketIds: readonly string[] }): Promise<void>;
  close?(): Promise<void>;
};
