import { and, eq, gt, isNull, lte, or, sql } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { cursors } from './schema.ts';
import type { CursorStore, StoredCursor } from './store.ts';

const columns = {
  connector: cursors.connector,
  connectedAt: cursors.connectedAt,
  cursor: cursors.cursor,
  polledAt: cursors.polledAt,
  dueAt: cursors.dueAt,
  pauseMs: cursors.pauseMs,
  isAtEnd: cursors.isAtEnd,
} satisfies Record<keyof StoredCursor, unknown>;

export function createCursorStore(executor: Executor): CursorStore {
  return {
    all: () => executor.select(columns).from(cursors).orderBy(cursors.connector),

    async connect({ connectors, now, isAlone = false }) {
      if (isAlone) await executor.update(cursors).set({ holder: null, heldUntil: null });
      if (connectors.length === 0) return;
      const at = now.toISOString();
      await executor
        .insert(cursors)
        .values(connectors.map((connector) => ({ connector, connectedAt: at, dueAt: at })))
        .onConflictDoUpdate({
          target: cursors.connector,
          set: { connectedAt: at },
          setWhere: gt(cursors.connectedAt, at),
        });
    },

    async get(connector) {
      const [row] = await executor.select(columns).from(cursors).where(eq(cursors.connector, connector));
      return row ?? null;
    },

    async hold({ connector, holder, now, until, latest }) {
      const at = now.toISOString();
      const isOver = (moment: typeof cursors.dueAt | typeof cursors.heldUntil) =>
        or(lte(moment, at), gt(moment, latest.toISOString()));
      const [row] = await executor
        .update(cursors)
        .set({ holder, heldUntil: until.toISOString() })
        .where(
          and(
            eq(cursors.connector, connector),
            isOver(cursors.dueAt),
            or(isNull(cursors.heldUntil), isOver(cursors.heldUntil)),
          ),
        )
        .returning(columns);
      return row ?? null;
    },

    async save({ connector, holder, cursor, isAtEnd, now, dueAt, pauseMs, until }) {
      const rows = await executor
        .update(cursors)
        .set({
          cursor,
          isAtEnd,
          pauseMs,
          polledAt: now.toISOString(),
          dueAt: dueAt.toISOString(),
          heldUntil: until?.toISOString() ?? null,
          holder: until === null ? null : sql`${cursors.holder}`,
        })
        .where(and(eq(cursors.connector, connector), eq(cursors.holder, holder)))
        .returning({ connector: cursors.connector });
      return rows.length > 0;
    },

    async free({ connector, holder }) {
      await executor
        .update(cursors)
        .set({ heldUntil: null, holder: null })
        .where(and(eq(cursors.connector, connector), eq(cursors.holder, holder)));
    },
  };
}
