import type { Delivery } from '../routing/decision.ts';
import type { DeliveryOrder, HistoryEvent, NewHistoryEntry } from '../store/store.ts';
import { createGroupCommit, createGroupRead } from './group-commit.ts';
import type { PipelineContext } from './pipeline-context.ts';

const GROUP_WAIT_MS = 2;
/** As in decide.ts. */
const MAX_GROUP = 25;

export type DeliverStep = {
  /** Writes a decision to where its ticket came from. Running it again does nothing. Rejects with ConnectorError. */
  deliver(decisionId: string, signal?: AbortSignal): Promise<void>;
  /** Ends a delivery that failed too often. */
  giveUp(decisionId: string, reason: string): Promise<void>;
};

type Finished = {
  readonly decisionId: string;
  readonly ticketId: string;
  readonly by: string;
  readonly delivery: Delivery;
};

export function createDeliverStep(context: PipelineContext): DeliverStep {
  const { store, logger } = context;
  const group = createGroupCommit<Finished, null>({
    commit: async (items) => {
      await saveDeliveries(context, items);
      return items.map(() => null);
    },
    waitMs: GROUP_WAIT_MS,
    maxItems: MAX_GROUP,
  });

  const getOrder = createGroupRead({
    read: store.deliveries.getOrders,
    keyOf: (order: DeliveryOrder) => order.decision.id,
  });
  const findPending = async (decisionId: string) => {
    const order = await getOrder(decisionId);
    if (order === null) logger.warn({ decisionId }, 'a job is about a delivery that is not stored');
    return order?.delivery.state === 'pending' ? order : null;
  };
  const end = (state: Delivery['state'], reason: string | null): Delivery => ({
    state,
    at: context.now().toISOString(),
    reason,
  });

  return {
    async deliver(decisionId, signal) {
      const order = await findPending(decisionId);
      if (order === null) return;
      const { ticket, decision, classification, revision } = order;
      const finish = (delivery: Delivery) =>
        group.submit({ decisionId, ticketId: ticket.id, by: ticket.connector, delivery });

      if (ticket.revision !== revision) {
        await finish(end('skipped', 'a newer revision of the ticket is decided in its place'));
        return;
      }
      const configured = context.connectors.get(ticket.connector);
      if (configured === undefined) {
        await finish(end('skipped', `no connector "${ticket.connector}" is configured any more`));
        return;
      }
      const result = await configured.connector.deliver({ ticket: ticket.ticket, classification, decision, signal });
      await finish(end(result.state, result.detail ?? null));
    },

    async giveUp(decisionId, reason) {
      const order = await findPending(decisionId);
      if (order === null) return;
      const { id: ticketId, connector } = order.ticket;
      await group.submit({ decisionId, ticketId, by: connector, delivery: end('refused', reason) });
    },
  };
}

const eventOf: Record<Delivery['state'], HistoryEvent> = {
  delivered: 'delivered',
  refused: 'delivery-refused',
  skipped: 'delivery-skipped',
  // A delivery ends in one of the others.
  pending: 'delivery-skipped',
};

async function saveDeliveries(context: PipelineContext, items: readonly Finished[]): Promise<void> {
  await context.store.transaction(async (transaction) => {
    const finished = await transaction.deliveries.finishMany(items);
    const seen = new Set<string>();
    const entries = items.flatMap(({ decisionId, ticketId, by, delivery }): NewHistoryEntry[] => {
      if (!finished.has(decisionId) || seen.has(decisionId)) return [];
      seen.add(decisionId);
      return [{ ticketId, event: eventOf[delivery.state], by, detail: delivery.reason ?? '' }];
    });
    await transaction.history.append(entries);
  });
}
