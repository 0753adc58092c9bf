import type { RefreshJob } from '../../queue/jobs.ts';
import type { Erasure, StoredPlace, StoredTicket } from '../../store/store.ts';
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

/** Reads that go on beside this one are seen after it. A helpdesk in which that happens each time is taken as it is read. */
const MAX_TRIES = 4;

/**
 * Builds the step that reads a ticket from its helpdesk and stores what is new: its words, where it is, and what others have
 * changed. Running it again stores nothing twice. Rejects with ConnectorError.
 */
export function createRefresh(context: PipelineContext, intake: Intake): Refresh {
  const { store } = context;
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
    const look = async () => {
      const [ticket] = await store.tickets.findByKeys([{ connector: name, externalId }]);
      const place = ticket && (await store.places.getMany([ticket.id])).get(ticket.id);
      return { ticket, place };
    };
    for (let tries = 1; ; tries += 1) {
      const { ticket: before, place: placeBefore } = await look();
      const began = context.now();
      const readAt = began.toISOString();
      if (before !== undefined && placeBefore !== undefined && toldAt !== undefined && !isDeleted && tries === 1) {
        // A read in the future is one by a clock that was ahead.
        if (placeBefore.readAt > toldAt && placeBefore.readAt <= readAt) {
          return { status: 'repeated', ticketId: before.id };
        }
      }
      const read = await readTicket(externalId, signal);
      const { ticket: known, place: seen } = await look();
      const isGone = read === null ? isDeleted : read.state === 'deleted';
      if (isGone) return erase(context, { connector: name, known });
      if (read === null) {
        return { status: 'left', reason: 'the helpdesk has no such ticket, or does not show it to us' };
      }
      const isLast = tries === MAX_TRIES;
      const isOvertaken = seen !== undefined && seen.readAt !== placeBefore?.readAt && seen.stamp !== read.stamp;
      if (isOvertaken && !isLast) continue;
      const stored = await storeRead(context, intake, {
        ...{ configured, read, known, lane, decidesAgain, imports, began },
        seen: isLast ? 'any' : seen,
      });
      if (stored !== 'overtaken') return stored;
    }
  };
}

type Reading = {
  readonly configured: ConfiguredConnector;
  readonly read: HelpdeskTicket;
  /** The stored ticket, after the read. */
  readonly known: StoredTicket | undefined;
  /** Its place at the same time; `any`: what others store meanwhile does not matter. */
  readonly seen: StoredPlace | undefined | 'any';
  readonly lane: RefreshJob['lane'];
  readonly decidesAgain: boolean;
  /** An older ticket, asked for by an import. */
  readonly imports: boolean;
  /** When the read began. */
  readonly began: Date;
};

/** Stores a read. Returns `overtaken` when another one of another state was stored at the same time: nobody knows which is older. */
async function storeRead(
  context: PipelineContext,
  intake: Intake,
  { configured, read, known, seen, lane, decidesAgain, imports, began }: Reading,
): Promise<Refreshed | 'overtaken'> {
  const { name } = configured.connector;
  // An older ticket may have any status by now.
  const statuses = imports ? configured.statuses : read.intake.statuses;
  const isIn = isInIntake(configured, { ...read.intake, statuses });
  const found: Found = { configured, read, isInIntake: isIn, imports, began };
  if (known === undefined) {
    const reason = await findReasonToLeave(context, found);
    if (reason !== null) return { status: 'left', reason };
  }
  // A ticket that is closed, merged or spam stays as it was decided.
  const ticket = known === undefined || (read.state === 'open' && !imports) ? ticketOf(name, read, imports) : null;
  if (ticket === null && known === undefined) return { status: 'left', reason: 'the ticket has no text and no files' };
  const actor = { kind: 'connector', id: name } as const;
  const result = ticket === null ? null : await intake({ connector: name, ticket, actor, lane, decidesAgain });
  const ticketId = result?.ticketId ?? known?.id ?? '';
  const status = result?.status ?? 'repeated';
  const teamHere = teamOfGroup(context, { connector: name, groups: read.intake.groups });
  const place: StoredPlace = {
    ticketId,
    place: read.place,
    state: read.state,
    stamp: read.stamp,
    handling: findHandling(read),
    isInIntake: found.isInIntake || teamHere !== undefined,
    readAt: began.toISOString(),
  };
  const base = { seen, revision: result?.revision ?? null };
  const kept = await keepChanges(context, { connector: name, place, read, base });
  if (kept === 'overtaken') return 'overtaken';
  // It may have been erased after it was looked for.
  const erased = status === 'accepted' ? await findErasure(context, { ticketId, found }) : null;
  if (erased !== null) {
    await eraseTickets(context, { what: { ticketId }, actor: erased.actor });
    return { status: 'left', reason: ERASED };
  }
  if (status !== 'repeated') context.logger.debug({ ticketId, status }, 'a ticket was read from its helpdesk');
  return { status, ticketId };
}

type Found = Pick<Reading, 'configured' | 'read' | 'imports' | 'began'> & { readonly isInIntake: boolean };

const ERASED = 'the ticket was erased here, and the customer has not written since';

/** Why a ticket that is not known yet is not taken in; null when it is. */
async function findReasonToLeave(context: PipelineContext, found: Found): Promise<string | null> {
  const { configured, read, isInIntake: isIn, imports } = found;
  const isWanted = read.state === 'open' || (imports && read.state === 'closed');
  if (!isWanted) return `the ticket is ${read.state} in the helpdesk`;
  const erased = await findErasure(context, { ticketId: `${configured.connector.name}:${read.externalId}`, found });
  if (erased !== null) return ERASED;
  if (imports) return null;
  if (!isIn) return "the ticket is outside the connector's intake";
  const cursor = await context.store.cursors.get(configured.connector.name);
  if (cursor !== null && read.createdAt < cursor.connectedAt) {
    return 'the ticket is older than the connection of the helpdesk';
  }
  return null;
}

/**
 * The erasure for which a ticket does not come back: it was erased after this read began, or a person asked for it and the
 * customer has not written since. One that was old, or deleted in the helpdesk and restored there, may come back.
 */
async function findErasure(
  { store }: PipelineContext,
  { ticketId, found }: { ticketId: string; found: Found },
): Promise<Erasure | null> {
  const erasure = await store.erasures.lastOf(ticketId);
  if (erasure === null) return null;
  const at = Date.parse(erasure.at);
  const isDemand = erasure.actor.kind === 'user' || erasure.actor.kind === 'token';
  const hasNews = found.read.messages.some(({ from, at: sentAt }) => from === 'customer' && Date.parse(sentAt) > at);
  return at >= found.began.getTime() || (isDemand && !hasNews) ? erasure : null;
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
