import type { PgColumn } from 'drizzle-orm/pg-core';
import { eq, gte, lt, lte, type SQL } from '../base/drizzle.ts';
import { anyOf } from './any-of.ts';
import type { TicketFilter } from './store.ts';

/** A filter with the intents that are stored, instead of where to look for them, and with positions instead of words and ids. */
export type StoredFilter = Omit<TicketFilter, 'intent' | 'text' | 'ids'> & {
  readonly intents?: readonly string[];
  readonly positions?: readonly number[];
};

/** No condition where the filter does not say what it wants. */
export const equal = <T>(column: PgColumn, value: T | undefined): SQL | undefined =>
  value === undefined ? undefined : eq(column, value);

/** The conditions that have bounds or a list of tickets, on the columns of the table that is read. */
export function mapBounds(
  { positions, receivedAfter, receivedBefore, minConfidence, maxConfidence }: StoredFilter,
  of: { readonly position: PgColumn; readonly receivedAt: PgColumn; readonly confidence: PgColumn },
): (SQL | undefined)[] {
  return [
    positions === undefined ? undefined : anyOf(of.position, positions),
    receivedAfter === undefined ? undefined : gte(of.receivedAt, receivedAfter),
    receivedBefore === undefined ? undefined : lt(of.receivedAt, receivedBefore),
    minConfidence === undefined ? undefined : gte(of.confidence, minConfidence),
    maxConfidence === undefined ? undefined : lte(of.confidence, maxConfidence),
  ];
}
