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
  /** The destination has a reason not to take it (a person moved the ticket first); not retried. */
  | { readonly state: 'refused'; readonly detail: string };

/** One helpdesk, or another place that decisions are written to. */
export type Connector = {
  /** Its name in the configuration, for example `desk`. */
  readonly name: string;
  readonly type: string;
  /** Writes a decision. Running it twice with the same decision id writes once. Throws `ConnectorError`. */
  deliver(request: DeliverRequest): Promise<DeliverResult>;
  /** Takes what was written about these tickets out of files of our own. Running it twice does nothing more. */
  erase?(request: { readonly ticketIds: readonly string[] }): Promise<void>;
  close?(): Promise<void>;
};
