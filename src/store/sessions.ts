import { eq, lt } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { sessions } from './schema.ts';
import type { SessionStore, StoredSession } from './store.ts';

const columns = {
  hash: sessions.hash,
  actor: sessions.actor,
  tokenFingerprint: sessions.tokenFingerprint,
  expiresAt: sessions.expiresAt,
} satisfies Record<keyof StoredSession, unknown>;

export function createSessionStore(executor: Executor): SessionStore {
  return {
    async add(session) {
      await executor.insert(sessions).values(session);
    },

    async find(hash) {
      const [row] = await executor.select(columns).from(sessions).where(eq(sessions.hash, hash));
      return row ?? null;
    },

    async remove(hash) {
      await executor.delete(sessions).where(eq(sessions.hash, hash));
    },

    async removeExpired(now) {
      await executor.delete(sessions).where(lt(sessions.expiresAt, now.toISOString()));
    },
  };
}
