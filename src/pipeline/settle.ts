import { type Saying, say, verbatim } from '../base/say.ts';
import type { Classification } from '../classifiers/classifier.ts';
import type { DecideJob } from '../queue/jobs.ts';
import type { Decision } from '../routing/decision.ts';
import { STAYS_RULE } from '../routing/own-rules.ts';
import type { Assignment, Correction, StoreTransaction, TicketRef } from '../store/store.ts';
import { type Ticket, urgencies } from '../ticket/ticket.ts';
import { isKept, keepAssignment, nameMover } from './keep-assignment.ts';
import { correctAfterwards, settleCorrections, twinHash } from './learn/correct-twins.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { describeHandling } from './receive/find-handling.ts';
import { routeTicket } from './route-ticket.ts';

/** One revision with what an engine and the rules said. */
export type Decided = DecideJob & {
  readonly connector: string;
  /** Of the ticket that was classified: its id may belong to another one by the time it is saved. */
  readonly position: number;
  /** Null where no engine and no correction can change the decision any more. */
  readonly ticket: Ticket | null;
  /** An older ticket that was imported: nothing is written. */
  readonly isImported: boolean;
  readonly classification: Classification;
  readonly decision: Decision;
};

/** Who has the ticket, so that a decision must leave it there. */
type Kept = {
  readonly by: Saying;
  /** What that person did, for people: `Ana took the ticket`. */
  readonly why: Saying;
  /** The customer asks for something else than before: the helpdesk gets a note, where notes are written. */
  readonly hasNews: boolean;
};

export type Settled = Decided & {
  readonly kept: Kept | null;
  /** A later revision is decided already, and its team stays. */
  readonly isOutdated: boolean;
};

/**
 * Locks the tickets, so that nobody decides, moves or erases them before the commit. Returns the decisions to save: by what
 * people said of the same words while an engine was at work; for a ticket that somebody has moved, one that leaves it with
 * its team; none for a revision that is decided, or a ticket that was erased, even when another one has its id by now.
 */
export async function settle(
  context: PipelineContext,
  transaction: StoreTransaction,
  items: readonly Decided[],
): Promise<Settled[]> {
  const ticketIds = [...new Set(items.map(({ ticketId }) => ticketId))];
  const hashed = items.map((item) => ({ item, hash: item.ticket === null ? null : twinHash(item.ticket) }));
  const hashes = new Set(hashed.flatMap(({ hash }) => (hash === null ? [] : [hash])));
  const [positions, decided, assignments, corrections] = await transaction.together(
    () => transaction.tickets.lock(ticketIds),
    () => transaction.decisions.decidedRevisions(ticketIds),
    () => transaction.assignments.getMany(ticketIds),
    () => transaction.corrections.ofWords([...hashes]),
  );
  const correctionsByHash = Map.groupBy(corrections, ({ wordsHash }) => wordsHash);
  const seen = new Set(decided.map(refKey));
  const isOfErased = ({ ticketId, position }: Decided) => positions.get(ticketId) !== position;
  const isLater = (than: TicketRef) => (other: TicketRef) =>
    other.ticketId === than.ticketId && other.revision > than.revision;
  const settled: Settled[] = [];
  for (const { item, hash } of hashed) {
    if (isOfErased(item) || seen.has(refKey(item))) continue;
    seen.add(refKey(item)); // two jobs of the same revision may be in one group
    const corrected = applyCorrections(context, item, hash === null ? [] : (correctionsByHash.get(hash) ?? []));
    const assignment = assignments.get(item.ticketId);
    const isOutdated = decided.some(isLater(item)) || items.some((other) => isLater(item)(other) && !isOfErased(other));
    if (!isKept(assignment)) {
      settled.push({ ...((await findStay(transaction, corrected)) ?? { ...corrected, kept: null }), isOutdated });
      continue;
    }
    const kept = await describeKept(transaction, { item: corrected, assignment });
    const decision = keepAssignment({ decision: corrected.decision, assignment, who: kept.by });
    settled.push({
      ...corrected,
      // Whoever has the ticket is told what the customer asks now, and nothing else is written.
      decision: kept.hasNews && decision.mode === 'auto' ? { ...decision, mode: 'assist' } : decision,
      kept,
      isOutdated,
    });
  }
  return settled;
}

