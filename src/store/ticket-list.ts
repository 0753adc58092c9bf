import { and, desc, eq, isNotNull, lt, ne, not, or, type SQL, sql } from '../base/drizzle.ts';
import type { IntentScope } from '../taxonomy/intent-scope.ts';
import { anyOf } from './any-of.ts';
import type { Executor } from './database.ts';
import { findStoredIntents, isInScope, presentIntent } from './in-scope.ts';
import { assignments, classifications, decisions, deliveries, OUT_OF_SCOPE, tickets } from './schema.ts';
import type { TicketListRequest, TicketPage, TicketRow } from './store.ts';
import { equal, mapBounds, type StoredFilter } from './stored-filter.ts';
import { formatCursor, type ListPlace, parseCursor } from './ticket-cursor.ts';
import { findTickets } from './ticket-search/find-tickets.ts';
import { parseSearch, type Search } from './ticket-search/search-words.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

/** One page, newest first. Throws InputError when the cursor is not one of ours. */
export async function listTickets(
  executor: Executor,
  { filter: { intent, text, ids, ...others } = {}, limit, cursor = null }: TicketListRequest,
): Promise<TicketPage> {
  const size = Math.min(Math.max(Math.trunc(limit ?? ids?.length ?? DEFAULT_PAGE), 1), MAX_PAGE);
  const before = cursor === null ? null : parseCursor(cursor);
  const intents = intent === undefined ? undefined : await findStoredIntents(executor, intent);
  if (intents?.length === 0) return { items: [], nextCursor: null };
  const positions = ids === undefined ? undefined : await positionsOf(executor, ids);
  if (positions?.length === 0) return { items: [], nextCursor: null };
  const filter = { ...others, ...(intents && { intents }), ...(positions && { positions }) };
  const search = text === undefined ? null : parseSearch(text);
  const rows =
    search === null
      ? await selectPage(executor, { filter, before, limit: size + 1 })
      : await selectFound(executor, { search, filter, before, limit: size + 1 });
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const nextCursor = rows.length > size && last !== undefined ? formatCursor(last) : null;
  return { items: page.map(mapRow), nextCursor };
}

/** One page of a search, in the order of arrival also where the filter has a time. */
async function selectFound(
  executor: Executor,
  { search, filter, before, limit }: { search: Search; filter: StoredFilter; before: ListPlace | null; limit: number },
) {
  const found = await findTickets(executor, { search, filter, before: before?.position ?? null, limit });
  return found.length === 0 ? [] : selectPage(executor, { filter: { positions: found }, before: null, limit });
}

async function positionsOf(executor: Executor, ids: readonly string[]): Promise<readonly number[]> {
  const rows = await executor.select({ position: tickets.position }).from(tickets).where(anyOf(tickets.id, ids));
  return rows.map(({ position }) => position);
}

