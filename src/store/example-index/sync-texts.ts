import { and, asc, eq, gt, inArray, ne, notExists, sql } from '../../base/drizzle.ts';
import { sha256 } from '../../base/hash.ts';
import { ticketTextsInTurns } from '../../ticket/ticket-text.ts';
import { examples, exampleTexts, OUT_OF_SCOPE } from '../schema.ts';
import type { Store } from '../store.ts';
import { distinctWords } from './example-words.ts';

/** Rows per transaction; keeps a statement far below PostgreSQL's limit of 65,535 parameters. */
const BATCH = 500;

/**
 * Brings the words of all examples, or of `ids`, up to date. Each batch is committed by itself, so that work done
 * before a crash is not repeated.
 */
export async function syncTexts(options: {
  store: Pick<Store, 'transaction'>;
  ids?: readonly string[];
  /** Called after each batch with the number of rows that it brought up to date. */
  onBatch?: (count: number) => void;
}): Promise<void> {
  const { store, ids } = options;
  // In the order of ids, so that no batch looks again at what the ones before have done.
  let last: string | undefined;
  for (;;) {
    const batch = await store.transaction(async ({ executor }) => {
      const current = executor
        .select({ id: exampleTexts.exampleId })
        .from(exampleTexts)
        .where(and(eq(exampleTexts.exampleId, examples.id), eq(exampleTexts.contentHash, examples.contentHash)));
      const outdated = await executor
        .select({
          id: examples.id,
          intent: examples.intent,
          contentHash: examples.contentHash,
          example: examples.example,
        })
        .from(examples)
        .where(
          and(
            eq(examples.state, 'active'),
            ne(examples.intent, OUT_OF_SCOPE),
            notExists(current),
            ids === undefined ? undefined : inArray(examples.id, [...ids]),
            last === undefined ? undefined : gt(examples.id, last),
          ),
        )
        .orderBy(asc(examples.id))
        .limit(BATCH)
        // Leaves out examples that are removed meanwhile.
        .for('share');
      if (outdated.length === 0) return [];
      const texts = await ticketTextsInTurns(outdated.map(({ example }) => example));
      const rows = outdated.map(({ id, intent, contentHash }, at) => {
        const text = texts[at]?.text ?? '';
        const words = distinctWords(text);
        return { exampleId: id, contentHash, textHash: sha256(text), intent, words, wordCount: words.length };
      });
      await executor
        .insert(exampleTexts)
        .values(rows)
        .onConflictDoUpdate({
          target: exampleTexts.exampleId,
          set: {
            contentHash: sql`excluded.content_hash`,
            textHash: sql`excluded.text_hash`,
            intent: sql`excluded.intent`,
            words: sql`excluded.words`,
            wordCount: sql`excluded.word_count`,
          },
        });
      return rows;
    });
    last = batch.at(-1)?.exampleId;
    if (last === undefined) return;
    options.onBatch?.(batch.length);
  }
}
