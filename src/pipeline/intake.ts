import type { Actor } from '../base/actor.ts';
import { suggest } from '../base/schema-problems.ts';
import { ConflictError, InputError, type SwitchboardError } from '../errors.ts';
import type { DecideJob, Lane } from '../queue/jobs.ts';
import type { NewHistoryEntry, NewTicket, StoredTicket, StoreTransaction } from '../store/store.ts';
import { hasSameContent, ticketContentHash } from '../ticket/content-hash.ts';
import type { IncomingTicket } from '../ticket/ticket.ts';
import { createGroupCommit } from './group-commit.ts';
import type { IntakeResult } from './intake-result.ts';
import { API_CONNECTOR, type PipelineContext } from './pipeline-context.ts';

/** Long enough for the requests of one moment to share a commit, too short to be noticed. */
const GROUP_WAIT_MS = 2;
const MAX_GROUP = 200;

export type IntakeRequest = {
  /** The connector that it came by; `api` for whatever is posted here. */
  readonly connector: string;
  readonly ticket: IncomingTicket;
  readonly actor: Actor;
  /** What was repaired in the ticket when it came in, for its history. */
  readonly notes?: readonly string[];
  /** `background` for what is imported or filled in, so that it delays no live ticket; `live` when missing. */
  readonly lane?: Lane;
};

export type Intake = (request: IntakeRequest) => Promise<IntakeResult>;

type Prepared = {
  readonly ticket: NewTicket;
  readonly detail: string;
  readonly actor: Actor;
  readonly lane: Lane | undefined;
  /** A helpdesk sends what it holds now, so other content is a new revision; through the API it is a conflict. */
  readonly mayRevise: boolean;
};
type Answer = IntakeResult | SwitchboardError;

/**
 * Stores a ticket and queues it, in one transaction with those that arrive at the same moment; resolves once that has
 * committed. The same key with the same content is answered as the first time; with other content it is a
 * ConflictError through the API and a new revision from a helpdesk.
 */
