// The first step of the story: a ticket is accepted once, whoever sends it and however often. Long because what happens to a
// repetition, a conflict and a newer revision is decided in one transaction.
import type { Actor } from '../base/actor.ts';
import { suggest } from '../base/schema-problems.ts';
import { ConflictError, InputError, type SwitchboardError } from '../errors.ts';
import type { DecideJob, Lane } from '../queue/jobs.ts';
import type { TransactionOptions } from '../store/database.ts';
import { isRepeatedKey } from '../store/database-error.ts';
import type { NewHistoryEntry, NewTicket, StoredTicket, StoreTransaction } from '../store/store.ts';
import { hasSameContent, ticketContentHash } from '../ticket/content-hash.ts';
import { openingOf } from '../ticket/opening.ts';
import type { IncomingTicket, Ticket } from '../ticket/ticket.ts';
import { createGroupCommit } from './group-commit.ts';
import type { IntakeResult } from './intake-result.ts';
import type { Pace } from './pace.ts';
import { API_CONNECTOR, type PipelineContext } from './pipeline-context.ts';

/** Long enough for simultaneous requests to share a commit, too short to be noticed. */
const GROUP_WAIT_MS = 2;
const MAX_GROUP = 200;
/** A sender waits for it, and nobody for the decisions that are written at the same time. */
const URGENT = { urgent: true, releasesEarly: true };
/** A helpdesk had its reply when its webhook was stored, so other webhooks go before this. */
const UNHURRIED = { releasesEarly: true };

export type IntakeRequest = {
  /** The connector that the ticket came through; `api` for a ticket that was posted to this server. */
  readonly connector: string;
  readonly ticket: IncomingTicket;
  readonly actor: Actor;
  /** Sentences about what was repaired in the ticket, for its history. */
  readonly notes?: readonly string[];
  /** `background` for imported tickets, so that they delay no live ticket; `live` when missing. */
  readonly lane?: Lane;
  /**
   * True: a ticket with the same words becomes a new revision as well, if something else has changed that rules look at. It
   * is not classified again.
   */
  readonly decidesAgain?: boolean;
};

export type Intake = (request: IntakeRequest) => Promise<IntakeResult>;

type Prepared = {
  readonly ticket: NewTicket;
  readonly detail: string;
  readonly actor: Actor;
  readonly lane: Lane | undefined;
  /** True for a helpdesk, whose changed content is a new revision; false for the API, where it is a conflict. */
  readonly mayRevise: boolean;
  readonly decidesAgain: boolean;
};
/** The result of one item; an error is a value here, so that the other items of the transaction are still stored. */
type Outcome = IntakeResult | SwitchboardError;

/**
 * Builds the step that stores a ticket and queues its job, in one transaction with other tickets that arrive at the
 * same time. It resolves once that is committed. The same key with the same content returns the stored ticket's id and
 * revision; with other content it is a new revision from a helpdesk, and a ConflictError through the API. Throws
 * InputError for a ticket whose id or source cannot be used.
 */
