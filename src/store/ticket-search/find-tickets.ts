import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { and, desc, gte, lt, type SQL, sql } from '../../base/drizzle.ts';
import { anyOf } from '../any-of.ts';
import type { Executor } from '../database.ts';
import { type FactFilter, mapFactFilter } from '../figures/fact-filter.ts';
import { ticketFacts } from '../schema.ts';

/** So many of the newest tickets tell whether a search is a common one. */
const SAMPLE = 500;
/** A search that one of a hundred tickets meets is common: looking at tickets one by one finds a page of them soon. */
const COMMON = 0.01;
/** Matches of a rare search that are looked at together, newest first. */
export const AT_ONCE = 5_000;
/** Tickets that are looked at together for a common search, so that no statement holds up an embedded store. */
const WINDOW = { first: 2_000, growth: 4, largest: 20_000 };

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

/** A condition on a column with positions: the ticket has the words, which are looked at for each one. */
export function hasWords(position: PgColumn, search: string): SQL {
  return sql`(select w.words @@ ${search}::tsquery from switchboard.ticket_words w where w.position = ${position})`;
}

/** Positions of tickets with the words of a rare search, by the index, newest first; at most AT_ONCE. */
export async function findRare(executor: Executor, search: string, before: number | null): Promise<readonly number[]> {
  const { rows } = await executor.execute(sql`
    select position from switchboard.find_words(${search}::tsquery) as found (position)
    where ${before}::bigint is null or position < ${before}::bigint
    order by position desc limit ${AT_ONCE}`);
  return positionsSchema.parse(rows).map(({ position }) => position);
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
  return (await isCommonSearch(executor, options.search)) ? walk(executor, options) : lookUp(executor, options);
}

/** Looks at tickets from the newest on, until there are enough. */
async function walk(executor: Executor, options: TicketSearch): Promise<readonly number[]> {
  const { search, before, limit } = options;
  const found: number[] = [];
  let place = before ?? (await newestPosition(executor)) + 1;
  for (let width = WINDOW.first; place > 0; width = Math.min(WINDOW.largest, width * WINDOW.growth)) {
    const among = [gte(ticketFacts.position, place - width), lt(ticketFacts.position, place)];
    found.push(...(await select(executor, [...among, hasWords(ticketFacts.position, search)], options, found.length)));
    if (found.length >= limit) return found;
    place -= width;
  }
  return found;
}

/** Takes the tickets that the index gives, until there are enough. */
async function lookUp(executor: Executor, options: TicketSearch): Promise<readonly number[]> {
  const { search, before, limit } = options;
  const found: number[] = [];
  for (let place = before; ; ) {
    const matches = await findRare(executor, search, place);
    const lowest = matches.at(-1);
    if (lowest === undefined) return found;
    found.push(...(await select(executor, [anyOf(ticketFacts.position, matches)], options, found.length)));
    if (found.length >= limit || matches.length < AT_ONCE) return found;
    place = lowest;
  }
}

async function select(
  executor: Executor,
  conditions: readonly SQL[],
  { filter, limit }: TicketSearch,
  has: number,
): Promise<readonly number[]> {
  const rows = await executor
    .select({ position: ticketFacts.position })
    .from(ticketFacts)
    .where(and(...conditions, ...mapFactFilter(filter)))
    .orderBy(desc(ticketFacts.position))
    .limit(limit - has);
  return rows.map(({ position }) => position);
}

async function newestPosition(executor: Executor): Promise<number> {
  const { rows } = await executor.execute(sql`select coalesce(max(position), 0) as position from ${ticketFacts}`);
  return positionsSchema.parse(rows)[0]?.position ?? 0;
}
