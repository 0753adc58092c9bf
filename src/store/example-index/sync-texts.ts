import { and, eq, inArray, notExists, sql } from 'drizzle-orm';
import { sha256 } from '../../base/hash.ts';
import { ticketTextsInTurns } from '../../ticket/ticket-text.ts';
import { examples, exampleTexts } from '../schema.ts';
import type { Store } from '../store.ts';
import { distinctWords } from './example-words.ts';

/** Rows of one transaction; keeps a statement far below PostgreSQL's 65,535 parameters. */
const BATCH = 500;

/**
 * Brings the words of the examples up to date: of all of them, or of `ids`. Each batch is committed by itself, so that
 * what was done before a crash is not done again.
 */
export async function syncTexts(options: {
  store: Pick<Store, 'transaction'>;
  ids?: readonly string[];
  /** Hears how many rows each batch brought up to date. */
  onBatch?: (count: number) => void;
}): Promise<void> {
  const { store, ids } = options;
  for (;;) {
    const count = await store.transaction(async ({ executor }) => {
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
            notExists(current),
            ids === undefined ? undefined : inArray(examples.id, [...ids]),
          ),
        )
        .limit(BATCH)
        // One that is removed meanwhile leaves nothing here.
        .for('share');
      if (outdated.length === 0) return 0;
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
      return rows.length;
    });
    if (count === 0) return;
    options.onBatch?.(count);
  }
}
