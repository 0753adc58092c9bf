import { sql } from 'drizzle-orm';
import { z } from 'zod';

/** An example as a ranking gives it; its similarity by the ranking's own measure, 0 where it has none. */
export type RankedExample = {
  readonly id: string;
  readonly intent: string;
  readonly words: readonly string[];
  readonly cosine: number;
  /** 0 to 1: the part of the query's weight that the example holds. */
  readonly lexical: number;
};

/** So many words tell whether two examples say the same. */
const COMPARED_WORDS = 300;

/** Columns of `switchboard.example_texts t` and `switchboard.examples e`. */
export const rankedColumns = sql`t.example_id as id, e.intent as intent, t.words[1:${sql.raw(String(COMPARED_WORDS))}] as words`;

const rankedSchema = z.array(
  z.object({
    id: z.string(),
    intent: z.string(),
    words: z.array(z.string()),
    cosine: z.number(),
    lexical: z.number(),
  }),
);

export function readRanked(result: { readonly rows: unknown[] }): RankedExample[] {
  return rankedSchema.parse(result.rows);
}
