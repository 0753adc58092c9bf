import { z } from 'zod';
import { and, eq, like, not, or, type SQL, sql } from '../base/drizzle.ts';
import type { IntentScope } from '../taxonomy/intent-scope.ts';
import { isWithin } from '../taxonomy/taxonomy.ts';
import type { Executor } from './database.ts';
import { classifications, type examples, OUT_OF_SCOPE, type ticketFacts } from './schema.ts';

type IntentColumn = typeof classifications.intent | typeof examples.intent | typeof ticketFacts.correctedFrom;

/** What a ticket is about: what people said, or else the classification. As its index has it. */
export const presentIntent = sql<string | null>`coalesce(${classifications.saidIntent}, ${classifications.intent})`;

const intentsSchema = z.array(z.object({ intent: z.string() }));

/**
 * The intents in a scope that tickets have. Jumps from one intent to the next in the index, because a list of exact
 * intents is read from the index in order, and a pattern is not.
 */
export async function findStoredIntents(executor: Executor, scope: IntentScope): Promise<readonly string[]> {
  const { rows } = await executor.execute(sql`
    with recursive stored (intent) as (
      select min(${presentIntent}) from ${classifications}
      union all
      select (select min(${presentIntent}) from ${classifications} where ${presentIntent} > stored.intent)
      from stored where stored.intent is not null
    )
    select intent from stored where intent <> ${OUT_OF_SCOPE}`);
  const isIn = (intent: string) =>
    scope.some(({ within, except }) => isWithin(intent, within) && !except.some((other) => isWithin(intent, other)));
  return intentsSchema
    .parse(rows)
    .map(({ intent }) => intent)
    .filter(isIn);
}

/** Matches what is stored under one of the ids of an intent, or below it. */
export function isInScope(column: IntentColumn, scope: IntentScope): SQL | undefined {
  return or(
    ...scope.map(({ within, except }) =>
      and(isColumnWithin(column, within), ...except.flatMap((id) => isColumnWithin(column, id) ?? []).map(not)),
    ),
  );
}

/** The intent itself and all intents below it. */
function isColumnWithin(column: IntentColumn, intent: string): SQL | undefined {
  const below = `${intent.replace(/[\\%_]/g, '\\$&')}/%`;
  return or(eq(column, intent), like(column, below));
}
