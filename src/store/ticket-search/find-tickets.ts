import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { and, desc, gte, lt, type SQL, sql } from '../../base/drizzle.ts';
import { anyOf } from '../any-of.ts';
import type { Executor } from '../database.ts';
import { mapFactFilter } from '../figures/fact-filter.ts';
import { ticketFacts } from '../schema.ts';
import type { StoredFilter } from '../stored-filter.ts';
import { allOf, type Search } from './search-words.ts';

/** So many of the newest tickets, and of all tickets, tell whether a search is a common one. */
const SAMPLE = 500;
/** A search that one of a hundred tickets meets is common: looking at tickets one by one finds a page of them soon. */
const COMMON = 0.01;
/** The index is not asked for a word that so many tickets have, where another one is rarer: it would read all of them. */
const TOO_MANY = 0.1;
/** Matches of a rare search that are looked at together, newest first: few at first, since most searches have no other filter. */
export const AT_ONCE = 5_000;
const FIRST_MATCHES = 200;
/** Tickets that are looked at together for a common search, so that no statement holds up an embedded store. */
const WINDOW = { first: 2_000, growth: 4, largest: 20_000 };

const sampleSchema = z.array(z.object({ looked: z.number(), found: z.number(), ofTerms: z.array(z.number()) }));
const positionsSchema = z.array(z.object({ position: z.coerce.number() }));

export type SearchPlan =
  /** Many tickets have the words, new ones as well. */
  | { readonly isCommon: true }
  /** The rarest of the words, as a search. */
  | { readonly isCommon: false; readonly rarest: string };

/** How to find the tickets that have the words of a search, by a look at the newest tickets and at some of all. */
export async function planSearch(executor: Executor, { all, terms }: Search): Promise<SearchPlan> {
  const has = (query: string) => sql`count(*) filter (where words @@ ${query}::tsquery)::int`;
  const { rows } = await executor.execute(sql`
    select count(*)::int as looked, ${has(all)} as found, jsonb_build_array(${sql.join(terms.map(has), sql`, `)}) as "ofTerms"
    from (
      (select true as "isNew", words from switchboard.ticket_words where words is not null order by position desc limit ${SAMPLE})
      union all
      select false, words from switchboard.ticket_words where words is not null and position = any(array(
        select ((select max(position) from switchboard.ticket_words) * n / ${SAMPLE})::bigint from generate_series(1, ${SAMPLE}) n))
    ) sample group by "isNew"`);
  const samples = sampleSchema.parse(rows);
  if (samples.length > 0 && samples.every(({ looked, found }) => found > looked * COMMON)) return { isCommon: true };
  const rare = terms.filter((_, at) => samples.every(({ looked, ofTerms }) => (ofTerms[at] ?? 0) <= looked * TOO_MANY));
  return { isCommon: false, rarest: rare.length === 0 ? all : allOf(rare) };
}

/** A condition on a column with positions: the ticket has the words, which are looked at for each one. */
export function hasWords(position: PgColumn | SQL, { all }: Search): SQL {
  return sql`(select w.words @@ ${all}::tsquery from switchboard.ticket_words w where w.position = ${position})`;
}

/** Positions of tickets with the words of a rare search, by the index, newest first. */
export async function findRare(
  executor: Executor,
  options: { search: Search; rarest: string; before: number | null; limit: number },
): Promise<readonly number[]> {
  const { search, rarest, before, limit } = options;
  // Sorted first, so that the words of no more tickets are looked at than are wanted.
  const { rows } = await executor.execute(sql`
    select position from (
      select position from switchboard.find_words(${rarest}::tsquery) as found (position)
      where ${before}::bigint is null or position < ${before}::bigint order by position desc offset 0
    ) newest where ${rarest === search.all ? sql`true` : hasWords(sql`newest.position`, search)} limit ${limit}`);
  return positionsSchema.parse(rows).map(({ position }) => position);
}

export type TicketSearch = {
  readonly search: Search;
  readonly filter: StoredFilter;
  /** Only tickets with a lower position; null for any. */
  readonly before: number | null;
  readonly limit: number;
};

/** Positions of tickets that have the words and match the filter, newest first. */
export async function findTickets(executor: Executor, options: TicketSearch): Promise<readonly number[]> {
  const plan = await planSearch(executor, options.search);
  return plan.isCommon ? walk(executor, options) : lookUp(executor, options, plan.rarest);
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
async function lookUp(executor: Executor, options: TicketSearch, rarest: string): Promise<readonly number[]> {
  const { search, before, limit } = options;
  const found: number[] = [];
  let count = FIRST_MATCHES;
  for (let place = before; ; count = AT_ONCE) {
    const matches = await findRare(executor, { search, rarest, before: place, limit: count });
    const lowest = matches.at(-1);
    if (lowest === undefined) return found;
    found.push(...(await select(executor, [anyOf(ticketFacts.position, matches)], options, found.length)));
    if (found.length >= limit || matches.length < count) return found;
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
