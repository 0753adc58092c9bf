import { systemActor } from '../base/actor.ts';
import { explainFailure } from '../base/safe-error.ts';
import { type Saying, say } from '../base/say.ts';
import { type Classification, noUsage } from '../classifiers/classifier.ts';
import { formatPercent } from '../classifiers/format-percent.ts';
import type { DecideJob } from '../queue/jobs.ts';
import type { Decision, Delivery } from '../routing/decision.ts';
import type { NewHistoryEntry, StoredTicket, TicketRef } from '../store/store.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { createGroupCommit, createGroupRead } from './group-commit.ts';
import { isKept } from './keep-assignment.ts';
import type { Pace } from './pace.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { askForReview } from './review/ask-for-review.ts';
import { modeFor, routeTicket } from './route-ticket.ts';
import { type Decided, type Settled, settle } from './settle.ts';
import { createTriageDecision, createUndecided } from './undecided.ts';
import { createUnsavedClassifications } from './unsaved-classifications.ts';

/** Items of one transaction. Few, because the embedded store has one connection, and intake waits for it meanwhile. */
const MAX_GROUP = 25;

/** Whoever accepts tickets waits for its turn to write history. */
const WRITES_HISTORY = { releasesEarly: true };

export type DecideStep = {
  /** Classifies, routes and saves one revision. Running it again does nothing. Rejects when no engine can classify. */
  decide(job: DecideJob, signal?: AbortSignal): Promise<void>;
  /** Decides that a revision which could not be classified goes to the triage team, with the reason. */
  giveUp(job: DecideJob, reason: string): Promise<void>;
};

export function createDecideStep(context: PipelineContext, pace: Pick<Pace, 'groupWaitMs'>): DecideStep {
  const { store, logger } = context;
  const group = createGroupCommit<Decided, null>({
    commit: async (items) => {
      await saveDecisions(context, items);
      return items.map(() => null);
    },
    waitMs: pace.groupWaitMs,
    maxItems: MAX_GROUP,
  });
  const getTicket = createGroupRead({ read: store.tickets.getMany, keyOf: (ticket: StoredTicket) => ticket.id });
  const unsaved = createUnsavedClassifications();

  /** Returns the ticket if this revision of it still waits for a decision, else null. */
  const findWaiting = async (ref: TicketRef): Promise<StoredTicket | null> => {
    const stored = await getTicket(ref.ticketId);
    if (stored === null) {
      logger.info({ ticketId: ref.ticketId }, 'a job ended because its ticket is no longer stored');
      return null;
    }
    // A later revision has its own job.
    return stored.revision === ref.revision && stored.state === 'received' ? stored : null;
  };

  return {
    async decide(ref, signal) {
      const stored = await findWaiting(ref);
      if (stored === null) return;
      const { connector, ticket, position } = stored;
      const key = keyOf(stored);
      const classification =
        (await reuseClassification(context, ref)) ??
        (await unsaved.take(key, () => context.classifier.classify({ ticket, taxonomy: context.taxonomy, signal })));
      const decision = routeTicket(context, { ticket, connector, classification });
      const isImported = isImportedTicket(ticket);
      await group.submit({ ...ref, connector, position, ticket, isImported, classification, decision });
      unsaved.drop(key);
    },

    async giveUp(ref, reason) {
      const stored = await findWaiting(ref);
      if (stored === null) return;
      unsaved.drop(keyOf(stored));
      const { connector, ticket, position } = stored;
      const classification = createUndecided({ reason, taxonomyVersion: context.taxonomy.version });
      let decision: Decision;
      try {
        decision = routeTicket(context, { ticket, connector, classification });
      } catch (error) {
        // The rules may be the reason why the ticket could not be decided.
        logger.error(
          { ticketId: ref.ticketId, failure: explainFailure(error) },
          'the routing rules could not be applied to a ticket; it goes to the triage team',
        );
        const mode = modeFor(context, { connector, classification });
        const id = context.createId('d');
        decision = createTriageDecision({ id, routing: context.routing, mode, reason, release: context.release() });
      }
      const isImported = isImportedTicket(ticket);
      await group.submit({ ...ref, connector, position, ticket: null, isImported, classification, decision });
    },
  };
}

const isImportedTicket = ({ source }: Ticket): boolean => source?.imported === true;

/** With the content, because a ticket may be erased and its id used again while it is classified. */
const keyOf = ({ id, revision, contentHash }: StoredTicket) => JSON.stringify([id, revision, contentHash]);

/**
 * Returns the classification of an earlier revision, at no cost, for a ticket with the same words, or one that somebody has
 * moved here: its team is fixed, so classifying again would be paid for nothing. Null for every other ticket. One that an
 * agent has in the helpdesk is classified: there the agent gets a note of what the customer asks now.
 */
