import { asc, eq, getTableColumns, or } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { tokens } from './schema.ts';
import type { TokenStore } from './store.ts';

const columns = getTableColumns(tokens);

export function createTokenStore(executor: Executor): TokenStore {
  return {
    async all() {
      return executor.select(columns).from(tokens).orderBy(asc(tokens.name));
    },

    async findByHash(hash) {
      const [row] = await executor.select(columns).from(tokens).where(eq(tokens.hash, hash));
      return row ?? null;
    },

    async findByName(name) {
      const [row] = await executor.select(columns).from(tokens).where(eq(tokens.name, name));
      return row ?? null;
    },

    async add(token) {
      const added = await executor
        .insert(tokens)
        .values(token)
        .onConflictDoNothing({ target: tokens.name })
        .returning({ id: tokens.id });
      return added.length > 0;
    },

    async remove(idOrName) {
      const [row] = await executor
        .delete(tokens)
        .where(or(eq(tokens.id, idOrName), eq(tokens.name, idOrName)))
        .returning(columns);
      return row ?? null;
    },

    async use(id, at) {
      await executor.update(tokens).set({ lastUsedAt: at.toISOString() }).where(eq(tokens.id, id));
    },
  };
}
