import { type Saying, say, sayingOf, verbatim } from '../base/say.ts';
import { type Delivery, leastMode } from '../routing/decision.ts';
import { KEPT_RULE } from '../routing/own-rules.ts';
import type { DeliveryOrder, HistoryEvent, NewHistoryEntry } from '../store/store.ts';
import type { Written } from '../ticket/helpdesk-ticket.ts';
import { createGroupCommit, createGroupRead } from './group-commit.ts';
import { isKept, nameMover } from './keep-assignment.ts';
import type { PipelineContext } from './pipeline-context.ts';
import type { Refresh } from './receive/refresh.ts';
import { presentModeFor } from './route-ticket.ts';
import { withinTime } from './within-time.ts';
import { createWriteDecision, newerRevision, type WriteResult } from './write-decision.ts';

const GROUP_WAIT_MS = 2;
/** For the same reason as in decide.ts. */
const MAX_GROUP = 25;
/** For the same reason as in decide.ts. */
const WRITES_HISTORY = { releasesEarly: true };

export type DeliverStep = {
  /** Writes a decision to the ticket's connector. Running it again does nothing. Rejects with ConnectorError. */
  deliver(decisionId: string, signal?: AbortSignal): Promise<void>;
  /** Ends a delivery that failed too often as refused, with the reason. */
  giveUp(decisionId: string, reason: string): Promise<void>;
};

type EndState = Exclude<Delivery['state'], 'pending' | 'undone'>;

type Finished = {
  readonly decisionId: string;
  readonly ticketId: string;
  readonly connector: string;
  readonly delivery: Delivery & { readonly state: EndState };
  readonly written: Written | null;
};

export function createDeliverStep(context: PipelineContext, refresh: Refresh): DeliverStep {
  const { store, logger } = context;
  const write = createWriteDecision(context, refresh);
  const group = createGroupCommit<Finished, boolean>({
    commit: (items) => saveDeliveries(context, items),
    waitMs: () => GROUP_WAIT_MS,
    maxItems: MAX_GROUP,
  });

  const getOrder = createGroupRead({
    read: store.deliveries.getOrders,
    keyOf: (order: DeliveryOrder) => order.decision.id,
  });
  // The lock waits for anybody who is moving the ticket, and its transaction until the decision is on the disk: a crash of
  // the database must not take back what a connector has written. Deliveries at the same time share one transaction.
  const getAssignment = createGroupRead({
    read: async (ticketIds) => {
      const [, assignments] = await store.transaction(
        ({ tickets, assignments, finish }) =>
          finish(
            () => tickets.lock(ticketIds),
            () => assignments.getMany(ticketIds),
          ),
        { locksOnly: true },
      );
      return [...assignments].map(([ticketId, assignment]) => ({ ticketId, assignment }));
    },
    keyOf: ({ ticketId }) => ticketId,
  });
  /**
   * Returns why nothing may be written if somebody has moved the ticket to another team since the decision, else null.
   */
  const findMove = async ({ ticketId, team }: { ticketId: string; team: string }): Promise<Saying | null> => {
    const assignment = (await getAssignment(ticketId))?.assignment;
    if (!isKept(assignment) || assignment.team === team) return null;
    const who = await nameMover(store, { ticketId, assignment });
    const { team: to } = assignment;
    return say('delivery.moved-since', `${who.text} moved the ticket to the team "${to}": nothing is written`, {
      who,
      team: to,
    });
  };
  const findPending = async (decisionId: string) => {
    const order = await getOrder(decisionId);
    if (order === null) logger.info({ decisionId }, 'a job ended because its delivery is no longer stored');
    return order?.delivery.state === 'pending' ? order : null;
  };
  const end = (state: EndState, reason: Saying | null): Finished['delivery'] => ({
    state,
    at: context.now().toISOString(),
    reason: reason?.text ?? null,
    ...(reason !== null && { reasonFacts: reason.facts }),
  });

  return {
    async deliver(decisionId, signal) {
      const order = await findPending(decisionId);
      if (order === null) return;
      const { ticket, decision, classification, revision } = order;
      const finish = (delivery: Finished['delivery'], written: Written | null = null) =>
        group.submit({ decisionId, ticketId: ticket.id, connector: ticket.connector, delivery, written });

      if (ticket.revision !== revision) {
        await finish(end('skipped', newerRevision));
        return;
      }
      const configured = context.connectors.get(ticket.connector);
      if (configured === undefined) {
        await finish(end('skipped', noConnector(ticket.connector)));
        return;
      }
      // Somebody may have turned the mode down since, to stop what is waiting.
      const mode = leastMode(decision.mode, presentModeFor(context, { connector: ticket.connector, classification }));
      if (mode === 'shadow') {
        await finish(end('skipped', inShadow(ticket.connector)));
        return;
      }
      // What a decision for a ticket that somebody has says is a note for that person.
      const isLater = decision.rule === KEPT_RULE;
      const moved = isLater ? null : await findMove({ ticketId: ticket.id, team: decision.team });
      if (moved !== null) {
        await finish(end('skipped', moved));
        return;
      }
      const result = await withinTime({
        connector: ticket.connector,
        signal,
        work: (time) =>
          write({ order: { ...order, decision: { ...decision, mode } }, configured, isLater, signal: time }),
      });
      const written = result.state === 'delivered' ? (result.written ?? null) : null;
      const isSaved = await finish(end(result.state, reasonOf(result)), written);
      // The ticket was erased while its decision was written, so erase what was just written as well.
      if (!isSaved && (await store.tickets.get(ticket.id)) === null) {
        await configured.connector.erase?.({ ticketIds: [ticket.id] });
      }
    },

    async giveUp(decisionId, reason) {
      const order = await findPending(decisionId);
      if (order === null) return;
      const { id: ticketId, connector } = order.ticket;
      await group.submit({
        decisionId,
        ticketId,
        connector,
        delivery: end('refused', verbatim(reason)),
        written: null,
      });
    },
  };
}

const noConnector = (connector: string) =>
  say('delivery.no-connector', `no connector "${connector}" is configured now`, { connector });

const inShadow = (connector: string) =>
  say('delivery.shadow', `the connector "${connector}" is in shadow mode now: nothing is written`, { connector });

const reasonOf = ({ detail, detailFacts }: WriteResult): Saying | null =>
  detail === undefined ? null : sayingOf(detail, detailFacts);

const eventOf = {
  delivered: 'delivered',
  refused: 'delivery-refused',
  skipped: 'delivery-skipped',
} as const satisfies Record<EndState, HistoryEvent>;

/** Saves the end of each delivery, with history. Returns for each whether it was still pending. */
async function saveDeliveries(context: PipelineContext, items: readonly Finished[]): Promise<boolean[]> {
  return context.store.transaction(async (transaction) => {
    // Locked before their deliveries, as an erasure does: the other way round, each could wait for the other.
    const [, finished] = await transaction.together(
      () => transaction.tickets.lock(items.map(({ ticketId }) => ticketId)),
      () => transaction.deliveries.finishMany(items),
    );
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
          facts: { decisionId, reasonFacts: delivery.reasonFacts },
        },
      ];
    });
    await transaction.history.append(entries);
    return items.map(({ decisionId }) => finished.has(decisionId));
  }, WRITES_HISTORY);
}