/** Reads generated columns and never the ticket itself, because the bodies of a page can be a hundred megabytes. */
export function selectPage(
  executor: Pick<Executor, 'select'>,
  { filter, before, limit }: { filter: StoredFilter; before: ListPlace | null; limit: number },
) {
  const position = positionFor(filter);
  const byTime = hasTime(filter);
  return executor
    .select({
      position: tickets.position,
      receivedMicros: byTime
        ? sql<string | null>`(extract(epoch from ${tickets.receivedAt}) * 1000000)::bigint::text`
        : sql<null>`null`,
      ticketId: tickets.id,
      connector: tickets.connector,
      externalId: tickets.externalId,
      url: tickets.url,
      revision: tickets.revision,
      state: tickets.state,
      receivedAt: tickets.receivedAt,
      subject: tickets.subject,
      requesterName: tickets.requesterName,
      requesterEmail: tickets.requesterEmail,
      requesterTier: tickets.requesterTier,
      channel: tickets.channel,
      language: tickets.language,
      tags: tickets.tags,
      opening: tickets.opening,
      saidIntent: classifications.saidIntent,
      intent: classifications.intent,
      confidence: classifications.confidence,
      abstained: classifications.abstained,
      stage: classifications.stage,
      model: partOf<string>(classifications.classification, 'model'),
      readUrgency: partOf<string>(classifications.classification, 'urgency'),
      sentiment: partOf<string>(classifications.classification, 'sentiment'),
      readLanguage: partOf<string>(classifications.classification, 'language'),
      costUsd: sql<number | null>`(${classifications.classification}->>'costUsd')::float8`,
      latencyMs: sql<number | null>`(${classifications.classification}->>'latencyMs')::float8`,
      decisionId: decisions.id,
      decisionTeam: decisions.team,
      decisionAssignee: partOf<string>(decisions.decision, 'assignee'),
      priority: decisions.priority,
      urgency: decisions.urgency,
      rule: decisions.rule,
      mode: decisions.mode,
      because: partOf<string>(decisions.decision, 'because'),
      release: decisions.release,
      deliveryState: deliveries.state,
      deliveryAt: deliveries.at,
      deliveryReason: deliveries.reason,
      team: assignments.team,
      assignee: assignments.assignee,
      assignedBy: assignments.actor,
      assignedAt: assignments.at,
      assignmentCause: assignments.cause,
    })
    .from(tickets)
    .leftJoin(
      classifications,
      and(eq(classifications.ticketId, tickets.id), eq(classifications.revision, tickets.revision)),
    )
    .leftJoin(decisions, and(eq(decisions.ticketId, tickets.id), eq(decisions.revision, tickets.revision)))
    .leftJoin(deliveries, eq(deliveries.decisionId, decisions.id))
    .leftJoin(assignments, eq(assignments.ticketId, tickets.id))
    .where(and(before === null ? undefined : isAfter(before, position), ...mapFilter(filter)))
    .orderBy(...(byTime ? [desc(tickets.receivedAt)] : []), desc(position))
    .limit(limit);
}

const hasTime = ({ receivedAfter, receivedBefore }: StoredFilter) =>
  receivedAfter !== undefined || receivedBefore !== undefined;

/**
 * The column to sort by. Rows of other tables have a copy of the ticket's position, so that a list with a filter is read in
 * its order from the index of that filter, however few of the newest tickets have the value.
 */
function positionFor(filter: StoredFilter) {
  const { intents, correctedFrom, abstained, stage, rule, priority, urgency, mode, language } = filter;
  if (hasTime(filter) || filter.positions !== undefined) return tickets.position;
  if (filter.assignee !== undefined || filter.team !== undefined) return assignments.position;
  if (intents?.length === 1 || correctedFrom !== undefined || abstained === true) return classifications.position;
  if (rule !== undefined || priority !== undefined || urgency !== undefined) return decisions.position;
  if (stage !== undefined || language !== undefined) return classifications.position;
  return mode === undefined ? tickets.position : decisions.position;
}

/** Further down the list. A list within a time goes by time: two tickets may arrive in the same microsecond. */
function isAfter({ position, receivedMicros }: ListPlace, column: ReturnType<typeof positionFor>): SQL {
  if (receivedMicros === null) return lt(column, position);
  const moment = sql`timestamptz 'epoch' + ${receivedMicros}::float8 * interval '1 microsecond'`;
  return sql`(${tickets.receivedAt}, ${column}) < (${moment}, ${position})`;
}

function partOf<T>(column: typeof classifications.classification | typeof decisions.decision, key: string) {
  return sql<T | null>`${column}->>${sql.raw(`'${key}'`)}`;
}