export function createIntake(context: PipelineContext): Intake {
  const group = createGroupCommit<Prepared, Answer>({
    commit: (items) => commitTickets(context, items),
    waitMs: GROUP_WAIT_MS,
    maxItems: MAX_GROUP,
  });
  return async (request) => {
    const answer = await group.submit(prepareTicket(context, request));
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

type Key = { readonly connector: string; readonly id: string; readonly externalId: string };

/** Gives the ticket its id and its key. Throws InputError when it cannot have one. */
function prepareTicket(context: PipelineContext, request: IntakeRequest): Prepared {
  const { ticket, actor, notes = [], lane } = request;
  const isPosted = request.connector === API_CONNECTOR;
  const key = isPosted ? postedKey(context, ticket) : helpdeskKey(request.connector, ticket);
  const { connector, id, externalId } = key;
  const url = ticket.source?.url;
  return {
    ticket: {
      id,
      connector,
      externalId,
      revision: 1,
      contentHash: ticketContentHash(ticket),
      ticket: {
        ...ticket,
        id,
        // Targets of the service level count from here.
        createdAt: ticket.createdAt ?? context.now().toISOString(),
        source: { connector, externalId, ...(url === undefined ? {} : { url }) },
      },
    },
    detail: notes.join(' '),
    actor,
    lane,
    mayRevise: !isPosted,
  };
}

/** A ticket that is posted may say which helpdesk it belongs to; its key is then that of the helpdesk. */
function postedKey(context: PipelineContext, ticket: IncomingTicket): Key {
  const { source } = ticket;
  if (source === undefined || source.connector === API_CONNECTOR) return apiKey(context, ticket);
  const { connector } = source;
  if (!context.connectors.has(connector)) {
    const names = [...context.connectors.keys()];
    const cure = suggest(connector, names) ?? 'Leave `source` out, or add the connector to the configuration.';
    throw new InputError({
      message: `source.connector is "${connector}", and there is no such connector${names.length === 0 ? '' : ` (there is: ${names.join(', ')})`}. ${cure}`,
      issues: [{ path: 'source.connector', message: `there is no connector "${connector}"` }],
    });
  }
  const key = helpdeskKey(connector, ticket);
  if (ticket.id === undefined || ticket.id === key.id || ticket.id === key.externalId) return key;
  throw new InputError({
    message: `The ticket has the id "${ticket.id}" and the key "${key.externalId}" of the connector "${connector}". Leave out the id; it is known as "${key.id}".`,
    issues: [{ path: 'id', message: 'is another one than source.externalId' }],
  });
}

function apiKey(context: PipelineContext, ticket: IncomingTicket): Key {
  const id = ticket.id ?? ticket.source?.externalId ?? context.createId('t');
  for (const name of context.connectors.keys()) {
    if (name !== API_CONNECTOR && id.startsWith(`${name}:`)) {
      throw new InputError({
        message: `The id "${id}" starts like those of the connector "${name}". Choose an id that does not start with "${name}:".`,
        issues: [{ path: 'id', message: `starts with the name of the connector "${name}"` }],
      });
    }
  }
  if (ticket.source !== undefined && ticket.source.externalId !== id) {
    throw new InputError({
      message: `The ticket has the id "${id}" and source.externalId "${ticket.source.externalId}", and through the API these are the same. Leave one of them out.`,
      issues: [{ path: 'source.externalId', message: 'is another one than the id' }],
    });
  }
  return { connector: API_CONNECTOR, id, externalId: id };
}

function helpdeskKey(connector: string, ticket: IncomingTicket): Key {
  const externalId = ticket.source?.externalId ?? ticket.id;
  if (externalId === undefined) {
    throw new InputError({
      message: `A ticket of the connector "${connector}" came without its id in the helpdesk.`,
      issues: [{ path: 'source.externalId', message: 'missing' }],
    });
  }
  return { connector, id: `${connector}:${externalId}`, externalId };
}

/** One result for each item. Of items with the same key, the later ones are handled after the first is committed. */
async function commitTickets(context: PipelineContext, items: readonly Prepared[]): Promise<Answer[]> {
  const answers: Answer[] = new Array(items.length);
  let remaining = items.map((item, index) => ({ item, index }));
  while (remaining.length > 0) {
    const seen = new Set<string>();
    const isFirst = remaining.map(({ item }) => !seen.has(item.ticket.id) && Boolean(seen.add(item.ticket.id)));
    const round = remaining.filter((_, position) => isFirst[position]);
    remaining = remaining.filter((_, position) => !isFirst[position]);
    const results = await commitRound(
      context,
      round.map(({ item }) => item),
    );
    round.forEach(({ index }, position) => {
      answers[index] = results[position] as Answer; // One result for each item of the round.
    });
  }
  return answers;
}

async function commitRound(context: PipelineContext, items: readonly Prepared[]): Promise<Answer[]> {
  return context.store.transaction(async (transaction) => {
    const inserted = await transaction.tickets.insertMany(items.map(({ ticket }) => ticket));
    const others = items.filter(({ ticket }) => !inserted.has(ticket.id));
    const known = await transaction.tickets.findByKeys(others.map(({ ticket }) => ticket));
    const storedByKey = new Map(known.map((stored) => [keyOf(stored), stored]));

    const answers: Answer[] = [];
    for (const item of items) {
      const { ticket } = item;
      answers.push(
        inserted.has(ticket.id)
          ? { status: 'accepted', ticketId: ticket.id, revision: ticket.revision }
          : await answerKnown({ transaction, item, stored: storedByKey.get(keyOf(ticket)) }),
      );
    }

    const jobs: DecideJob[] = [];
    const history: NewHistoryEntry[] = [];
    answers.forEach((answer, index) => {
      const item = items[index];
      if (item === undefined || answer instanceof Error || answer.status === 'repeated') return;
      jobs.push({ ticketId: answer.ticketId, revision: answer.revision, lane: item.lane });
      history.push({
        ticketId: answer.ticketId,
        event: answer.status,
        by: item.ticket.connector,
        actor: item.actor,
        detail: item.detail,
        facts: { revision: answer.revision },
      });
    });
    await context.queue.enqueue('decide', jobs, transaction.executor);
    await transaction.history.append(history);
    return answers;
  });
}

const keyOf = ({ connector, externalId }: { connector: string; externalId: string }) =>
  JSON.stringify([connector, externalId]);

async function answerKnown(options: {
  transaction: StoreTransaction;
  item: Prepared;
  stored: StoredTicket | undefined;
}): Promise<Answer> {
  const { transaction, item } = options;
  const { ticket } = item;
  let { stored } = options;
  // Another process may revise the same ticket in between; if so, read it again and compare with the new revision.
  for (;;) {
    if (stored === undefined) {
      // The ticket that had this key may have been erased since.
      const inserted = await transaction.tickets.insertMany([ticket]);
      if (inserted.has(ticket.id)) return { status: 'accepted', ticketId: ticket.id, revision: ticket.revision };
      return new ConflictError(
        `The id "${ticket.id}" belongs to a ticket of another connector. Send this one under another id.`,
      );
    }
    if (hasSameContent(stored, ticket.contentHash)) {
      return { status: 'repeated', ticketId: stored.id, revision: stored.revision };
    }
    if (!item.mayRevise) {
      return new ConflictError(
        `A ticket with the id "${ticket.id}" and other content is stored already. Send the same content to get the first result again, or use another id.`,
      );
    }
    const revision = stored.revision + 1;
    const next = { ...ticket, id: stored.id, revision };
    if (await transaction.tickets.revise({ ticket: next, fromRevision: stored.revision })) {
      return { status: 'revised', ticketId: stored.id, revision };
    }
    [stored] = await transaction.tickets.findByKeys([ticket]);
  }
}
