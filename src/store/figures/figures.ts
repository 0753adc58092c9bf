import { z } from 'zod';
import { sql } from '../../base/drizzle.ts';
import type { Executor } from '../database.ts';
import { ticketFacts } from '../schema.ts';
import type { CountedField, FigureStore } from '../store.ts';
import { readCorrections } from './corrections.ts';
import { conditionsOf } from './counted-tickets.ts';
import { readSeries } from './series.ts';

const countsSchema = z.array(z.object({ value: z.string().nullable(), count: z.number() }));
const costSchema = z.object({ tickets: z.number(), usd: z.number() });

const columns = {
  team: ticketFacts.team,
  intent: ticketFacts.intent,
  stage: ticketFacts.stage,
  language: ticketFacts.language,
  mode: ticketFacts.mode,
  connector: ticketFacts.connector,
  abstained: ticketFacts.abstained,
  state: ticketFacts.state,
  priority: ticketFacts.priority,
} satisfies Record<CountedField, unknown>;

/** `rowsAtOnce`: how many tickets one statement reads at most; null where a long statement holds up nothing. */
export function createFigureStore(executor: Executor, rowsAtOnce: number | null): FigureStore {
  return {
    async counts({ by, ...tickets }) {
      const totals = new Map<string | null, number>();
      for await (const condition of conditionsOf(executor, tickets, rowsAtOnce)) {
        const column = columns[by];
        const { rows } = await executor.execute(
          sql`select ${column}::text as value, count(*)::int as count from ${ticketFacts} where ${condition} group by 1`,
        );
        for (const { value, count } of countsSchema.parse(rows)) totals.set(value, (totals.get(value) ?? 0) + count);
      }
      return totals;
    },

    series: (request) => readSeries(executor, request, rowsAtOnce),

    corrections: (request) => readCorrections(executor, request),

    async cost(tickets) {
      let total = { tickets: 0, usd: 0 };
      for await (const condition of conditionsOf(executor, tickets, rowsAtOnce)) {
        const { rows } = await executor.execute(sql`
          select count(*) filter (where ${ticketFacts.state} = 'decided')::int as tickets,
            coalesce(sum(${ticketFacts.costUsd}), 0)::float8 as usd
          from ${ticketFacts} where ${condition}`);
        const piece = costSchema.parse(rows[0]);
        total = { tickets: total.tickets + piece.tickets, usd: total.usd + piece.usd };
      }
      return total;
    },
  };
}
