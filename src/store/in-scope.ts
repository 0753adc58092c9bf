import { and, eq, like, not, or, type SQL } from '../base/drizzle.ts';
import type { IntentScope } from '../taxonomy/intent-scope.ts';
import type { classifications, examples } from './schema.ts';

type IntentColumn = typeof classifications.intent | typeof examples.intent;

/** Matches what is stored under one of the ids of an intent, or below it. */
export function isInScope(column: IntentColumn, scope: IntentScope): SQL | undefined {
  return or(
    ...scope.map(({ within, except }) =>
      and(isWithin(column, within), ...except.flatMap((id) => isWithin(column, id) ?? []).map(not)),
    ),
  );
}

/** The intent itself and all intents below it. */
function isWithin(column: IntentColumn, intent: string): SQL | undefined {
  const below = `${intent.replace(/[\\%_]/g, '\\$&')}/%`;
  return or(eq(column, intent), like(column, below));
}