async function reuseClassification(
  { store }: Pick<PipelineContext, 'store'>,
  { ticketId, revision, reuses = false }: DecideJob,
): Promise<Classification | null> {
  if (revision === 1) return null;
  if (!reuses) {
    const assignment = await store.assignments.get(ticketId);
    if (!isKept(assignment) || assignment.cause === 'helpdesk') return null;
  }
  // A revision that was replaced before it was decided has no classification.
  for (let before = revision - 1; before >= 1; before -= 1) {
    const classification = await store.classifications.get({ ticketId, revision: before });
    if (classification !== null) return { ...classification, usage: noUsage, costUsd: 0, latencyMs: 0 };
  }
  return null;
}

/**
 * Saves classifications, decisions, assignments, history and delivery jobs in one transaction. Decisions that were
 * saved before stay as they are, and a ticket that somebody has moved stays with its team.
 */
async function saveDecisions(context: PipelineContext, items: readonly Decided[]): Promise<void> {
  const ordered = [...items].sort((a, b) => (a.ticketId < b.ticketId ? -1 : 1));
  const now = context.now().toISOString();
  await context.store.transaction(async (transaction) => {
    const fresh = await settle(context, transaction, ordered);
    if (fresh.length === 0) return;
    const moved = fresh.filter(({ kept, isOutdated }) => kept === null && !isOutdated);
    const deliveries = fresh.map((item) => ({
      decisionId: item.decision.id,
      delivery: startDelivery({ context, item, now }),
    }));
    const jobs = fresh.flatMap(({ decision, connector, lane }, index) =>
      deliveries[index]?.delivery.state === 'pending' ? [{ decisionId: decision.id, connector, lane }] : [],
    );
    await transaction.finish(
      () => transaction.decisions.saveMany(fresh),
      () => transaction.classifications.saveMany(fresh),
      // One statement for each revision, and one for each queue.
      ...groups(fresh, ({ revision }) => revision).map((refs) => () => transaction.tickets.markDecided(refs)),
      () => transaction.assignments.saveMany(moved.map(toAssignment)),
      () => transaction.deliveries.openMany(deliveries),
      () => transaction.reviews.openMany(askForReview(context, fresh)),
      ...groups(jobs, ({ connector }) => connector).map(
        (own) => () => context.queue.enqueue('deliver', own, transaction.executor),
      ),
      () =>
        transaction.history.append(
          fresh.flatMap((item, index) => describeDecided(item, deliveries[index]?.delivery ?? null)),
        ),
    );
  }, WRITES_HISTORY);
}

const groups = <Item>(items: readonly Item[], keyOf: (item: Item) => unknown): Item[][] => [
  ...Map.groupBy(items, keyOf).values(),
];

const toAssignment = ({ ticketId, decision: { team, assignee } }: Settled) =>
  ({ ticketId, team, assignee, by: systemActor, cause: 'decision' }) as const;

/**
 * Returns a delivery that is pending, or one that is skipped at once, without a job, because nothing is to be written.
 */
function startDelivery(options: { context: PipelineContext; item: Settled; now: string }): Delivery {
  const { context, item, now } = options;
  const { decision, connector, kept, isImported } = item;
  const skip = ({ text, facts }: Saying): Delivery => ({ state: 'skipped', at: now, reason: text, reasonFacts: facts });
  if (isImported) return skip(say('delivery.imported', 'the ticket was imported: nothing is written'));
  if (kept !== null && !kept.hasNews) {
    return skip(say('delivery.kept', `${kept.why.text}: nothing is written`, { why: kept.why }));
  }
  if (!context.connectors.has(connector)) {
    return skip(say('delivery.no-connector', `no connector "${connector}" is configured`, { connector }));
  }
  if (decision.mode === 'shadow') {
    return skip(say('delivery.shadow', `the connector "${connector}" is in shadow mode`, { connector }));
  }
  return { state: 'pending', at: null, reason: null };
}

function describeDecided(item: Settled, delivery: Delivery | null): NewHistoryEntry[] {
  const { ticketId, revision, classification, decision, kept } = item;
  const { intent, confidence, abstained, stage, model, costUsd } = classification;
  const { team, assignee, priority, urgency, rule, release = null } = decision;
  const sure = formatPercent(confidence);
  const engine = model ?? (stage === 'none' ? 'switchboard' : stage);
  const decided: NewHistoryEntry = {
    ticketId,
    event: 'decided',
    by: kept?.by.text ?? engine,
    actor: systemActor,
    detail:
      kept === null
        ? `${intent ?? 'no intent'} (${sure}${abstained ? ', abstained' : ''}), team ${team}, rule ${rule}`
        : decision.because,
    facts: {
      ...{ revision, decisionId: decision.id, release },
      ...{ intent, confidence, abstained, stage, model, costUsd },
      ...{ team, assignee, priority, urgency, rule },
    },
  };
  if (delivery?.state !== 'skipped') return [decided];
  const skipped: NewHistoryEntry = {
    ticketId,
    event: 'delivery-skipped',
    by: 'switchboard',
    actor: systemActor,
    detail: delivery.reason ?? '',
    facts: { decisionId: decision.id, reasonFacts: delivery.reasonFacts },
  };
  return [decided, skipped];
}