function mapFilter(filter: StoredFilter): SQL[] {
  const { intents, correctedFrom, language } = filter;
  const { position, receivedAt } = tickets;
  return [
    ...mapBounds(filter, { position, receivedAt, confidence: classifications.confidence }),
    // As its index has it.
    language === undefined ? undefined : sql`${classifications.classification}->>'language' = ${language}`,
    // Literals where an index is for one value: a prepared statement may be planned without its parameters.
    filter.state === 'received' ? eq(tickets.state, sql`'received'`) : equal(tickets.state, filter.state),
    equal(tickets.connector, filter.connector),
    intents === undefined ? undefined : isOneOf(intents),
    correctedFrom === undefined ? undefined : isCorrectedFrom(correctedFrom),
    filter.abstained === true ? sql`${classifications.abstained}` : equal(classifications.abstained, filter.abstained),
    equal(classifications.stage, filter.stage),
    equal(decisions.priority, filter.priority),
    equal(decisions.urgency, filter.urgency),
    equal(decisions.rule, filter.rule),
    equal(decisions.mode, filter.mode),
    // The present team, which a person may have changed since the decision.
    equal(assignments.team, filter.team),
    equal(assignments.assignee, filter.assignee),
  ].filter((condition) => condition !== undefined);
}

/** With a condition that no row of nulls meets: only then does the planner begin at the index of the intents. */
function isOneOf(intents: readonly string[]): SQL | undefined {
  const [first, ...others] = intents;
  const isOne = first !== undefined && others.length === 0;
  return and(
    isOne ? sql`${presentIntent} = ${first}` : anyOf(presentIntent, intents),
    isNotNull(classifications.ticketId),
  );
}

/** People said another intent, or that none fits, which is no correction of a classification that abstained. */
function isCorrectedFrom(scope: IntentScope): SQL | undefined {
  return and(
    isNotNull(classifications.saidIntent),
    ne(classifications.saidIntent, classifications.intent),
    or(ne(classifications.saidIntent, OUT_OF_SCOPE), not(classifications.abstained)),
    isInScope(classifications.intent, scope),
  );
}

type PageRow = Awaited<ReturnType<typeof selectPage>>[number];

function mapRow(row: PageRow): TicketRow {
  const { ticketId, connector, externalId, url, revision, state, receivedAt, subject, channel, language } = row;
  return {
    ticketId,
    connector,
    externalId,
    url,
    revision,
    state,
    receivedAt,
    subject,
    requester: { name: row.requesterName, email: row.requesterEmail, tier: row.requesterTier },
    channel,
    language,
    tags: row.tags ?? [],
    opening: row.opening,
    said: row.saidIntent === null ? null : { intent: row.saidIntent === OUT_OF_SCOPE ? null : row.saidIntent },
    classification: mapClassification(row),
    decision: mapDecision(row),
    delivery:
      row.deliveryState === null ? null : { state: row.deliveryState, at: row.deliveryAt, reason: row.deliveryReason },
    assignment: mapAssignment(row),
  };
}

/** Generated columns have the types of the stored value; the database only knows that they are texts. */
type ClassificationRow = NonNullable<TicketRow['classification']>;
type DecisionRow = NonNullable<TicketRow['decision']>;

function mapClassification(row: PageRow): ClassificationRow | null {
  if (row.abstained === null) return null;
  return {
    intent: row.intent,
    confidence: row.confidence ?? 0,
    abstained: row.abstained,
    stage: row.stage as ClassificationRow['stage'],
    model: row.model,
    urgency: row.readUrgency as ClassificationRow['urgency'],
    sentiment: row.sentiment as ClassificationRow['sentiment'],
    language: row.readLanguage,
    costUsd: row.costUsd ?? 0,
    latencyMs: row.latencyMs ?? 0,
  };
}

function mapDecision(row: PageRow): DecisionRow | null {
  if (row.decisionId === null || row.decisionTeam === null) return null;
  return {
    id: row.decisionId,
    team: row.decisionTeam,
    assignee: row.decisionAssignee,
    priority: row.priority as DecisionRow['priority'],
    urgency: row.urgency as DecisionRow['urgency'],
    rule: row.rule ?? '',
    mode: row.mode as DecisionRow['mode'],
    because: row.because ?? '',
    release: row.release,
  };
}

function mapAssignment({ team, assignee, assignedBy, assignedAt, assignmentCause }: PageRow): TicketRow['assignment'] {
  if (team === null || assignedBy === null || assignedAt === null || assignmentCause === null) return null;
  return { team, assignee, by: assignedBy, at: assignedAt, cause: assignmentCause };
}
