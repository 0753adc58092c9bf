import type { Executor } from './database.ts';
import type { HistoryFacts } from './history-facts.ts';
import { counters } from './schema.ts';
import type { Counter, CounterStore, NewHistoryEntry } from './store.ts';

export function createCounterStore(executor: Executor): CounterStore {
  return {
    async all() {
      const rows = await executor.select().from(counters).orderBy(counters.name, counters.labels);
      return rows.map(({ labels, ...counter }) => ({ ...counter, labels: JSON.parse(labels) as Counter['labels'] }));
    },
  };
}

/** How much new history entries add to each counter. */
export function countHistory(entries: readonly NewHistoryEntry[]): { name: string; labels: string; value: number }[] {
  const totals = new Map<string, { name: string; labels: string; value: number }>();
  const add = (name: string, labels: Counter['labels'], value = 1) => {
    const text = JSON.stringify(labels);
    const key = `${name} ${text}`;
    const total = totals.get(key) ?? { name, labels: text, value: 0 };
    totals.set(key, { ...total, value: total.value + value });
  };
  for (const { event, facts } of entries) {
    add('events', { event });
    if (event === 'accepted') add('tickets', {});
    // Erasures have their own counter, because totals never fall. The event name determines the type of `facts`.
    if (event === 'tickets-erased') add('tickets-erased', {}, (facts as HistoryFacts<'tickets-erased'>).tickets);
    if (event !== 'decided') continue;
    // The event name determines the type of `facts`.
    const { intent, team, stage, model, abstained, costUsd } = facts as HistoryFacts<'decided'>;
    const engine = { stage, model: model ?? '' };
    add('decisions', { ...engine, team, intent: intent ?? '', abstained: String(abstained) });
    if (costUsd > 0) add('decision-cost-usd', engine, costUsd);
  }
  // All writers use the same order, so that they wait for each other and do not deadlock.
  return [...totals.values()].sort((a, b) => (a.name + a.labels < b.name + b.labels ? -1 : 1));
}
