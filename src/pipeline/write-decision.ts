import { type Saying, say } from '../base/say.ts';
import type { DeliverResult, ReadPlace } from '../connectors/connector.ts';
import type { DeliveryOrder, StoredPlace } from '../store/store.ts';
import { writeNote } from './note/write-note.ts';
import type { ConfiguredConnector, PipelineContext } from './pipeline-context.ts';
import { describeHandling } from './receive/find-handling.ts';
import type { Refresh } from './receive/refresh.ts';

/** A helpdesk in which a ticket changes again and again between reading and writing keeps it. */
const MAX_TRIES = 3;

/** More writes in an hour are a circle: a rule of the helpdesk changes the ticket after each, so that it is decided again. */
const MAX_WRITES_PER_HOUR = 20;
const HOUR_MS = 3_600_000;

/** How a delivery ended; `skipped`: nothing may be written. */
export type WriteResult =
  | Exclude<DeliverResult, { state: 'conflict' }>
  | { readonly state: 'skipped'; readonly detail: string; readonly detailFacts: Saying['facts'] };

export type WriteDecision = (request: {
  readonly order: DeliveryOrder;
  readonly configured: ConfiguredConnector;
  /** True for a note to the person who has the ticket. */
  readonly isLater: boolean;
  readonly signal: AbortSignal;
}) => Promise<WriteResult>;

/**
 * Builds the part of a delivery that writes to a helpdesk: it compares the ticket with the state that it was decided on, and
 * after a conflict reads it again, decides again where something has changed that rules look at, and else tries again.
 */
export function createWriteDecision(context: PipelineContext, refresh: Refresh): WriteDecision {
  const { store } = context;

  /** Why a decision is not written any more after its ticket was read again; null when it is. */
  const findOutdated = async ({ ticket, revision }: DeliveryOrder) => {
    const [present] = await store.tickets.getMany([ticket.id]);
    if (present === undefined) return say('delivery.erased', 'the ticket was erased');
    return present.revision === revision ? null : newerRevision;
  };

  /** Returns null for a helpdesk that cannot be read, and a saying where nothing may be written. */
  const findPlace = async (order: DeliveryOrder, configured: ConfiguredConnector, signal: AbortSignal) => {
    if (configured.connector.readTicket === undefined) return null;
    const { id, connector, externalId } = order.ticket;
    const stored = (await store.places.getMany([id])).get(id);
    if (stored !== undefined) return stored;
    // It came through the API, or the process ended before its place was stored.
    await refresh({ connector, externalId, signal });
    const read = (await store.places.getMany([id])).get(id);
    return (await findOutdated(order)) ?? read ?? notFound;
  };

  return async ({ order, configured, isLater, signal }) => {
    const { ticket, decision, classification } = order;
    const { connector, externalId } = ticket;
    const team = context.routing.teams.find(({ id }) => id === decision.team);
    const owner = team?.owners[connector] ?? null;
    const note = writeNote(context, configured, { classification, decision, isLater });
    if (order.revision > MAX_WRITES_PER_HOUR) {
      const since = new Date(context.now().getTime() - HOUR_MS);
      const writes = await store.deliveries.countDelivered({ ticketId: ticket.id, since });
      if (writes >= MAX_WRITES_PER_HOUR) return { state: 'refused', ...detailOf(circle(connector)) };
    }
    for (let tries = 1; ; tries += 1) {
      const place = await findPlace(order, configured, signal);
      if (place !== null && 'facts' in place) return skip(place);
      const reason = place === null ? null : findReasonToLeave(place, { isLater });
      if (reason !== null) return skip(reason);
      const based: ReadPlace | null = place === null ? null : { place: place.place, stamp: place.stamp };
      const result = await configured.connector.deliver({
        ...{ ticket: ticket.ticket, classification, decision, owner, based, note, signal },
      });
      if (result.state !== 'conflict') return result;
      if (tries === MAX_TRIES) {
        const text = `the ticket changed each time before it could be written, ${MAX_TRIES} times: ${result.detail}`;
        return { state: 'refused', ...detailOf(say('delivery.changed-each-time', text, { count: MAX_TRIES })) };
      }
      await refresh({ connector, externalId, decidesAgain: !isLater, signal });
      const outdated = await findOutdated(order);
      if (outdated !== null) return skip(outdated);
    }
  };
}

export const newerRevision = say(
  'delivery.newer-revision',
  'the ticket has a newer revision, which is decided instead',
);
const notFound = say('delivery.not-found', 'the helpdesk has no such ticket, or does not show it to us');

const circle = (connector: string) =>
  say(
    'delivery.circle',
    `the ticket was written ${MAX_WRITES_PER_HOUR} times within an hour. Look for a trigger or a rule in "${connector}" that changes its subject or customer after each`,
    { connector, count: MAX_WRITES_PER_HOUR },
  );

const detailOf = ({ text, facts }: Saying) => ({ detail: text, detailFacts: facts });

const skip = (why: Saying): WriteResult => ({ state: 'skipped', ...detailOf(why) });

/** Why a ticket must be left as it is; null when it may be written. */
function findReasonToLeave(place: StoredPlace, { isLater }: { isLater: boolean }): Saying | null {
  const { state, handling, isInIntake } = place;
  if (state !== 'open') return say('delivery.not-open', `the ticket is ${state} in the helpdesk`, { state });
  if (handling !== null && !isLater) {
    const why = describeHandling(handling);
    return say('delivery.kept', `${why.text}: nothing is written`, { why });
  }
  return isInIntake
    ? null
    : say('delivery.outside-intake', "the ticket is outside the connector's intake: nothing is written");
}
