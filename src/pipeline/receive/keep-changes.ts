import type { Actor } from '../../base/actor.ts';
import { isPerson } from '../../base/actor.ts';
import { foldName } from '../../base/fold-name.ts';
import { say } from '../../base/say.ts';
import { NotFoundError } from '../../errors.ts';
import type { NewHistoryEntry, StoredPlace, StoreTransaction } from '../../store/store.ts';
import { namesOfPath } from '../../taxonomy/names-of-path.ts';
import { resolveLeaf } from '../../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { HelpdeskTicket, OutsideChange } from '../../ticket/helpdesk-ticket.ts';
import { giveFeedbackOnce } from '../learn/give-feedback.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { isByAgent } from './find-handling.ts';
import { teamOfGroup } from './team-of-group.ts';

type Read = {
  readonly connector: string;
  readonly place: StoredPlace;
  readonly read: Pick<HelpdeskTicket, 'changes' | 'intake'>;
  /** What was stored when the read was compared with it. */
  readonly base: {
    /** The place at that time; `any`: another one is replaced. */
    readonly seen: StoredPlace | undefined | 'any';
    /** The revision that has the words of the read; null when they were not stored. */
    readonly revision: number | null;
  };
};

/**
 * Stores where a ticket is in its helpdesk and what others have changed there, each change once. An agent's change of the
 * field with the intent is feedback; a move alone is a question for a review, because the team does not say which intent
 * was right. Does nothing for a ticket that was erased meanwhile, and returns `overtaken` after doing nothing when another
 * read of another state was stored meanwhile.
 */
export async function keepChanges(
  context: PipelineContext,
  { connector, place, read, base }: Read,
): Promise<'kept' | 'overtaken'> {
  const { store, taxonomy } = context;
  const { ticketId } = place;
  const actor: Actor = { kind: 'connector', id: connector };
  const known = new Set((await store.changes.ofTicket(ticketId)).map(keyOf));
  const corrected = read.changes.findLast(
    (change) => isByAgent(change) && change.field === 'intent' && change.to !== null && !known.has(keyOf(change)),
  );
  const intent = corrected === undefined ? null : leafOf(taxonomy, corrected);
  let kept: 'kept' | 'overtaken' = 'kept';
  const keep = async (transaction: StoreTransaction): Promise<ReadonlySet<string>> => {
    const added = await keepWithin(context, transaction, { connector, place, read, base, intent });
    kept = added === 'overtaken' ? added : 'kept';
    return added === 'overtaken' ? new Set() : added;
  };
  if (corrected === undefined || intent === null) {
    await store.transaction(keep);
    return kept;
  }
  const { name: by } = corrected.by;
  // In one transaction with the change itself, so that two reads at once, or one after a crash, give it once.
  const isNew = async (transaction: StoreTransaction) => (await keep(transaction)).has(keyOf(corrected));
  const feedback = { intent, ...(by !== undefined && { by }) };
  try {
    await giveFeedbackOnce(context, { ticketId, feedback, actor, isNew });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error; // the ticket was erased meanwhile
  }
  return kept;
}

/** Stores a read. Returns the keys of the changes that were not stored before. */
async function keepWithin(
  context: PipelineContext,
  transaction: StoreTransaction,
  { connector, place, read, base, intent }: Read & { readonly intent: string | null },
): Promise<ReadonlySet<string> | 'overtaken'> {
  const { ticketId } = place;
  const actor: Actor = { kind: 'connector', id: connector };
  const positions = await transaction.tickets.lock([ticketId]);
  if (!positions.has(ticketId)) return new Set();
  if (await isOvertaken(transaction, { place, base })) return 'overtaken';
  await transaction.places.saveMany([place]);
  const added = await transaction.changes.insertMany(
    read.changes.map((change) => ({ ...change, connector, ticketId })),
  );
  const fresh = added.filter(isByAgent);
  const move = fresh.findLast(isMove);
  await keepAssignment(context, transaction, { connector, place, read, hasMoved: move !== undefined });
  if (move !== undefined && intent === null)
    await askWhichIntent(context, transaction, { ticketId, actor, move, read });
  await transaction.history.append(fresh.map((change) => describeChange({ change, connector, ticketId })));
  return new Set(added.map(keyOf));
}

