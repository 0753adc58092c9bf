import type { RefreshJob } from '../../queue/jobs.ts';
import type { StoredPlace, StoredTicket } from '../../store/store.ts';
import { composeThread } from '../../ticket/compose-thread.ts';
import { fitTicket } from '../../ticket/fit-ticket.ts';
import type { HelpdeskTicket } from '../../ticket/helpdesk-ticket.ts';
import type { IncomingTicket } from '../../ticket/ticket.ts';
import { eraseTickets } from '../erase.ts';
import type { Intake } from '../intake.ts';
import type { ConfiguredConnector, PipelineContext } from '../pipeline-context.ts';
import { findHandling } from './find-handling.ts';
import { isInIntake } from './is-in-intake.ts';
import { keepChanges } from './keep-changes.ts';
import { teamOfGroup } from './team-of-group.ts';

/** What became of a ticket that was read. */
export type Refreshed =
  | { readonly status: 'accepted' | 'revised' | 'repeated' | 'erased'; readonly ticketId: string }
  /** Not one that we take in, or not there any more. */
  | { readonly status: 'left'; readonly reason: string };

export type Refresh = (
  request: Omit<RefreshJob, 'toldAt'> & {
    /** A read that began later is new enough; left out, the ticket is read again in any case. */
    readonly toldAt?: string;
    /** After a conflict: decide again if what rules look at has changed. */
    readonly decidesAgain?: boolean;
    readonly signal: AbortSignal;
  },
) => Promise<Refreshed>;

/**
 * Builds the step that reads a ticket from its helpdesk and stores what is new: its words, where it is, and what others have
 * changed. Running it again stores nothing twice. Rejects with ConnectorError.
 */
export function createRefresh(context: PipelineContext, intake: Intake): Refresh {
  const { store, logger } = context;
  return async ({
    connector: name,
    externalId,
    toldAt,
    isDeleted = false,
    lane,
    decidesAgain = false,
    imports = false,
    signal,
  }) => {
    const configured = context.connectors.get(name);
    const readTicket = configured?.connector.readTicket;
    if (configured === undefined || readTicket === undefined) {
      return { status: 'left', reason: `no connector "${name}" that reads tickets is configured now` };
    }
    const [known] = await store.tickets.findByKeys([{ connector: name, externalId }]);
    if (known !== undefined && toldAt !== undefined && !isDeleted) {
      const place = (await store.places.getMany([known.id])).get(known.id);
      if (place !== undefined && place.readAt > toldAt) return { status: 'repeated', ticketId: known.id };
    }
    const readAt = context.now().toISOString();
    const read = await readTicket(externalId, signal);
    const isGone = read === null ? isDeleted : read.state === 'deleted';
    if (isGone) return erase(context, { connector: name, known });
    if (read === null) return { status: 'left', reason: 'the helpdesk has no such ticket, or does not show it to us' };

    // An older ticket may have any status by now.
    const statuses = imports ? configured.statuses : read.intake.statuses;
    const isIn = isInIntake(configured, { ...read.intake, statuses });
    const found: Found = { configured, read, isInIntake: isIn };
    if (known === undefined) {
      const reason = await findReasonToLeave(context, { ...found, imports });
      if (reason !== null) return { status: 'left', reason };
    }
    // A ticket that is closed, merged or spam stays as it was decided.
    const ticket = known === undefined || (read.state === 'open' && !imports) ? ticketOf(name, read, imports) : null;
    if (ticket === null && known === undefined)
      return { status: 'left', reason: 'the ticket has no text and no files' };
    const result =
      ticket === null
        ? null
        : await intake({ connector: name, ticket, actor: { kind: 'connector', id: name }, lane, decidesAgain });
    const ticketId = result?.ticketId ?? known?.id ?? '';
    const status = result?.status ?? 'repeated';
    const place: StoredPlace = {
      ticketId,
      place: read.place,
      state: read.state,
      stamp: read.stamp,
      handling: findHandling(read),
      isInIntake:
        found.isInIntake || teamOfGroup(context, { connector: name, groups: read.intake.groups }) !== undefined,
      readAt,
    };
    await keepChanges(context, { connector: name, place, read });
    if (status !== 'repeated') logger.debug({ ticketId, status }, 'a ticket was read from its helpdesk');
    return { status, ticketId };
  };
}

type Found = { readonly configured: ConfiguredConnector; readonly read: HelpdeskTicket; readonly isInIntake: boolean };

/** Why a ticket that is not known yet is not taken in; null when it is. */
async function findReasonToLeave(
  context: PipelineContext,
  { configured, read, isInIntake: isIn, imports }: Found & { readonly imports: boolean },
) {
  const isWanted = read.state === 'open' || (imports && read.state === 'closed');
  if (!isWanted) return `the ticket is ${read.state} in the helpdesk`;
  if (imports) return null;
  if (!isIn) return "the ticket is outside the connector's intake";
  const cursor = await context.store.cursors.get(configured.connector.name);
  if (cursor !== null && read.createdAt < cursor.connectedAt) {
    return 'the ticket is older than the connection of the helpdesk';
  }
  return null;
}

async function erase(
  context: PipelineContext,
  { connector, known }: { connector: string; known: StoredTicket | undefined },
): Promise<Refreshed> {
  if (known === undefined) return { status: 'left', reason: 'the ticket was deleted in the helpdesk' };
  await eraseTickets(context, { what: { ticketId: known.id }, actor: { kind: 'connector', id: connector } });
  return { status: 'erased', ticketId: known.id };
}

/** Returns null for a ticket without any content. */
function ticketOf(connector: string, read: HelpdeskTicket, imported: boolean): IncomingTicket | null {
  const { body, attachments } = composeThread(read.messages);
  const { subject = '' } = read.ticket;
  if (body.trim() === '' && subject.trim() === '' && attachments === 0) return null;
  return fitTicket({
    ...read.ticket,
    body,
    createdAt: read.createdAt,
    ...(attachments > 0 && { attachments }),
    source: { ...read.ticket.source, connector, externalId: read.externalId, ...(imported && { imported }) },
  });
}
