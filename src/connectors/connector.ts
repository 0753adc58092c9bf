import type { Saying } from '../base/say.ts';
import type { Classification } from '../classifiers/classifier.ts';
import type { Decision } from '../routing/decision.ts';
import type { HelpdeskTicket, Place, Written } from '../ticket/helpdesk-ticket.ts';
import type { IncomingTicket, Ticket } from '../ticket/ticket.ts';
import type { SignedRequest } from './signature.ts';

/** Where a ticket was when it was read, with the stamp of that moment. */
export type ReadPlace = { readonly place: Place; readonly stamp: string };

export type DeliverRequest = {
  readonly ticket: Ticket;
  readonly classification: Classification;
  /** With `mode` `assist`, the note alone is written; with `auto`, team, assignee, priority, tags and fields as well. */
  readonly decision: Decision;
  /** The team's id in this helpdesk (`teams[].owners`); null when the configuration names none. */
  readonly owner: string | null;
  /**
   * What the decision was made on. A connector that can read tickets writes only if this is still so, and returns
   * `conflict` otherwise. Null for a helpdesk that cannot be read.
   */
  readonly based: ReadPlace | null;
  /** The internal note to write, in the agents' language. */
  readonly note: string;
  readonly signal?: AbortSignal;
};

export type DeliverResult =
  | {
      readonly state: 'delivered';
      readonly detail?: string;
      readonly detailFacts?: Saying['facts'];
      readonly written?: Written;
    }
  /** The destination has a reason to refuse the decision, for example that the ticket is closed. Not retried. */
  | { readonly state: 'refused'; readonly detail: string; readonly detailFacts?: Saying['facts'] }
  /** The ticket is no longer as `based` says, and nothing was written: it is read again and decided again. */
  | { readonly state: 'conflict'; readonly detail: string };

export type UndoRequest = {
  readonly externalId: string;
  readonly decisionId: string;
  readonly written: Written;
  /** The note that says so, in the agents' language. */
  readonly note: string;
  readonly signal?: AbortSignal;
};
/** `kept`: nothing was taken back, because somebody has changed every field since, or the ticket is closed. */
export type UndoResult = { readonly state: 'undone' | 'kept'; readonly detail: string };

/** What a webhook or a list of changes says: that a ticket has changed. */
export type Signal = {
  readonly externalId: string;
  /** As in `HelpdeskTicket`, where it is known: a ticket that was read with this stamp is not read again. */
  readonly stamp?: string;
  /** Its whole content, from a helpdesk that cannot be asked for it. */
  readonly ticket?: IncomingTicket;
  /** The ticket was deleted: our copy is erased. */
  readonly isDeleted?: boolean;
  /** When it changed and was created (ISO 8601), where that is known: what changed long ago waits for live tickets. */
  readonly changedAt?: string;
  readonly createdAt?: string;
  /** As in `HelpdeskTicket`, where it is known: a ticket that is elsewhere is not read. */
  readonly intake?: HelpdeskTicket['intake'];
};

/** Receives what a helpdesk pushes. Everything but `read` runs before the helpdesk gets its reply, so it is quick. */
export type WebhookReceiver = {
  /** Names in small letters of the headers that are kept with a webhook. */
  readonly headers: readonly string[];
  /** Why a request is not accepted, in words that do not help to forge one; null when it is. */
  findFault(request: SignedRequest, now: Date): Saying | null;
  /** The same for each delivery of the same webhook, of at most 200 characters. */
  deduplicationKey(request: SignedRequest): string;
  /** Reads a stored webhook; a list without items when it is about nothing of interest. Throws `InputError`. */
  read(request: SignedRequest): readonly Signal[];
  /** The headers with which the helpdesk would send a body at this time. */
  sign(body: Buffer, at: Date): Readonly<Record<string, string>>;
};

export type ChangedPage = {
  readonly signals: readonly Signal[];
  /** For the next call, of at most 100,000 characters. */
  readonly cursor: string;
  /** False when there is more to read now. */
  readonly isEnd: boolean;
};

/** One line of `switchboard doctor` about a helpdesk. */
export type ConnectorFinding = { readonly status: 'ok' | 'note' | 'failed'; readonly detail: string };

/** A group or queue, a category, an agent: its id as in `teams[].owners`, and its name. */
export type Named = { readonly id: string; readonly name: string };

/** A helpdesk, or another destination to which decisions are written. Calls that fail throw `ConnectorError`. */
export type Connector = {
  /** The connector's name in the configuration, for example `desk`. */
  readonly name: string;
  readonly type: string;
  /** Missing where nothing is pushed. */
  readonly webhook?: WebhookReceiver;
  /**
   * Lists what changed since the cursor, oldest first, a page at a time; missing where the helpdesk cannot be polled. `cursor`
   * is that of the page before, whose signals are stored by now; null for the first page, which starts at `since`. Pages
   * overlap where rows may appear late.
   */
  listChanged?(request: { cursor: string | null; since: Date; signal: AbortSignal }): Promise<ChangedPage>;
  /** Reads a ticket as it is now; null when there is none. Missing where signals bring the ticket. */
  readTicket?(externalId: string, signal: AbortSignal): Promise<HelpdeskTicket | null>;
  /** Writes a decision, then reads back what the helpdesk has. Running it twice with the same decision writes once. */
  deliver(request: DeliverRequest): Promise<DeliverResult>;
  /** Takes back what a delivery wrote, in every field that still has what it wrote. Running it again does nothing. */
  undo?(request: UndoRequest): Promise<UndoResult>;
  /**
   * Checks address, key, rights, fields and groups, and changes nothing. `groups` are the ids in `teams[].owners` and the
   * names of the intake.
   */
  check?(request: { groups: readonly string[]; signal: AbortSignal }): Promise<readonly ConnectorFinding[]>;
  /** The groups or queues that tickets can be assigned to. */
  listGroups?(signal: AbortSignal): Promise<readonly Named[]>;
  /** The helpdesk's own categories, from which a taxonomy can be proposed. */
  listCategories?(signal: AbortSignal): Promise<readonly Named[]>;
  /** Makes the helpdesk send webhooks to this address, and returns the secret that it signs with, where it chose one. */
  createWebhook?(request: { url: string; signal: AbortSignal }): Promise<{ readonly secret: string | null }>;
  /** Erases what was written about these tickets from files of our own. Running it again does nothing. */
  erase?(request: { readonly ticketIds: readonly string[] }): Promise<void>;
  close?(): Promise<void>;
};
