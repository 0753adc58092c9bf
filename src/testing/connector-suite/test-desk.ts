import { randomUUID } from 'node:crypto';
import type { TestContext } from 'vitest';
import type { Connector, DeliverRequest } from '../../connectors/connector.ts';
import type { Mode } from '../../routing/decision.ts';
import type { HelpdeskTicket } from '../../ticket/helpdesk-ticket.ts';
import { sampleClassification, sampleDecision } from '../sample-values.ts';

/**
 * A helpdesk for tests, real or imitated, and a connector to it. The connector has everything configured that it can do:
 * a secret for webhooks, the modes assist and auto. What is optional here is needed for some connectors only, as each says.
 */
export type TestDesk = AsyncDisposable & {
  readonly connector: Connector;
  /** Another connector with the same settings, as after a restart. The suite closes it. */
  connect(): Promise<Connector>;
  /** Makes an open ticket, as a customer would, and returns its id. */
  createTicket(ticket: { readonly subject: string; readonly body: string }): Promise<string>;
  /** Each thing that the connector has written about a ticket, as text: internal notes, lines, requests. */
  writesOf(externalId: string): Promise<readonly string[]>;
  /** The id of a ticket that does not exist, in the form that this helpdesk has. */
  readonly unknownId: string;
  /** The ids of two groups other than the one that new tickets are in. For connectors that read tickets. */
  readonly groups?: readonly [string, string];
  /** Moves a ticket to another group, as an agent would. For connectors that read tickets. */
  moveTicket?(externalId: string, group: string): Promise<void>;
  /** Ends a ticket so that it cannot be changed any more. For connectors that read tickets. */
  closeTicket?(externalId: string): Promise<void>;
  /** The body of a webhook about a ticket. For connectors that receive webhooks. */
  webhookBody?(externalId: string): Buffer;
  /** Answers every call with this from now on. For helpdesks that are imitated. */
  breakDown?(reply: { readonly status: number; readonly text: string }): Promise<void>;
};

export type OpenDesk = () => Promise<TestDesk>;

/** A signal that never aborts. */
export const signal: AbortSignal = new AbortController().signal;

/** Skips the test when the connector has no such method. */
export function having<Given extends Connector, Method extends keyof Connector>(
  context: TestContext,
  connector: Given,
  method: Method,
) {
  if (connector[method] === undefined) context.skip(`the connector has no ${String(method)}`);
  // The cast: it was just checked.
  return connector as Given & Required<Pick<Connector, Method>>;
}

/** Throws TypeError when the desk lacks what this connector needs. */
export function partOf<Part extends keyof TestDesk>(desk: TestDesk, part: Part): NonNullable<TestDesk[Part]> {
  const found = desk[part];
  if (found === undefined) throw new TypeError(`the desk of a connector like this needs ${String(part)}`);
  return found;
}

export async function readKnown(connector: Connector, externalId: string): Promise<HelpdeskTicket> {
  const read = await connector.readTicket?.(externalId, signal);
  if (read == null) throw new TypeError(`the connector cannot read the ticket ${externalId}`);
  return read;
}

export const placeOf = ({ place, stamp }: HelpdeskTicket) => ({ place, stamp });

/** A delivery of a new decision about a new ticket. */
export async function requestFor(desk: TestDesk, mode: Mode): Promise<DeliverRequest> {
  const { connector } = desk;
  const ticket = { subject: 'Parcel', body: 'Where is my parcel?' };
  const externalId = await desk.createTicket(ticket);
  const id = `d-${randomUUID()}`;
  return {
    ticket: { id: `${connector.name}:${externalId}`, ...ticket, source: { connector: connector.name, externalId } },
    classification: sampleClassification({ reasoning: 'The customer misses a parcel.' }),
    decision: sampleDecision({ id, mode, tags: ['vip'], priority: 'high' }),
    owner: desk.groups?.[0] ?? null,
    based: connector.readTicket === undefined ? null : placeOf(await readKnown(connector, externalId)),
    note: `Looks like a question about an order. Decision ${id}`,
    signal,
  };
}

export const externalIdOf = ({ ticket }: DeliverRequest) => ticket.source?.externalId ?? ticket.id;

export function writtenOf(result: Awaited<ReturnType<Connector['deliver']>>) {
  if (result.state !== 'delivered' || result.written === undefined) {
    throw new TypeError(`expected a delivery with what it has written, not ${result.state}`);
  }
  return result.written;
}
