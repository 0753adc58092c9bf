import { and, desc, eq, gte, lt, lte, type SQL, sql } from '../base/drizzle.ts';
import { InputError } from '../errors.ts';
import type { Executor } from './database.ts';
import { isInScope } from './in-scope.ts';
import { assignments, classifications, decisions, deliveries, tickets } from './schema.ts';
import type { TicketFilter, TicketListRequest, TicketPage, TicketRow } from './store.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

/** One page, newest first. Throws InputError when the cursor is not one of ours. */
export async function listTickets(
  executor: Executor,
  { filter = {}, limit = DEFAULT_PAGE, cursor = null }: TicketListRequest,
): Promise<TicketPage> {
  const size = Math.min(Math.max(Math.trunc(limit), 1), MAX_PAGE);
  const before = cursor === null ? null : parseCursor(cursor);
  const rows = await selectPage(executor, { filter, before, limit: size + 1 });
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const nextCursor = rows.length > size && last !== undefined ? formatCursor(last.position) : null;
  return { items: page.map(mapRow), nextCursor };
}

/** Reads generated columns and never the ticket itself, because the bodies of a page can be a hundred megabytes. */
export function selectPage(
  executor: Pick<Executor, 'select'>,
  { filter, before, limit }: { filter: TicketFilter; before: number | null; limit: number },
) {
  // The list of a team is read in order from the index of its assignments, which have a copy of the ticket's position.
  const position = filter.team === undefined ? tickets.position : assignments.position;
  return executor
    .select({
      position: tickets.position,
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
    .where(and(...(before === null ? [] : [lt(position, before)]), ...mapFilter(filter)))
    .orderBy(desc(position))
    .limit(limit);
}

function partOf<T>(column: typeof classifications.classification | typeof decisions.decision, key: string) {
  return sql<T | null>`${column}->>${sql.raw(`'${key}'`)}`;
}

function mapFilter(filter: TicketFilter): SQL[] {
  const equal = <T>(column: Parameters<typeof eq>[0], value: T | undefined) =>
    value === undefined ? undefined : eq(column, value);
  const { receivedAfter, receivedBefore, minConfidence, maxConfidence, intent } = filter;
  return [
    equal(tickets.state, filter.state),
    equal(tickets.connector, filter.connector),
    receivedAfter === undefined ? undefined : gte(tickets.receivedAt, receivedAfter),
    receivedBefore === undefined ? undefined : lt(tickets.receivedAt, receivedBefore),
    intent === undefined ? undefined : isInScope(classifications.intent, intent),
    equal(classifications.abstained, filter.abstained),
    equal(classifications.stage, filter.stage),
    minConfidence === undefined ? undefined : gte(classifications.confidence, minConfidence),
    maxConfidence === undefined ? undefined : lte(classifications.confidence, maxConfidence),
    equal(decisions.priority, filter.priority),
    equal(decisions.urgency, filter.urgency),
    equal(decisions.rule, filter.rule),
    equal(decisions.mode, filter.mode),
    // The present team, which a person may have changed since the decision.
    equal(assignments.team, filter.team),
    equal(assignments.assignee, filter.assignee),
  ].filter((condition) => condition !== undefined);
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

function formatCursor(position: number): string {
  return Buffer.from(`p${position}`).toString('base64url');
}

function parseCursor(cursor: string): number {
  const match = /^p(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match?.[1] === undefined) {
    throw new InputError({
      message: 'The cursor is not one that came with a page of tickets. Leave it out to start with the newest.',
      issues: [{ path: 'cursor', message: 'unknown cursor' }],
    });
  }
  return Number(match[1]);
}
