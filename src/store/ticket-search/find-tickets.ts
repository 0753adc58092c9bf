import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { and, lt, type SQL, sql } from '../../base/drizzle.ts';
import { anyOf } from '../any-of.ts';
import type { Executor } from '../database.ts';
import { type FactFilter, mapFactFilter } from '../figures/fact-filter.ts';
import { ticketFacts } from '../schema.ts';

/** So many of the newest tickets tell whether a search is a common one. */
const SAMPLE = 500;
/** A search that one of a hundred tickets meets is common: looking at tickets one by one finds a page of them soon. */
const COMMON = 0.01;
/** Matches of a rare search that are looked at together, newest first. */
const AT_ONCE = 5_000;

const sampleSchema = z.object({ found: z.number(), looked: z.number() });
const positionsSchema = z.array(z.object({ position: z.coerce.number() }));

/** Whether many of the newest tickets have the words of a search (`parseSearch`). */
export async function isCommonSearch(executor: Executor, search: string): Promise<boolean> {
  const { rows } = await executor.execute(sql`
    select count(*) filter (where words @@ ${search}::tsquery)::int as found, count(*)::int as looked
    from (select words from switchboard.ticket_words order by position desc limit ${SAMPLE}) newest`);
  const { found, looked } = sampleSchema.parse(rows[0]);
  return found > looked * COMMON;
}

/**
 * A condition on a column with positions: the ticket has the words. Of a rare search the index gives all tickets; for a common
 * one, each ticket that meets the other conditions is looked at.
 */
export function hasWords(position: PgColumn, { search, isCommon }: { search: string; isCommon: boolean }): SQL {
  return isCommon
    ? sql`(select w.words @@ ${search}::tsquery from switchboard.ticket_words w where w.position = ${position})`
    : sql`${position} in (select switchboard.find_words(${search}::tsquery))`;
}

export type TicketSearch = {
  /** From `parseSearch`. */
  readonly search: string;
  readonly filter: FactFilter;
  /** Only tickets with a lower position; null for any. */
  readonly before: number | null;
  readonly limit: number;
};

/** Positions of tickets that have the words and match the filter, newest first. */
export async function findTickets(executor: Executor, options: TicketSearch): Promise<readonly number[]> {
  const { search, filter, before, limit } = options;
  const select = (conditions: readonly (SQL | undefined)[], count: number) =>
    executor
      .select({ position: ticketFacts.position })
      .from(ticketFacts)
      .where(and(...conditions, ...mapFactFilter(filter)))
      .orderBy(sql`${ticketFacts.position} desc`)
      .limit(count);
  const isBefore = (place: number | null) => (place === null ? undefined : lt(ticketFacts.position, place));

  if (await isCommonSearch(executor, search)) {
    const rows = await select([isBefore(before), hasWords(ticketFacts.position, { search, isCommon: true })], limit);
    return rows.map(({ position }) => position);
  }
  const found: number[] = [];
  for (let place = before; ; ) {
    const { rows } = await executor.execute(sql`
      select position from switchboard.find_words(${search}::tsquery) as found (position)
      where ${place}::bigint is null or position < ${place}::bigint
      order by position desc limit ${AT_ONCE}`);
    const matches = positionsSchema.parse(rows).map(({ position }) => position);
    const lowest = matches.at(-1);
    if (lowest === undefined) return found;
    const kept = await select([anyOf(ticketFacts.position, matches)], limit - found.length);
    found.push(...kept.map(({ position }) => position));
    if (found.length >= limit || matches.length < AT_ONCE) return found;
    place = lowest;
  }
}
