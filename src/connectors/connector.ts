import type { Classification } from '../classifiers/classifier.ts';
import type { Decision } from '../routing/decision.ts';
import type { IncomingTicket, Ticket } from '../ticket/ticket.ts';
import type { SignedRequest } from './signature.ts';

export type DeliverRequest = {
  readonly ticket: Ticket;
  readonly classification: Classification;
  readonly decision: Decision;
  /** The team's id in this helpdesk (`teams[].owners`); null when the configuration names none. */
  readonly owner: string | null;
  readonly signal?: AbortSignal;
};

export type DeliverResult =
  | { readonly state: 'delivered'; readonly detail?: string }
  /** The destination has a reason to refuse the decision, for example that a person moved the ticket. Not retried. */
  | { readonly state: 'refused'; readonly detail: string };

/** What a webhook says: that a ticket has this content now. */
export type WebhookTicket = { readonly externalId: string; readonly ticket: IncomingTicket };

/** Receives what a helpdesk pushes. Everything but `read` runs before the helpdesk gets its reply, so it is quick. */
export type WebhookReceiver = {
  /** Names in small letters of the headers that are kept with a webhook. */
  readonly headers: readonly string[];
  /** Why a request is not accepted, in words that do not help to forge one; null when it is. */
  findFault(request: SignedRequest, now: Date): string | null;
  /** The same for each delivery of the same webhook, of at most 200 characters. */
  deduplicationKey(request: SignedRequest): string;
  /** Reads a stored webhook. Throws `InputError` for a body that it cannot read. */
  read(request: SignedRequest): readonly WebhookTicket[];
  /** The headers with which the helpdesk would send a body at this time. */
  sign(body: Buffer, at: Date): Readonly<Record<string, string>>;
};

/** A helpdesk, or another destination to which decisions are written. */
export type Connector = {
  /** The connector's name in the configuration, for example `desk`. */
  readonly name: string;
  readonly type: string;
  /** Writes a decision. Running it twice with the same decision id writes once. Throws `ConnectorError`. */
  deliver(request: DeliverRequest): Promise<DeliverResult>;
  /** Missing where nothing is pushed. */
  readonly webhook?: WebhookReceiver;
  /** Erases what was written about these tickets from files of our own. Running it again does nothing. */
  erase?(request: { readonly ticketIds: readonly string[] }): Promise<void>;
  close?(): Promise<void>;
};
