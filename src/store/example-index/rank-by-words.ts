import { z } from 'zod';
import { sql } from '../../base/drizzle.ts';
import type { Executor } from '../database.ts';
import { exampleVectors } from '../schema.ts';
import { distinctWords } from './example-words.ts';
import { type RankedExample, rankedColumns, readRanked } from './ranked-example.ts';

/** How often each word occurs in the examples; slightly out of date between two counts, which hardly matters. */
export type WordStatistics = {
  readonly exampleCount: number;
  readonly meanWordCount: number;
  /** Number of examples per word; a word that is missing occurs in at most one. */
  readonly frequencies: ReadonlyMap<string, number>;
};

// Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework": usual constants, as in retrieval/bm25.ts.
const K1 = 1.2;
const B = 0.75;
/** A very long query is searched by its rarest words: more words do not change the ranking. */
const MAX_QUERY_WORDS = 60;
/** About how many rows a search reads. Common words beyond that weigh next to nothing and occur in most examples. */
const MAX_ROWS_READ = 4_000;
/** This many words are looked up however common they are, each in a part of the rows that have it. */
const MIN_QUERY_WORDS = 3;
const MAX_ROWS_OF_COMMON_WORD = Math.ceil(MAX_ROWS_READ / MIN_QUERY_WORDS);

const statisticsSchema = z.object({ exampleCount: z.number(), meanWordCount: z.number() });
const frequenciesSchema = z.array(z.object({ word: z.string(), frequency: z.number() }));

export async function readWordStatistics(executor: Executor): Promise<WordStatistics> {
  const totals = await executor.execute(sql`
    select coalesce(sum(texts), 0)::int as "exampleCount",
      coalesce(sum(words)::float8 / nullif(sum(texts), 0), 0)::float8 as "meanWordCount"
    from switchboard.example_text_changes`);
  const counts = await executor.execute(sql`
    select word, ndoc as frequency from ts_stat('select lexemes from switchboard.example_texts') where ndoc > 1`);
  return {
    ...statisticsSchema.parse(totals.rows[0]),
    frequencies: new Map(frequenciesSchema.parse(counts.rows).map(({ word, frequency }) => [word, frequency])),
  };
}

/** The examples that share the words of most weight with the text, best first: BM25 where every word counts once. */
export async function rankByWords(options: {
  executor: Executor;
  text: string;
  statistics: WordStatistics;
  depth: number;
  /** Vectors to compute a cosine from for each example; null for none. */
  vectors: { embedderId: number; query: Float32Array } | null;
}): Promise<RankedExample[]> {
  const { executor, statistics, depth, vectors } = options;
  const { terms, wholeWeight } = weighTerms(options.text, statistics);
  if (terms.length === 0) return [];
  const json = JSON.stringify(
    terms.map(({ word, weight, maxRows }) => [quoteLexeme(word), weight / wholeWeight, maxRows]),
  );
  const norm = sql`${K1 * (1 - B)}::float8 + ${(K1 * B) / Math.max(1, statistics.meanWordCount)}::float8 * t.word_count`;
  const cosine =
    vectors === null
      ? sql`0`
      : sql`coalesce(1 - (v.vector <=> ${sql.param(vectors.query, exampleVectors.vector)}::vector), 0)`;
  const joined =
    vectors === null
      ? sql``
      : sql`left join switchboard.example_vectors v on v.example_id = t.example_id and v.embedder_id = ${vectors.embedderId}`;
  const result = await executor.execute(sql`
    with terms as materialized (
      select (term->>0)::tsquery as query, (term->>1)::float8 as weight, (term->>2)::int as max_rows
      from jsonb_array_elements(${json}::jsonb) as given(term)
    ), best as (
      select t.example_id, least(1, sum(terms.weight * ${K1 + 1}::float8 / (1 + ${norm}))) as score
      from terms cross join lateral (
        select example_id, word_count from switchboard.example_texts where lexemes @@ terms.query limit terms.max_rows
      ) t
      group by t.example_id
      order by score desc, t.example_id limit ${depth}
    )
    select ${rankedColumns}, ${cosine} as cosine, best.score::float8 as lexical
    from best
    join switchboard.example_texts t on t.example_id = best.example_id
    ${joined}
    order by best.score desc, best.example_id`);
  return readRanked(result);
}

/** The words to look up, rarest first; `wholeWeight` is the weight of an example that has all words of the text. */
function weighTerms(
  text: string,
  statistics: WordStatistics,
): { terms: { readonly word: string; readonly weight: number; readonly maxRows: number }[]; wholeWeight: number } {
  const { exampleCount, frequencies } = statistics;
  const words = distinctWords(text)
    .map((word) => ({ word, frequency: Math.min(exampleCount, frequencies.get(word) ?? 1) }))
    .sort((a, b) => a.frequency - b.frequency)
    .slice(0, MAX_QUERY_WORDS)
    .map(({ word, frequency }) => ({
      word,
      frequency,
      weight: Math.log(1 + (exampleCount - frequency + 0.5) / (frequency + 0.5)),
    }));
  const wholeWeight = words.reduce((sum, { weight }) => sum + weight * (K1 + 1), 0);
  let rows = 0;
  const terms = words.flatMap(({ word, frequency, weight }, i) => {
    rows += frequency;
    if (rows <= MAX_ROWS_READ) return [{ word, weight, maxRows: MAX_ROWS_READ }];
    return i < MIN_QUERY_WORDS ? [{ word, weight, maxRows: MAX_ROWS_OF_COMMON_WORD }] : [];
  });
  return { terms: wholeWeight > 0 ? terms : [], wholeWeight };
}

/** Quotes a word so that PostgreSQL reads it as one word of a tsquery, whatever its characters. */
function quoteLexeme(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