export function createIntake(context: PipelineContext, pace: Pick<Pace, 'stored'>): Intake {
  // On PostgreSQL a transaction does not keep others from the only connection, so there is no need to wait for company.
  const groupWaitMs = context.store.kind === 'embedded' ? GROUP_WAIT_MS : null;
  const groupOf = (options: TransactionOptions) =>
    createGroupCommit<Prepared, Outcome>({
      commit: (items) => commitTickets(context, items, options),
      waitMs: () => groupWaitMs,
      maxItems: MAX_GROUP,
    });
  const groups = { awaited: groupOf(URGENT), unhurried: groupOf(UNHURRIED) };
  return async (request) => {
    const isAwaited = request.actor.kind !== 'connector';
    const from = performance.now();
    const group = isAwaited ? groups.awaited : groups.unhurried;
    const outcome = await group.submit(prepareTicket(context, request));
    // Nobody waits for an imported ticket, and those that arrive together take long.
    if (isAwaited && request.lane !== 'background') pace.stored(performance.now() - from);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
}

type Key = { readonly connector: string; readonly id: string; readonly externalId: string };

/** Gives the ticket its id and its key. Throws InputError when its id or source cannot be used. */
function prepareTicket(context: PipelineContext, request: IntakeRequest): Prepared {
  const { ticket, actor, notes = [], lane, decidesAgain = false } = request;
  const isPosted = request.connector === API_CONNECTOR;
  const key = isPosted ? postedKey(context, ticket) : helpdeskKey(request.connector, ticket);
  const { connector, id, externalId } = key;
  const { url, group, imported } = isPosted ? { ...ticket.source, imported: undefined } : (ticket.source ?? {});
  return {
    ticket: {
      id,
      connector,
      externalId,
      revision: 1,
      contentHash: ticketContentHash(ticket),
      opening: openingOf(ticket),
      ticket: {
        ...ticket,
        id,
        // The times of the SLA count from here.
        createdAt: ticket.createdAt ?? context.now().toISOString(),
        source: {
          connector,
          externalId,
          ...(url !== undefined && { url }),
          ...(group !== undefined && { group }),
          ...(imported && { imported }),
        },
      },
    },
    detail: notes.join(' '),
    actor,
    lane,
    mayRevise: !isPosted,
    decidesAgain,
  };
}

/** A posted ticket may name its helpdesk in `source`; then it gets the key that the helpdesk's own tickets have. */
function postedKey(context: PipelineContext, ticket: IncomingTicket): Key {
  const { source } = ticket;
  if (source === undefined || source.connector === API_CONNECTOR) return apiKey(context, ticket);
  const { connector } = source;
  if (!context.connectors.has(connector)) {
    const names = [...context.connectors.keys()];
    const cure = suggest(connector, names) ?? 'Leave `source` out, or add the connector to the configuration.';
    throw new InputError({
      message: `source.connector is "${connector}", but no connector has this name${names.length === 0 ? '' : ` (configured: ${names.join(', ')})`}. ${cure}`,
      issues: [{ path: 'source.connector', message: `there is no connector "${connector}"` }],
    });
  }
  const key = helpdeskKey(connector, ticket);
  if (ticket.id === undefined || ticket.id === key.id || ticket.id === key.externalId) return key;
  throw new InputError({
    message: `The ticket has the id "${ticket.id}", but in the connector "${connector}" it has the id "${key.externalId}" (source.externalId). Leave out the id: the ticket gets the id "${key.id}".`,
    issues: [{ path: 'id', message: 'differs from source.externalId' }],
  });
}

function apiKey(context: PipelineContext, ticket: IncomingTicket): Key {
  const id = ticket.id ?? ticket.source?.externalId ?? context.createId('t');
  if (id === '.' || id === '..') {
    throw new InputError({
      message: `The id "${id}" cannot be part of a URL, so nobody could read or correct the ticket. Choose another id.`,
      issues: [{ path: 'id', message: 'cannot be part of a URL' }],
    });
  }
  for (const name of context.connectors.keys()) {
    if (name !== API_CONNECTOR && id.startsWith(`${name}:`)) {
      throw new InputError({
        message: `The id "${id}" starts like the ids of the connector "${name}". Choose an id that does not start with "${name}:".`,
        issues: [{ path: 'id', message: `starts with the name of the connector "${name}"` }],
      });
    }
  }
  if (ticket.source !== undefined && ticket.source.externalId !== id) {
    throw new InputError({
      message: `The ticket has the id "${id}" and the source.externalId "${ticket.source.externalId}". Through the API both must be the same: leave one of them out.`,
      issues: [{ path: 'source.externalId', message: 'differs from the id' }],
    });
  }
  return { connector: API_CONNECTOR, id, externalId: id };
}

function helpdeskKey(connector: string, ticket: IncomingTicket): Key {
  const externalId = ticket.source?.externalId ?? ticket.id;
  if (externalId === undefined) {
    throw new InputError({
      message: `A ticket of the connector "${connector}" has no id of the helpdesk. Send it in source.externalId.`,
      issues: [{ path: 'source.externalId', message: 'missing' }],
    });
  }
  return { connector, id: `${connector}:${externalId}`, externalId };
}

/** Returns one outcome for each item. Of items with the same id, each is handled after the one before is committed. */
async function commitTickets(
  context: PipelineContext,
  items: readonly Prepared[],
  options: TransactionOptions,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = new Array(items.length);
  let remaining = items.map((item, index) => ({ item, index }));
  while (remaining.length > 0) {
    const seen = new Set<string>();
    const isFirst = remaining.map(({ item }) => !seen.has(item.ticket.id) && Boolean(seen.add(item.ticket.id)));
    const round = remaining.filter((_, position) => isFirst[position]);
    remaining = remaining.filter((_, position) => !isFirst[position]);
    const results = await commitRound(
      context,
      round.map(({ item }) => item),
      options,
    );
    round.forEach(({ index }, position) => {
      outcomes[index] = results[position] as Outcome; // commitRound returns one outcome for each item.
    });
  }
  return outcomes;
}

async function commitRound(
  context: PipelineContext,
  items: readonly Prepared[],
  options: TransactionOptions,
): Promise<Outcome[]> {
  // Nearly all tickets are new, and then one message to the database is enough. Helpdesks repeat tickets often, and on
  // PostgreSQL each of them would be an error in its log.
  if (context.store.kind === 'embedded' || !items.some(({ mayRevise }) => mayRevise)) {
    try {
      return await commitNew(context, items, options);
    } catch (error) {
      if (!isRepeatedKey(error)) throw error;
    }
  }
  return context.store.transaction(async (transaction) => {
    const inserted = await transaction.tickets.insertMany(items.map(({ ticket }) => ticket));
    const others = items.filter(({ ticket }) => !inserted.has(ticket.id));
    const known = await transaction.tickets.findByKeys(others.map(({ ticket }) => ticket));
    const storedByKey = new Map(known.map((stored) => [keyOf(stored), stored]));

    const outcomes: Outcome[] = [];
    for (const item of items) {
      const { ticket } = item;
      outcomes.push(
        inserted.has(ticket.id)
          ? accept(item)
          : await commitKnown({ transaction, item, stored: storedByKey.get(keyOf(ticket)) }),
      );
    }
    await transaction.finish(...followUps(context, transaction, { items, outcomes }));
    return outcomes;
  }, options);
}

/** Rejects with an error for which `isRepeatedKey` is true, and stores nothing, when one of the tickets is not new. */
async function commitNew(
  context: PipelineContext,
  items: readonly Prepared[],
  options: TransactionOptions,
): Promise<Outcome[]> {
  const outcomes = items.map(accept);
  await context.store.transaction(
    (transaction) =>
      transaction.finish(
        () => transaction.tickets.insertNew(items.map(({ ticket }) => ticket)),
        ...followUps(context, transaction, { items, outcomes }),
      ),
    options,
  );
  return outcomes;
}

const accept = ({ ticket }: Prepared): IntakeResult => ({
  status: 'accepted',
  ticketId: ticket.id,
  revision: ticket.revision,
});

/** Steps that queue and record what was stored. */
function followUps(
  context: PipelineContext,
  transaction: StoreTransaction,
  { items, outcomes }: { items: readonly Prepared[]; outcomes: readonly Outcome[] },
): readonly (() => Promise<void>)[] {
  const jobs: DecideJob[] = [];
  const history: NewHistoryEntry[] = [];
  outcomes.forEach((outcome, index) => {
    const item = items[index];
    if (item === undefined || outcome instanceof Error || outcome.status === 'repeated') return;
    const reuses = outcome.status === 'revised' && outcome.hasSameWords ? { reuses: true } : {};
    jobs.push({ ticketId: outcome.ticketId, revision: outcome.revision, lane: item.lane, ...reuses });
    history.push({
      ticketId: outcome.ticketId,
      event: outcome.status,
      by: item.ticket.connector,
      actor: item.actor,
      detail: item.detail,
      facts: { revision: outcome.revision },
    });
  });
  return [() => context.queue.enqueue('decide', jobs, transaction.executor), () => transaction.history.append(history)];
}

const keyOf = ({ connector, externalId }: { connector: string; externalId: string }) =>
  JSON.stringify([connector, externalId]);

/** Handles an item whose id or key is already stored: it is a repeated ticket, a new revision or a conflict. */
async function commitKnown(options: {
  transaction: StoreTransaction;
  item: Prepared;
  stored: StoredTicket | undefined;
}): Promise<Outcome> {
  const { transaction, item } = options;
  const { ticket } = item;
  let { stored } = options;
  // Another process may revise the ticket at the same time; then read it again and compare with the new revision.
  for (;;) {
    if (stored === undefined) {
      // The ticket that had this key may have been erased in the meantime.
      const inserted = await transaction.tickets.insertMany([ticket]);
      if (inserted.has(ticket.id)) return { status: 'accepted', ticketId: ticket.id, revision: ticket.revision };
      return new ConflictError(
        `The id "${ticket.id}" belongs to a ticket of another connector. Send this ticket with another id.`,
      );
    }
    const hasSameWords = hasSameContent(stored, ticket.contentHash);
    if (hasSameWords && !(item.decidesAgain && hasOtherFacts(stored.ticket, ticket.ticket))) {
      return { status: 'repeated', ticketId: stored.id, revision: stored.revision };
    }
    if (!item.mayRevise) {
      return new ConflictError(
        `A ticket with the id "${ticket.id}" and other content is already stored. Send the same content to get its result, or use another id.`,
      );
    }
    const revision = stored.revision + 1;
    const next = { ...ticket, id: stored.id, revision };
    if (await transaction.tickets.revise({ ticket: next, fromRevision: stored.revision })) {
      return { status: 'revised', ticketId: stored.id, revision, ...(hasSameWords && { hasSameWords }) };
    }
    [stored] = await transaction.tickets.findByKeys([ticket]);
  }
}

/** Compares what rules look at and the hash of the content leaves out. */
function hasOtherFacts(a: Ticket, b: Ticket): boolean {
  return JSON.stringify(factsOf(a)) !== JSON.stringify(factsOf(b));
}

function factsOf({ tags = [], source, requester }: Ticket): unknown {
  const attributes = Object.entries(requester?.attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return [[...tags].sort(), source?.group ?? null, attributes];
}
