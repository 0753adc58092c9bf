import type { Signal } from '../../connectors/connector.ts';
import { ConflictError, InputError } from '../../errors.ts';
import type { Lane, RefreshJob } from '../../queue/jobs.ts';
import type { StoredPlace, StoreTransaction } from '../../store/store.ts';
import type { Intake } from '../intake.ts';
import type { ConfiguredConnector, PipelineContext } from '../pipeline-context.ts';
import { isInIntake } from './is-in-intake.ts';

export type SignalsRequest = {
  readonly configured: ConfiguredConnector;
  readonly signals: readonly Signal[];
  /** When a webhook with them arrived: it does not bring back a ticket that was erased since. */
  readonly receivedAt?: string;
};

/** Signals that were looked at: what must still be read, and what cannot be. */
export type TakenSignals = {
  /** Jobs to queue, in the transaction that records that the signals were handled. */
  readonly jobs: readonly RefreshJob[];
  readonly refused: readonly { readonly externalId: string; readonly reason: string }[];
};

/** What has changed longer ago than this is caught up with when no live ticket waits. */
const LIVE_MS = 10 * 60_000;
const SETTLED_MS = 1_000;

/**
 * Handles what a webhook or a list of changes says. A ticket that came with it is stored; for the others it returns jobs that
 * read them, without those that are known to be as they were read, or that are none of ours. Running it again stores nothing
 * twice.
 */
export async function takeSignals(
  context: PipelineContext,
  intake: Intake,
  { configured, signals, receivedAt }: SignalsRequest,
): Promise<TakenSignals> {
  const { connector } = configured;
  const now = context.now();
  const laneOf = ({ changedAt }: Signal): Lane => {
    const isOld = changedAt !== undefined && now.getTime() - Date.parse(changedAt) > LIVE_MS;
    return isOld ? 'background' : 'live';
  };
  const newest = newestOf(signals);
  const canRead = connector.readTicket !== undefined;
  const [carried, others] = [
    newest.filter(({ ticket }) => ticket !== undefined),
    newest.filter(({ ticket }) => !ticket),
  ];
  const refused: { externalId: string; reason: string }[] = [];
  await Promise.all(
    carried.map(async (signal) => {
      const { ticket, externalId } = signal;
      const groups = ticket?.source?.group === undefined ? [] : [ticket.source.group];
      if (ticket === undefined || !isInIntake(configured, { groups, brands: [], statuses: [] })) return;
      if (
        receivedAt !== undefined &&
        (await wasErasedSince(context, { connector: connector.name, externalId, receivedAt }))
      ) {
        refused.push({ externalId, reason: 'the ticket was erased after this webhook had arrived' });
        return;
      }
      try {
        const actor = { kind: 'connector', id: connector.name } as const;
        await intake({ connector: connector.name, ticket, actor, lane: laneOf(signal) });
      } catch (error) {
        // The content is what it is, and so is the ticket that has its id: trying again would find the same.
        if (!(error instanceof InputError || error instanceof ConflictError)) throw error;
        refused.push({ externalId, reason: error.message });
      }
    }),
  );
  if (!canRead) return { jobs: [], refused };
  const unread = await withoutKnown(context, { configured, signals: others });
  const toldAt = now.toISOString();
  const jobs = unread.map((signal) => ({
    ...{ connector: connector.name, externalId: signal.externalId, toldAt, lane: laneOf(signal) },
    ...(signal.isDeleted && { isDeleted: true }),
  }));
  return { jobs, refused };
}

/** The last signal of each ticket. That it was deleted counts wherever it stands, because the ticket is read to see. */
function newestOf(signals: readonly Signal[]): Signal[] {
  const newest = new Map<string, Signal>();
  for (const signal of signals) {
    const isDeleted = signal.isDeleted || newest.get(signal.externalId)?.isDeleted;
    newest.set(signal.externalId, isDeleted ? { ...signal, isDeleted } : signal);
  }
  return [...newest.values()];
}

async function wasErasedSince(
  { store }: PipelineContext,
  { connector, externalId, receivedAt }: { connector: string; externalId: string; receivedAt: string },
): Promise<boolean> {
  const erasure = await store.erasures.lastOf(`${connector}:${externalId}`);
  return erasure !== null && Date.parse(erasure.at) >= Date.parse(receivedAt);
}

/** Leaves out tickets that have not changed since they were read, and those that would not be taken in. */
async function withoutKnown(
  { store }: PipelineContext,
  { configured, signals }: Pick<SignalsRequest, 'configured' | 'signals'>,
): Promise<readonly Signal[]> {
  const saysMore = ({ stamp, createdAt, intake }: Signal) => (stamp ?? createdAt ?? intake) !== undefined;
  if (!signals.some(saysMore)) return signals;
  const connector = configured.connector.name;
  const known = await store.tickets.findByKeys(signals.map(({ externalId }) => ({ connector, externalId })));
  const ids = new Map(known.map(({ id, externalId }) => [externalId, id]));
  const places = await store.places.getMany(known.map(({ id }) => id));
  const cursor = await store.cursors.get(connector);
  return signals.filter(({ externalId, stamp, changedAt, createdAt, intake, isDeleted }) => {
    const id = ids.get(externalId);
    if (id !== undefined) return isDeleted || stamp === undefined || !isKnown(places.get(id), { stamp, changedAt });
    if (isDeleted) return false;
    if (createdAt !== undefined && cursor !== null && createdAt < cursor.connectedAt) return false;
    return intake === undefined || isInIntake(configured, intake);
  });
}

/** A stamp may be a time in seconds: a ticket that was read in that second may have changed once more in it. */
function isKnown(place: StoredPlace | undefined, { stamp, changedAt }: Pick<Signal, 'stamp' | 'changedAt'>): boolean {
  if (place === undefined || place.stamp !== stamp) return false;
  return changedAt === undefined || Date.parse(place.readAt) - Date.parse(changedAt) >= SETTLED_MS;
}

/** Queues jobs within a transaction. */
export function queueRefreshes(
  { queue }: Pick<PipelineContext, 'queue'>,
  transaction: StoreTransaction,
  jobs: readonly RefreshJob[],
): Promise<void> {
  return jobs.length === 0 ? Promise.resolve() : queue.enqueue('refresh', jobs, transaction.executor);
}
