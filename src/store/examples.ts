import { asc, count, gte, inArray, sql } from 'drizzle-orm';
import { sha256 } from '../base/hash.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
import { EXAMPLES_CHANNEL, type Executor } from './database.ts';
import { examples } from './schema.ts';
import { storable } from './storable.ts';
import type { ExampleChanges, ExampleStore, StoredExample } from './store.ts';

/** Rows of one statement; keeps it far below PostgreSQL's 65,535 parameters. */
const CHUNK = 500;

export function createExampleStore(executor: Executor): ExampleStore {
  const upsert = async (items: readonly StoredExample[]): Promise<ExampleChanges> => {
    let changed = 0;
    let unchanged = 0;
    const rows = [...lastById(items).values()].map(({ example, source }) => {
      const value = storable(example);
      return { id: example.id, intent: example.intent, source, contentHash: hashOf(value), example: value };
    });
    for (let start = 0; start < rows.length; start += CHUNK) {
      const chunk = rows.slice(start, start + CHUNK);
      const known = await executor
        .select({ id: examples.id, contentHash: examples.contentHash, source: examples.source })
        .from(examples)
        .where(
          inArray(
            examples.id,
            chunk.map((row) => row.id),
          ),
        );
      const knownById = new Map(known.map((row) => [row.id, row]));
      const news = chunk.filter((row) => {
        const before = knownById.get(row.id);
        const same = before?.contentHash === row.contentHash && before.source === row.source;
        if (same) unchanged++;
        else if (before !== undefined) changed++;
        return !same;
      });
      if (news.length === 0) continue;
      await executor
        .insert(examples)
        .values(news)
        .onConflictDoUpdate({
          target: examples.id,
          set: {
            intent: sql`excluded.intent`,
            source: sql`excluded.source`,
            contentHash: sql`excluded.content_hash`,
            example: sql`excluded.example`,
            updatedAt: sql`clock_timestamp()`,
          },
        });
      // Heard at the commit, once however often it is said in the transaction.
      await executor.execute(sql`select pg_notify(${EXAMPLES_CHANNEL}, '')`);
    }
    return { added: rows.length - changed - unchanged, changed, unchanged };
  };

  const remove = async (ids: readonly string[]): Promise<number> => {
    let removed = 0;
    for (let start = 0; start < ids.length; start += CHUNK) {
      const rows = await executor
        .delete(examples)
        .where(inArray(examples.id, ids.slice(start, start + CHUNK)))
        .returning({ id: examples.id });
      removed += rows.length;
    }
    return removed;
  };

  return {
    async all() {
      return executor
        .select({ example: examples.example, source: examples.source })
        .from(examples)
        .orderBy(asc(examples.id));
    },

    async find(ids) {
      if (ids.length === 0) return [];
      return executor
        .select({ example: examples.example, source: examples.source })
        .from(examples)
        .where(inArray(examples.id, [...ids]))
        .orderBy(asc(examples.id));
    },

    async changedSince(moment) {
      return executor
        .select({ example: examples.example, source: examples.source })
        .from(examples)
        .where(gte(examples.updatedAt, moment.toISOString()))
        .orderBy(asc(examples.id));
    },

    async count() {
      const [row] = await executor.select({ examples: count().mapWith(Number) }).from(examples);
      return row?.examples ?? 0;
    },

    upsert,

    async syncFile(fileExamples) {
      const stored = await executor.select({ id: examples.id, source: examples.source }).from(examples);
      const keptIds = new Set(stored.filter((row) => row.source !== 'file').map((row) => row.id));
      const fileIds = new Set(fileExamples.map((example) => example.id));
      const gone = stored.filter((row) => row.source === 'file' && !fileIds.has(row.id)).map((row) => row.id);
      const removed = await remove(gone);
      const changes = await upsert(
        fileExamples
          .filter((example: Example) => !keptIds.has(example.id))
          .map((example) => ({ example, source: 'file' as const })),
      );
      return { ...changes, removed };
    },

    remove,
  };
}

function lastById(items: readonly StoredExample[]): Map<string, StoredExample> {
  return new Map(items.map((item) => [item.example.id, item]));
}

function hashOf(example: Example): string {
  return sha256(JSON.stringify(example));
}
