import { z } from 'zod';
import { and, asc, gte, lt, type SQL } from '../../base/drizzle.ts';
import { anyOf } from '../any-of.ts';
import type { Executor } from '../database.ts';
import { findStoredIntents } from '../in-scope.ts';
import { ticketFacts } from '../schema.ts';
import type { CountedTickets } from '../store.ts';
import { AT_ONCE, findRare, hasWords, planSearch } from '../ticket-search/find-tickets.ts';
import { parseSearch, type Search } from '../ticket-search/search-words.ts';
import { mapFactFilter } from './fact-filter.ts';

/** Looking at the words of each ticket takes about as much longer. */
const ROWS_WITH_WORDS = 0.25;

/**
 * Conditions that together select these tickets from `ticket_facts`: one, or one for each piece of the time with at most
 * `rowsAtOnce` tickets, so that no statement holds up an embedded store. None where no ticket can match.
 */
export async function* conditionsOf(
  executor: Executor,
  { since, until, filter: { intent, text, ...others } = {} }: CountedTickets,
  rowsAtOnce: number | null,
): AsyncGenerator<SQL | undefined> {
  const intents = intent === undefined ? undefined : await findStoredIntents(executor, intent);
  if (intents?.length === 0) return;
  const filters = mapFactFilter({ ...others, ...(intents && { intents }) });
  const search = text === undefined ? null : parseSearch(text);
  const rare = search === null ? null : await findIfRare(executor, search);
  // So few tickets are looked up at once.
  if (rare !== null && rare.length < AT_ONCE) {
    yield and(isWithin(since.toISOString(), until.toISOString()), anyOf(ticketFacts.position, rare), ...filters);
    return;
  }
  const words = search === null ? [] : [hasWords(ticketFacts.position, search)];
  const rows = rowsAtOnce === null ? null : Math.ceil(rowsAtOnce * (search === null ? 1 : ROWS_WITH_WORDS));
  for await (const { from, to } of piecesOf(executor, { since, until, rows })) {
    yield and(isWithin(from, to), ...words, ...filters);
  }
}

/** Null for a search that many tickets meet. */
async function findIfRare(executor: Executor, search: Search): Promise<readonly number[] | null> {
  const plan = await planSearch(executor, search);
  return plan.isCommon ? null : findRare(executor, { search, rarest: plan.rarest, before: null, limit: AT_ONCE });
}

const isWithin = (from: string, to: string) => and(gte(ticketFacts.receivedAt, from), lt(ticketFacts.receivedAt, to));

const boundarySchema = z.object({ receivedAt: z.string() });

async function* piecesOf(
  executor: Executor,
  { since, until, rows }: { since: Date; until: Date; rows: number | null },
): AsyncGenerator<{ readonly from: string; readonly to: string }> {
  let from = since.toISOString();
  const end = until.toISOString();
  while (from < end) {
    const next = rows === null ? undefined : await boundary(executor, { from, end, rows });
    // At least a millisecond, so that a piece with more tickets at one moment comes to an end.
    const least = new Date(Date.parse(from) + 1).toISOString();
    const to = next === undefined || next >= end ? end : next > least ? next : least;
    yield { from, to };
    from = to;
  }
}

/** When the first ticket after so many arrived. */
async function boundary(executor: Executor, { from, end, rows }: { from: string; end: string; rows: number }) {
  const [row] = await executor
    .select({ receivedAt: ticketFacts.receivedAt })
    .from(ticketFacts)
    .where(and(gte(ticketFacts.receivedAt, from), lt(ticketFacts.receivedAt, end)))
    .orderBy(asc(ticketFacts.receivedAt))
    .offset(rows)
    .limit(1);
  return row === undefined ? undefined : boundarySchema.parse(row).receivedAt;
}
