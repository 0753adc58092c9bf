import { sql } from '../base/drizzle.ts';
import { anyOf } from './any-of.ts';
import type { Executor } from './database.ts';
import { insertRows } from './insert-rows.ts';
import { places } from './schema.ts';
import type { PlaceStore, StoredPlace } from './store.ts';

const columns = {
  ticketId: places.ticketId,
  place: places.place,
  state: places.state,
  stamp: places.stamp,
  handling: places.handling,
  isInIntake: places.isInIntake,
  readAt: places.readAt,
} satisfies Record<keyof StoredPlace, unknown>;

export function createPlaceStore(executor: Executor): PlaceStore {
  return {
    async getMany(ticketIds) {
      if (ticketIds.length === 0) return new Map();
      const rows = await executor.select(columns).from(places).where(anyOf(places.ticketId, ticketIds));
      return new Map(rows.map((row) => [row.ticketId, row]));
    },

    async saveMany(items) {
      if (items.length === 0) return;
      await executor.execute(sql`${insertRows(places, items)}
        on conflict ("ticket_id") do update set "place" = excluded."place", "state" = excluded."state",
          "stamp" = excluded."stamp", "handling" = excluded."handling", "is_in_intake" = excluded."is_in_intake",
          "read_at" = excluded."read_at"`);
    },
  };
}
