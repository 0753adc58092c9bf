import type { Actor } from '../base/actor.ts';
import { nameActor } from '../base/actor.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { writeUndoneNote } from './note/write-note.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { withinTime } from './within-time.ts';

export type UndoneDelivery = {
  readonly decisionId: string;
  readonly ticketId: string;
  /** `kept`: the helpdesk no longer has what was written, so nothing was taken back. */
  readonly state: 'undone' | 'kept';
  /** What was taken back, or why nothing was: `group and priority`. */
  readonly detail: string;
};

/**
 * Takes back what a decision wrote to a helpdesk, where the helpdesk still has it. Throws NotFoundError for an unknown
 * decision, ConflictError for one that was not delivered, was taken back before, or whose connector cannot take anything back,
 * ConnectorError when the helpdesk fails.
 */
export async function undoDelivery(
  context: PipelineContext,
  { decisionId, actor }: { decisionId: string; actor: Actor },
): Promise<UndoneDelivery> {
  const { store, connectors } = context;
  const [order] = await store.deliveries.getOrders([decisionId]);
  if (order === undefined) throw new NotFoundError(`There is no decision "${decisionId}" with a delivery.`);
  const { delivery, ticket } = order;
  if (delivery.state !== 'delivered') {
    const why = delivery.reason === null ? '' : ` (${delivery.reason})`;
    throw new ConflictError(
      `The decision "${decisionId}" cannot be taken back: its delivery is ${delivery.state}${why}.`,
    );
  }
  const configured = connectors.get(ticket.connector);
  const undo = configured?.connector.undo;
  const written = await store.deliveries.getWritten(decisionId);
  if (configured === undefined || undo === undefined || written === null) {
    const found = configured === undefined ? 'is not configured now' : 'does not take anything back';
    const why = undo === undefined ? `the connector "${ticket.connector}" ${found}` : 'what it wrote is not known';
    throw new ConflictError(`The decision "${decisionId}" cannot be taken back: ${why}.`);
  }
  const later = await store.deliveries.findLaterDelivered({ ticketId: ticket.id, revision: order.revision });
  if (later !== null) {
    const why = `the later decision "${later}" was written since and stands: take that one back first`;
    return { decisionId, ticketId: ticket.id, state: 'kept', detail: why };
  }
  const { externalId, connector } = ticket;
  const note = writeUndoneNote(configured, decisionId);
  const { state, detail } = await withinTime({
    connector,
    work: (signal) => undo({ externalId, decisionId, written, note, signal }),
  });
  if (state === 'undone') {
    const at = context.now().toISOString();
    await store.transaction(async (transaction) => {
      await transaction.tickets.lock([ticket.id]);
      if (!(await transaction.deliveries.markUndone(decisionId, { state: 'undone', at, reason: detail }))) return;
      const assignment = await transaction.assignments.get(ticket.id);
      // Nobody has it any more, unless a person has put it somewhere meanwhile.
      if (assignment?.cause === 'decision') await transaction.assignments.remove(ticket.id);
      await transaction.history.append([
        {
          ticketId: ticket.id,
          event: 'delivery-undone',
          by: nameActor(actor),
          actor,
          detail,
          facts: { decisionId },
        },
      ]);
    });
  }
  return { decisionId, ticketId: ticket.id, state, detail };
}
