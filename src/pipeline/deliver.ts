import type { Delivery } from '../routing/decision.ts';
import type { DeliveryOrder, HistoryEvent, NewHistoryEntry } from '../store/store.ts';
import { createGroupCommit, createGroupRead } from './group-commit.ts';
import { isKept, nameMover } from './keep-assignment.ts';
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

type EndState = Exclude<Delivery['state'], 'pending'>;

type Finished = {
  readonly decisionId: string;
  readonly ticketId: string;
  readonly connector: string;
  readonly delivery: Delivery & { readonly state: EndState };
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
  const end = (state: EndState, reason: string | null): Finished['delivery'] => ({
    state,
    at: context.now().toISOString(),
    reason,
  });

  return {
    async deliver(decisionId, signal) {
      const order = await findPending(decisionId);
      if (order === null) return;
      const { ticket, decision, classification, revision } = order;
      const finish = (delivery: Finished['delivery']) =>
        group.submit({ decisionId, ticketId: ticket.id, connector: ticket.connector, delivery });

      if (ticket.revision !== revision) {
        await finish(end('skipped', 'a newer revision of the ticket is decided in its place'));
        return;
      }
      const configured = context.connectors.get(ticket.connector);
      if (configured === undefined) {
        await finish(end('skipped', `no connector "${ticket.connector}" is configured any more`));
        return;
      }
      const moved = await findMove(context, { ticketId: ticket.id, team: decision.team });
      if (moved !== null) {
        await finish(end('skipped', moved));
        return;
      }
      const result = await configured.connector.deliver({ ticket: ticket.ticket, classification, decision, signal });
      await finish(end(result.state, result.detail ?? null));
    },

    async giveUp(decisionId, reason) {
      const order = await findPending(decisionId);
      if (order === null) return;
      const { id: ticketId, connector } = order.ticket;
      await group.submit({ decisionId, ticketId, connector, delivery: end('refused', reason) });
    },
  };
}

/** Why nothing is written: somebody has put the ticket elsewhere since it was decided. Null when nobody has. */
async function findMove(
  { store }: Pick<PipelineContext, 'store'>,
  { ticketId, team }: { ticketId: string; team: string },
): Promise<string | null> {
  // Waits for a move that is being committed just now.
  const assignments = await store.transaction((transaction) => transaction.assignments.lock([ticketId]));
  const assignment = assignments.get(ticketId);
  if (!isKept(assignment) || assignment.team === team) return null;
  const who = await nameMover(store, { ticketId, assignment });
  return `${who} moved the ticket to the team "${assignment.team}": nothing is written`;
}

const eventOf = {
  delivered: 'delivered',
  refused: 'delivery-refused',
  skipped: 'delivery-skipped',
} as const satisfies Record<EndState, HistoryEvent>;

async function saveDeliveries(context: PipelineContext, items: readonly Finished[]): Promise<void> {
  await context.store.transaction(async (transaction) => {
    const finished = await transaction.deliveries.finishMany(items);
    const seen = new Set<string>();
    const entries = items.flatMap(({ decisionId, ticketId, connector, delivery }): NewHistoryEntry[] => {
      if (!finished.has(decisionId) || seen.has(decisionId)) return [];
      seen.add(decisionId);
      return [
        {
          ticketId,
          event: eventOf[delivery.state],
          by: connector,
          actor: { kind: 'connector', id: connector },
          detail: delivery.reason ?? '',
          facts: { decisionId },
        },
      ];
    });
    await transaction.history.append(entries);
  });
}
