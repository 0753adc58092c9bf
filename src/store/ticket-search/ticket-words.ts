import { z } from 'zod';
import { sql } from '../../base/drizzle.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import type { Executor } from '../database.ts';
import { storableText } from '../storable.ts';
import type { WordStore } from '../store.ts';

/** The columns that are read here; the ticket was checked when it was stored. */
const dueSchema = z.array(
  z.object({ position: z.coerce.number(), revision: z.number(), ticket: z.custom<Ticket>((value) => value !== null) }),
);

export function createWordStore(executor: Executor): WordStore {
  return {
    async due(limit) {
      const { rows } = await executor.execute(sql`
        select w.position, w.revision, t.ticket
        from switchboard.ticket_words w join switchboard.tickets t on t.position = w.position
        where w.words is null order by w.position desc nulls first limit ${limit} for update of w skip locked`);
      return dueSchema.parse(rows);
    },

    async save(items) {
      if (items.length === 0) return;
      const rows = items.map(({ position, revision, words }) => ({
        ...{ position, revision },
        words: words.map(storableText),
      }));
      await executor.execute(sql`
        update switchboard.ticket_words w
        set words = array_to_tsvector(array(select jsonb_array_elements_text(entry.words)))
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
          as entry (position bigint, revision integer, words jsonb)
        where w.position = entry.position and w.revision = entry.revision`);
    },

    async tidy() {
      await executor.execute(sql`select gin_clean_pending_list('switchboard.ticket_words_words'::regclass)`);
    },
  };
}
