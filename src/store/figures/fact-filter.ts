import { eq, gte, lt, lte, type SQL } from '../../base/drizzle.ts';
import { anyOf } from '../any-of.ts';
import { isInScope } from '../in-scope.ts';
import { ticketFacts } from '../schema.ts';
import type { TicketFilter } from '../store.ts';

/** A filter with the intents that are stored, instead of where to look for them, and with positions instead of words and ids. */
export type FactFilter = Omit<TicketFilter, 'intent' | 'text' | 'ids'> & {
  readonly intents?: readonly string[];
  readonly positions?: readonly number[];
};

/** The filter of a list as conditions on `ticket_facts`, which has all that tickets are filtered by. */
export function mapFactFilter(filter: FactFilter): SQL[] {
  const { receivedAfter, receivedBefore, minConfidence, maxConfidence, intents, correctedFrom, positions } = filter;
  const equal = <T>(column: Parameters<typeof eq>[0], value: T | undefined) =>
    value === undefined ? undefined : eq(column, value);
  return [
    positions === undefined ? undefined : anyOf(ticketFacts.position, positions),
    receivedAfter === undefined ? undefined : gte(ticketFacts.receivedAt, receivedAfter),
    receivedBefore === undefined ? undefined : lt(ticketFacts.receivedAt, receivedBefore),
    intents === undefined ? undefined : anyOf(ticketFacts.intent, intents),
    correctedFrom === undefined ? undefined : isInScope(ticketFacts.correctedFrom, correctedFrom),
    minConfidence === undefined ? undefined : gte(ticketFacts.confidence, minConfidence),
    maxConfidence === undefined ? undefined : lte(ticketFacts.confidence, maxConfidence),
    equal(ticketFacts.state, filter.state),
    equal(ticketFacts.connector, filter.connector),
    equal(ticketFacts.abstained, filter.abstained),
    equal(ticketFacts.stage, filter.stage),
    equal(ticketFacts.language, filter.language),
    equal(ticketFacts.priority, filter.priority),
    equal(ticketFacts.urgency, filter.urgency),
    equal(ticketFacts.rule, filter.rule),
    equal(ticketFacts.mode, filter.mode),
    equal(ticketFacts.team, filter.team),
    equal(ticketFacts.assignee, filter.assignee),
  ].filter((condition) => condition !== undefined);
}
