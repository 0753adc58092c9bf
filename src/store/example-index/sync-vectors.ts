import { z } from 'zod';
import { and, eq, inArray, type SQL, sql } from '../../base/drizzle.ts';
import type { OnProgress } from '../../base/progress.ts';
import type { Embedder } from '../../classifiers/retrieval/embedder.ts';
import { languageOfTicket } from '../../ticket/ticket-language.ts';
import { ticketTextsInTurns } from '../../ticket/ticket-text.ts';
import type { Executor } from '../database.ts';
import { embedders, examples, exampleVectors } from '../schema.ts';
import type { Store } from '../store.ts';

/** Returns the number of an embedder in `example_vectors`, and stores the embedder when it is new. */
export async function registerEmbedder(options: {
  store: Pick<Store, 'transaction'>;
  embedder: Pick<Embedder, 'id' | 'dimensions'>;
}): Promise<number> {
  const { id, dimensions } = options.embedder;
  return options.store.transaction(async ({ executor }) => {
    await executor.insert(embedders).values({ name: id, dimensions }).onConflictDoNothing();
    const [row] = await executor.select({ id: embedders.id }).from(embedders).where(eq(embedders.name, id));
    if (row === undefined) throw new Error(`the embedder ${id} was not stored`);
    return row.id;
  });
}

/**
 * Embeds the examples (all, or those of `ids`) that have no vector of this embedder for their present text. Each batch
 * is committed before the next one is embedded, so that a crash costs one batch. Throws the errors of the embedder.
 */
export async function syncVectors(options: {
  store: Pick<Store, 'transaction'>;
  embedder: Embedder;
  embedderId: number;
  ids?: readonly string[];
  onProgress?: OnProgress;
}): Promise<void> {
  const { store, embedder, embedderId, onProgress } = options;
  const outdated = outdatedVectors(options);
  const total = await store.transaction(async ({ executor }) => {
    const result = await executor.execute(sql`select count(*)::int as total ${outdated}`);
    return totalSchema.parse(result.rows[0]).total;
  });
  let done = 0;
  // In the order of ids, so that no batch looks again at what the ones before have done.
  let after = '';
  while (done < total) {
    onProgress?.({ step: 'embedding the examples', done, total });
    const batch = await store.transaction(({ executor }) =>
      readBatch(executor, { outdated, after, size: embedder.batchSize }),
    );
    const last = batch.at(-1);
    if (last === undefined) break;
    after = last.id;
    const texts = await ticketTextsInTurns(batch.map(({ example }) => example));
    const vectors = await embedder.embedDocuments(
      batch.map(({ example }, at) => ({
        text: texts[at]?.text ?? '',
        ticket: example,
        language: languageOfTicket(example),
      })),
    );
    await store.transaction(({ executor }) =>
      saveVectors(
        executor,
        batch.map(({ id, textHash }, i) => ({ embedderId, exampleId: id, textHash, vector: vectors[i] ?? null })),
      ),
    );
    done += batch.length;
  }
  if (total > 0) onProgress?.({ step: 'embedding the examples', done: total, total });
}

const totalSchema = z.object({ total: z.number() });

/** The rows of `example_texts` (`t`) that have no vector of the embedder for their text. */
function outdatedVectors({ embedderId, ids }: { embedderId: number; ids?: readonly string[] }): SQL {
  const among =
    ids === undefined
      ? sql``
      : sql`and t.example_id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;
  return sql`
    from switchboard.example_texts t
    left join switchboard.example_vectors v on v.example_id = t.example_id and v.embedder_id = ${embedderId}
    where v.text_hash is distinct from t.text_hash ${among}`;
}

async function readBatch(
  executor: Executor,
  { outdated, after, size }: { outdated: SQL; after: string; size: number },
) {
  const result = await executor.execute(
    sql`select t.example_id as id, t.text_hash as "textHash" ${outdated} and t.example_id > ${after}
      order by t.example_id limit ${size}`,
  );
  const rows = z.array(z.object({ id: z.string(), textHash: z.string() })).parse(result.rows);
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const found = await executor
    .select({ id: examples.id, example: examples.example })
    .from(examples)
    .where(inArray(examples.id, ids));
  const byId = new Map(found.map(({ id, example }) => [id, example]));
  return rows.flatMap((row) => {
    const example = byId.get(row.id);
    return example === undefined ? [] : [{ ...row, example }];
  });
}

/** Leaves out examples that were removed while their text was embedded. */
async function saveVectors(executor: Executor, rows: (typeof exampleVectors.$inferInsert)[]): Promise<void> {
  const kept = await executor
    .select({ id: examples.id })
    .from(examples)
    .where(
      and(
        eq(examples.state, 'active'),
        inArray(
          examples.id,
          rows.map(({ exampleId }) => exampleId),
        ),
      ),
    )
    .for('share');
  const keptIds = new Set(kept.map(({ id }) => id));
  const values = rows.filter(({ exampleId }) => keptIds.has(exampleId));
  if (values.length === 0) return;
  await executor
    .insert(exampleVectors)
    .values(values)
    .onConflictDoUpdate({
      target: [exampleVectors.embedderId, exampleVectors.exampleId],
      set: { textHash: sql`excluded.text_hash`, vector: sql`excluded.vector` },
    });
}
