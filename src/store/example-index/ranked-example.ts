import { z } from 'zod';
import { sql } from '../../base/drizzle.ts';

/** An example in a ranking. */
export type RankedExample = {
  readonly id: string;
  readonly intent: string;
  readonly words: readonly string[];
  /** The language that the example states; null where it states none. */
  readonly language: string | null;
  /** 0 where there is no vector. */
  readonly cosine: number;
  /** 0 to 1: the share of the query's weight that the example has; 0 in a ranking by vectors. */
  readonly lexical: number;
};

/** This many words are enough to see whether two examples say the same. */
const COMPARED_WORDS = 300;

/** Columns of `switchboard.example_texts t`. */
export const rankedColumns = sql`t.example_id as id, t.intent, t.words[1:${sql.raw(String(COMPARED_WORDS))}] as words,
  (select e.example->>'language' from switchboard.examples e where e.id = t.example_id) as language`;

const rankedSchema = z.array(
  z.object({
    id: z.string(),
    intent: z.string(),
    words: z.array(z.string()),
    language: z.string().nullable(),
    cosine: z.number(),
    lexical: z.number(),
  }),
);

export function readRanked(result: { readonly rows: unknown[] }): RankedExample[] {
  return rankedSchema.parse(result.rows);
}
