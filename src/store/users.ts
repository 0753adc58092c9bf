import { and, asc, eq, getTableColumns, gt, isNull, sql } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { users } from './schema.ts';
import type { UserStore } from './store.ts';

const { removedAt, ...columns } = getTableColumns(users);
const isHere = isNull(removedAt);
const removed = { passwordHash: null, invitationHash: null, invitationExpiresAt: null, lastSeenAt: null };

export function createUserStore(executor: Executor): UserStore {
  return {
    async all() {
      return executor.select(columns).from(users).where(isHere).orderBy(asc(users.id));
    },

    async find(id) {
      const [row] = await executor
        .select(columns)
        .from(users)
        .where(and(eq(users.id, id), isHere));
      return row ?? null;
    },

    async findInvited(invitationHash) {
      const [row] = await executor
        .select(columns)
        .from(users)
        .where(and(eq(users.invitationHash, invitationHash), isHere));
      return row ?? null;
    },

    async add({ user, mayReturn }) {
      const inserting = executor.insert(users).values(user);
      const added = mayReturn
        ? await inserting
            .onConflictDoUpdate({
              target: users.id,
              set: { ...removed, ...user, removedAt: null, createdAt: sql`clock_timestamp()` },
              setWhere: sql`${users.removedAt} is not null`,
            })
            .returning({ id: users.id })
        : await inserting.onConflictDoNothing({ target: users.id }).returning({ id: users.id });
      return added.length > 0;
    },

    async change(id, changes) {
      const [row] = await executor
        .update(users)
        .set(changes)
        .where(and(eq(users.id, id), isHere))
        .returning(columns);
      return row ?? null;
    },

    async acceptInvitation({ invitationHash, passwordHash, now }) {
      const [row] = await executor
        .update(users)
        .set({ passwordHash, invitationHash: null, invitationExpiresAt: null })
        .where(and(eq(users.invitationHash, invitationHash), gt(users.invitationExpiresAt, now.toISOString()), isHere))
        .returning(columns);
      return row ?? null;
    },

    async remove(id) {
      const gone = await executor
        .update(users)
        .set({ ...removed, name: '', removedAt: sql`clock_timestamp()` })
        .where(and(eq(users.id, id), isHere))
        .returning({ id: users.id });
      return gone.length > 0;
    },

    async see(id, at) {
      await executor.update(users).set({ lastSeenAt: at.toISOString() }).where(eq(users.id, id));
    },
  };
}
