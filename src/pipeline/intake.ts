import { ConflictError, InputError, type SwitchboardError } from '../errors.ts';
import type { NewHistoryEntry, NewTicket, StoredTicket, StoreTransaction } from '../store/store.ts';
import { ticketContentHash } from '../ticket/content-hash.ts';
import type { IncomingTicket } from '../ticket/ticket.ts';
import { createGroupCommit } from './group-commit.ts';
import type { IntakeResult } from './intake-result.ts';
import { API_CONNECTOR, type PipelineContext } from './pipeline-context.ts';

/** Long enough for the requests of one moment to share a commit, too short to be noticed. */
const GROUP_WAIT_MS = 2;
const MAX_GROUP = 200;

export type IntakeRequest = {
  readonly connector: string;
  readonly ticket: IncomingTicket;
  /** What was repaired in the ticket at the door, for its history. */
  readonly notes?: readonly string[];
};

export type Intake = (request: IntakeRequest) => Promise<IntakeResult>;

type Prepared = { readonly ticket: NewTicket; readonly detail: string };
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

/** Gives the ticket its id and its key. Throws InputError when it cannot have one. */
function prepareTicket(context: PipelineContext, { connector, ticket, notes = [] }: IntakeRequest): Prepared {
  const { id, externalId } = connector === API_CONNECTOR ? apiKey(context, ticket) : helpdeskKey(connector, ticket);
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
  };
}

function apiKey(context: PipelineContext, ticket: IncomingTicket) {
  const id = ticket.id ?? context.createId('t');
  for (const name of context.connectors.keys()) {
    if (name !== API_CONNECTOR && id.startsWith(`${name}:`)) {
      throw new InputError({
        message: `The id "${id}" starts like those of the connector "${name}". Choose an id that does not start with "${name}:".`,
        issues: [{ path: 'id', message: `starts with the name of the connector "${name}"` }],
      });
    }
  }
  return { id, externalId: id };
}

function helpdeskKey(connector: string, ticket: IncomingTicket) {
  const externalId = ticket.source?.externalId ?? ticket.id;
  if (externalId === undefined) {
    throw new InputError({
      message: `A ticket of the connector "${connector}" came without its id in the helpdesk.`,
      issues: [{ path: 'source.externalId', message: 'missing' }],
    });
  }
  return { id: `${connector}:${externalId}`, externalId };
}

/** Answers each item; an item whose key is twice in the group is answered after the first has been committed. */
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
    for (const { ticket } of items) {
      answers.push(
        inserted.has(ticket.id)
          ? { status: 'accepted', ticketId: ticket.id, revision: ticket.revision }
          : await answerKnown({ transaction, ticket, stored: storedByKey.get(keyOf(ticket)) }),
      );
    }

    const jobs: { ticketId: string; revision: number }[] = [];
    const history: NewHistoryEntry[] = [];
    answers.forEach((answer, index) => {
      const item = items[index];
      if (item === undefined || answer instanceof Error || answer.status === 'repeated') return;
      jobs.push({ ticketId: answer.ticketId, revision: answer.revision });
      history.push({
        ticketId: answer.ticketId,
        event: answer.status,
        by: item.ticket.connector,
        detail: item.detail,
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
  ticket: NewTicket;
  stored: StoredTicket | undefined;
}): Promise<Answer> {
  const { transaction, ticket } = options;
  let { stored } = options;
  // Another process may revise the same ticket in between; whoever comes second looks again.
  for (;;) {
    if (stored === undefined) {
      return new ConflictError(
        `The id "${ticket.id}" belongs to a ticket of another connector. Send this one under another id.`,
      );
    }
    if (stored.contentHash === ticket.contentHash) {
      return { status: 'repeated', ticketId: stored.id, revision: stored.revision };
    }
    if (ticket.connector === API_CONNECTOR) {
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