async function describeKept(
  transaction: StoreTransaction,
  { item, assignment }: { item: Decided; assignment: Assignment },
): Promise<Kept> {
  const { ticketId, revision, classification } = item;
  if (assignment.cause !== 'helpdesk') {
    const by = await nameMover(transaction, { ticketId, assignment });
    return { by, why: moveBy(by), hasNews: false };
  }
  const [places, before] = await transaction.together(
    () => transaction.places.getMany([ticketId]),
    () => transaction.classifications.get({ ticketId, revision: revision - 1 }),
  );
  const handling = places.get(ticketId)?.handling ?? null;
  const name = handling?.by.name;
  const by = name !== undefined ? verbatim(name) : await nameMover(transaction, { ticketId, assignment });
  const why = handling === null ? moveBy(by) : describeHandling(handling);
  const { intent, abstained } = classification;
  return { by, why, hasNews: revision > 1 && !abstained && intent !== null && before?.intent !== intent };
}

const moveBy = (who: Saying) => say('delivery.moved', `${who.text} moved the ticket`, { who });

const refKey = ({ ticketId, revision }: TicketRef) => `${revision} ${ticketId}`;

function applyCorrections(context: PipelineContext, item: Decided, corrections: readonly Correction[]): Decided {
  const { taxonomy } = context;
  const { ticket, connector } = item;
  const settled = settleCorrections(corrections, taxonomy);
  if (ticket === null || settled === null) return item;
  const classification = correctAfterwards(item.classification, { settled, ticket, taxonomy });
  if (classification === item.classification) return item;
  return { ...item, classification, decision: routeTicket(context, { ticket, connector, classification }) };
}

/** From here on, a message is more likely about something else than not. */
const LIKELY = 0.5;

/**
 * A customer who only adds "thank you" or a number does not send the ticket back to triage: where an engine knew before what
 * is wanted, and the newer message is no more urgent, it stays where it is. Null for every other ticket.
 */
async function findStay(transaction: StoreTransaction, item: Decided): Promise<Omit<Settled, 'isOutdated'> | null> {
  const { revision, classification, decision } = item;
  if (revision === 1 || !classification.abstained) return null;
  const before = await findKnown(transaction, item);
  if (before === null) return null;
  const { classification: earlier, decision: earlierDecision } = before;
  const { intent, confidence } = classification;
  // It may well say something else, which the engine is not sure enough of: a person looks.
  if (intent !== null && intent !== earlier.intent && confidence >= LIKELY) return null;
  const { team, assignee, urgency } = earlierDecision;
  if (urgencies.indexOf(decision.urgency) > urgencies.indexOf(urgency)) return null;
  const why = say('delivery.nothing-new', 'the newer message does not say that anything else is wanted');
  const because = say('route.stays', `It stays with the team "${team}": ${why.text}.`, { team });
  return {
    ...item,
    decision: { ...decision, team, assignee, rule: STAYS_RULE, because: because.text, becauseFacts: because.facts },
    kept: { by: verbatim('switchboard'), why, hasNews: false },
  };
}

/** The newest revision before this one in which an engine knew what is wanted, if the ticket has only stayed there since. */
async function findKnown(
  transaction: StoreTransaction,
  { ticketId, revision }: TicketRef,
): Promise<Pick<Decided, 'classification' | 'decision'> | null> {
  for (let before = revision - 1; before >= 1; before -= 1) {
    const ref = { ticketId, revision: before };
    const [classification, decision] = await transaction.together(
      () => transaction.classifications.get(ref),
      () => transaction.decisions.get(ref),
    );
    if (classification === null || decision === null) return null;
    if (!classification.abstained) return { classification, decision };
    if (decision.rule !== STAYS_RULE) return null;
  }
  return null;
}