/** True when somebody has stored other words, or another place than this one, since the read was compared with what was stored. */
async function isOvertaken(transaction: StoreTransaction, { place, base }: Pick<Read, 'place' | 'base'>) {
  const { seen, revision } = base;
  if (seen === 'any') return false;
  const { ticketId, stamp } = place;
  const stored = (await transaction.places.getMany([ticketId])).get(ticketId);
  if (stored !== undefined && stored.readAt !== seen?.readAt && stored.stamp !== stamp) return true;
  return revision !== null && (await transaction.tickets.get(ticketId))?.revision !== revision;
}

const keyOf = ({ sourceId, field }: Pick<OutsideChange, 'sourceId' | 'field'>) => `${field} ${sourceId}`;
const isMove = ({ field }: OutsideChange) => field === 'group';

/** A leaf by its path, a former path, or its name, also as a dropdown writes them; null when the value is none of them. */
function leafOf(taxonomy: Taxonomy, { to, toName }: Pick<OutsideChange, 'to' | 'toName'>): string | null {
  for (const value of [to, toName]) {
    const found = value == null ? null : (resolveLeaf(taxonomy, value.trim()) ?? findByName(taxonomy, value));
    if (found !== null) return found;
  }
  return null;
}

function findByName(taxonomy: Taxonomy, value: string): string | null {
  const { leaves } = taxonomy;
  const folded = foldName(value);
  const named = [
    leaves.filter(({ id }) => foldName(id) === folded),
    leaves.filter(({ id }) => foldName(namesOfPath(taxonomy, id).join('/')) === folded),
    leaves.filter(({ name }) => foldName(name) === folded),
  ].find((found) => found.length > 0);
  return named?.length === 1 ? (named[0]?.id ?? null) : null;
}

/** A ticket that an agent has handled stays with the team whose group it is in. */
async function keepAssignment(
  context: PipelineContext,
  transaction: StoreTransaction,
  { connector, place, read, hasMoved }: Omit<Read, 'base'> & { hasMoved: boolean },
): Promise<void> {
  const { ticketId, handling } = place;
  if (handling === null) return;
  const before = (await transaction.assignments.getMany([ticketId])).get(ticketId);
  const isSettled = before !== undefined && (isPerson(before.by) || before.cause === 'helpdesk');
  if (isSettled && !hasMoved) return;
  const team = teamOfGroup(context, { connector, groups: read.intake.groups }) ?? before?.team;
  if (team === undefined) return;
  await transaction.assignments.saveMany([
    { ticketId, team, assignee: null, by: { kind: 'connector', id: connector }, cause: 'helpdesk' },
  ]);
}

async function askWhichIntent(
  context: PipelineContext,
  transaction: StoreTransaction,
  request: { ticketId: string; actor: Actor; move: OutsideChange; read: Read['read'] },
): Promise<void> {
  const { ticketId, actor, move, read } = request;
  const stored = await transaction.tickets.get(ticketId);
  if (stored === null) return;
  const team = teamOfGroup(context, { connector: actor.id, groups: read.intake.groups });
  const where =
    context.routing.teams.find(({ id }) => id === team)?.name ?? read.intake.groups.at(-1) ?? move.to ?? 'no group';
  const moved = say('waits.moved', `moved to ${where}: which intent was it?`, { where });
  const why = moved.text;
  const by = move.by.name;
  const feedback = { ...(team === undefined ? { comment: why } : { team }), ...(by !== undefined && { by }) };
  const entry = await transaction.feedback.add({
    ...{ ticketId, revision: stored.revision, feedback, actor, why },
    state: 'waiting',
  });
  await transaction.history.append([
    {
      ticketId,
      event: 'feedback',
      by: by ?? actor.id,
      actor,
      detail: `waits for a review (${why})`,
      facts: { feedbackId: entry.id, ...(team !== undefined && { team }), waitsBecause: why, waitsFacts: moved.facts },
    },
  ]);
}

function describeChange(options: { change: OutsideChange; connector: string; ticketId: string }): NewHistoryEntry {
  const { change, connector, ticketId } = options;
  const { field, from, to, by, sourceId } = change;
  return {
    ticketId,
    event: 'changed-outside',
    by: by.name ?? connector,
    actor: { kind: 'connector', id: connector },
    detail: `${field}: ${from ?? 'none'} → ${to ?? 'none'}, in the helpdesk`,
    facts: { field, from, to, sourceId },
  };
}
