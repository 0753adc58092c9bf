import type { SQL } from '../../base/drizzle.ts';
import { anyOf } from '../any-of.ts';
import { isInScope } from '../in-scope.ts';
import { ticketFacts } from '../schema.ts';
import { equal, mapBounds, type StoredFilter } from '../stored-filter.ts';

/** The filter of a list as conditions on `ticket_facts`, which has all that tickets are filtered by. */
export function mapFactFilter(filter: StoredFilter): SQL[] {
  const { intents, correctedFrom } = filter;
  return [
    ...mapBounds(filter, ticketFacts),
    intents === undefined ? undefined : anyOf(ticketFacts.intent, intents),
    correctedFrom === undefined ? undefined : isInScope(ticketFacts.correctedFrom, correctedFrom),
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
