import { sql } from '../../base/drizzle.ts';
import type { Executor } from '../database.ts';
import { exampleVectors } from '../schema.ts';
import { type RankedExample, rankedColumns, readRanked } from './ranked-example.ts';

/** The highest value that pgvector accepts. */
const MAX_EF_SEARCH = 1_000;
const MIN_EF_SEARCH = 100;

/** The examples with the nearest vectors of this embedder, best first; `embedderId` and `dimensions` are our own. */
export async function rankByVector(options: {
  executor: Executor;
  embedderId: number;
  query: Float32Array;
  depth: number;
}): Promise<RankedExample[]> {
  const { executor, embedderId, query, depth } = options;
  // How many candidates HNSW keeps: with fewer than `depth` it could not find that many. Set for this transaction only.
  const efSearch = Math.min(MAX_EF_SEARCH, Math.max(MIN_EF_SEARCH, depth));
  await executor.execute(sql`select set_config('hnsw.ef_search', ${String(efSearch)}, true)`);
  const width = sql.raw(`vector(${query.length})`);
  const distance = sql`v.vector::${width} <=> ${sql.param(query, exampleVectors.vector)}::${width}`;
  const result = await executor.execute(sql`
    select ${rankedColumns}, 1 - n.distance as cosine, 0 as lexical
    from (
      select v.example_id, ${distance} as distance
      from switchboard.example_vectors v
      where v.embedder_id = ${sql.raw(String(embedderId))} and v.vector is not null
      order by ${distance} limit ${depth}
    ) n
    join switchboard.example_texts t on t.example_id = n.example_id
    order by n.distance, n.example_id`);
  return readRanked(result);
}
