import { eq } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { releases } from './schema.ts';
import type { ReleaseStore } from './store.ts';

export function createReleaseStore(executor: Executor): ReleaseStore {
  return {
    async save({ id, content }) {
      await executor.insert(releases).values({ id, content }).onConflictDoNothing();
    },

    async get(id) {
      const [row] = await executor
        .select({ id: releases.id, content: releases.content })
        .from(releases)
        .where(eq(releases.id, id));
      return row ?? null;
    },
  };
}
