import { explainFailure } from '../base/safe-error.ts';
import type { Classification } from '../classifiers/classifier.ts';
import { formatPercent } from '../classifiers/format-percent.ts';
import type { Decision, Delivery } from '../routing/decision.ts';
import type { NewHistoryEntry, StoredTicket, TicketRef } from '../store/store.ts';
import { createGroupCommit, createGroupRead } from './group-commit.ts';
import { keepMovedTicket } from './keep-moved.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { modeFor, routeTicket } from './route-ticket.ts';
import { createTriageDecision, createUndecided } from './undecided.ts';
import { createUnsavedAnswers } from './unsaved-answers.ts';

const GROUP_WAIT_MS = 2;
/** The embedded store has one connection: an intake should not wait for the saving of a hundred decisions. */
const MAX_GROUP = 25;

export type DecideStep = {
  /** Classifies, routes and saves one revision. Running it again does nothing. Rejects when no engine answers. */
  decide(ref: TicketRef, signal?: AbortSignal): Promise<void>;
  /** Sends a revision that could not be decided to the triage team, with the reason. */
  giveUp(ref: TicketRef, reason: string): Promise<void>;
};

type Decided = TicketRef & {
  readonly connector: string;
  readonly classification: Classification;
  readonly decision: Decision;
  /** Who moved the ticket to where it stays; null when it was decided. */
  readonly keptBy: string | null;
};

export function createDecideStep(context: PipelineContext): DecideStep {
  const { store, logger } = context;
  const group = createGroupCommit<Decided, null>({
    commit: async (items) => {
      await saveDecisions(context, items);
      return items.map(() => null);
    },
    waitMs: GROUP_WAIT_MS,
    maxItems: MAX_GROUP,
  });
  const getTicket = createGroupRead({ read: store.tickets.getMany, keyOf: (ticket: StoredTicket) => ticket.id });
  const unsaved = createUnsavedAnswers();

  /** The ticket, if this revision of it still waits for a decision. */
  const findWaiting = async (ref: TicketRef): Promise<StoredTicket | null> => {
    const stored = await getTicket(ref.ticketId);
    if (stored === null) {
      logger.warn({ ticketId: ref.ticketId }, 'a job is about a ticket that is not stored');
      return null;
    }
    // A later revision has a job of its own.
    return stored.revision === ref.revision && stored.state === 'received' ? stored : null;
  };

  return {
    async decide(ref, signal) {
      const stored = await findWaiting(ref);
      if (stored === null) return;
      const { connector } = stored;
      const kept = await keepMovedTicket(context, ref);
      if (kept !== null) {
        const { classification, decision, by } = kept;
        await group.submit({ ...ref, connector, classification, decision, keptBy: by });
        return;
      }
      const key = keyOf(ref);
      const classification = await unsaved.take(key, () =>
        context.classifier.classify({ ticket: stored.ticket, taxonomy: context.taxonomy, signal }),
      );
      const decision = routeTicket(context, { ticket: stored.ticket, connector, classification });
      await group.submit({ ...ref, connector, classification, decision, keptBy: null });
      unsaved.drop(key);
    },

    async giveUp(ref, reason) {
      unsaved.drop(keyOf(ref));
      const stored = await findWaiting(ref);
      if (stored === null) return;
      const { connector, ticket } = stored;
      const classification = createUndecided({ reason, taxonomyVersion: context.taxonomy.version });
      let decision: Decision;
      try {
        decision = routeTicket(context, { ticket, connector, classification });
      } catch (error) {
        // The rules may be why it could not be decided.
        logger.error({ ticketId: ref.ticketId, failure: explainFailure(error) }, 'the rules could not be applied');
        const mode = modeFor(context, { connector, classification });
        decision = createTriageDecision({ id: context.createId('d'), routing: context.routing, mode, reason });
      }
      await group.submit({ ...ref, connector, classification, decision, keptBy: null });
    },
  };
}

const keyOf = ({ ticketId, revision }: TicketRef) => JSON.stringify([ticketId, revision]);

/** Saves classifications, decisions, history and the delivery jobs in one transaction; what was saved before stays. */
async function saveDecisions(context: PipelineContext, items: readonly Decided[]): Promise<void> {
  const ordered = [...items].sort((a, b) => (a.ticketId < b.ticketId ? -1 : 1));
  const now = context.now().toISOString();
  await context.store.transaction(async (transaction) => {
    const saved = await transaction.decisions.saveMany(ordered);
    const fresh = ordered.filter(({ decision }) => saved.has(decision.id));
    if (fresh.length === 0) return;
    await transaction.classifications.saveMany(fresh);
    await transaction.tickets.markDecided(fresh);

    const deliveries = fresh.map((item) => ({
      decisionId: item.decision.id,
      delivery: startDelivery({ context, item, now }),
    }));
    await transaction.deliveries.openMany(deliveries);
    const pending = deliveries.filter(({ delivery }) => delivery.state === 'pending');
    await context.queue.enqueue(
      'deliver',
      pending.map(({ decisionId }) => ({ decisionId })),
      transaction.executor,
    );
    await transaction.history.append(
      fresh.flatMap((item, index) => describeDecided(item, deliveries[index]?.delivery ?? null)),
    );
  });
}

/** A delivery that will write nothing ends at once, without a job. */
function startDelivery(options: { context: PipelineContext; item: Decided; now: string }): Delivery {
  const { context, item, now } = options;
  const { decision, connector, keptBy } = item;
  if (keptBy !== null) return { state: 'skipped', at: now, reason: `${keptBy} moved the ticket: nothing is written` };
  if (!context.connectors.has(connector)) {
    return { state: 'skipped', at: now, reason: `no connector "${connector}" is configured` };
  }
  if (decision.mode === 'shadow') {
    return { state: 'skipped', at: now, reason: `the connector "${connector}" is in shadow mode` };
  }
  return { state: 'pending', at: null, reason: null };
}

function describeDecided(item: Decided, delivery: Delivery | null): NewHistoryEntry[] {
  const { ticketId, classification, decision, keptBy } = item;
  const intent = classification.intent ?? 'no intent';
  const sure = formatPercent(classification.confidence);
  const engine = classification.model ?? (classification.stage === 'none' ? 'switchboard' : classification.stage);
  const decided: NewHistoryEntry = {
    ticketId,
    event: 'decided',
    by: keptBy ?? engine,
    detail:
      keptBy === null
        ? `${intent} (${sure}${classification.abstained ? ', abstained' : ''}), team ${decision.team}, rule ${decision.rule}`
        : decision.because,
  };
  if (delivery?.state !== 'skipped') return [decided];
  return [decided, { ticketId, event: 'delivery-skipped', by: 'switchboard', detail: delivery.reason ?? '' }];
}
