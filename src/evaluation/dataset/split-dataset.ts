import type { LabelledTicket } from '../../ticket/ticket.ts';
import { shuffled } from '../metrics/seeded-random.ts';
import { comparableText, variantGroup } from './drop-leaks.ts';
import { findNearDuplicates } from './near-duplicates.ts';

export type DatasetSplit<Own extends LabelledTicket = LabelledTicket> = {
  readonly train: readonly Own[];
  readonly test: readonly Own[];
};

/**
 * Splits labelled tickets so that nothing leaks: a ticket, its variants, its copies and its near-duplicates are on the
 * same side. Of each intent, about `testShare` goes to the test side, and at least one group to each side if it has two.
 * The same seed and tickets give the same split, whatever their order.
 */
export function splitDataset<Own extends LabelledTicket>(options: {
  readonly tickets: readonly Own[];
  /** Between 0 and 1. */
  readonly testShare: number;
  readonly seed: number;
}): DatasetSplit<Own> {
  const groups = gatherGroups(options.tickets);
  const byIntent = Map.groupBy(groups, (group) => group[0]!.intent ?? '');
  const testIds = new Set<string>();
  for (const [, own] of [...byIntent].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const total = own.reduce((sum, group) => sum + group.length, 0);
    const wanted = total * options.testShare;
    let taken = 0;
    const mixed = shuffled(own, options.seed);
    mixed.forEach((group, i) => {
      const isNearer = Math.abs(taken + group.length - wanted) < Math.abs(taken - wanted);
      const isLast = i === mixed.length - 1;
      const needsOne = isLast && taken === 0 && mixed.length > 1;
      if ((isNearer && !(isLast && taken + group.length === total && mixed.length > 1)) || needsOne) {
        taken += group.length;
        for (const { id } of group) testIds.add(id);
      }
    });
  }
  return {
    train: options.tickets.filter(({ id }) => !testIds.has(id)),
    test: options.tickets.filter(({ id }) => testIds.has(id)),
  };
}

/** Groups tickets that must stay together. The order does not depend on the file. */
function gatherGroups(tickets: readonly LabelledTicket[]): LabelledTicket[][] {
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    const up = parent.get(key) ?? key;
    return up === key ? key : rootOf(up);
  };
  const join = (a: string, b: string) => {
    const [first, second] = [rootOf(a), rootOf(b)].sort();
    if (first !== second) parent.set(second!, first!);
  };
  for (const ticket of tickets) {
    join(`id:${ticket.id}`, `id:${variantGroup(ticket)}`);
    join(`id:${ticket.id}`, `text:${comparableText(ticket)}`);
  }
  for (const { first, second } of findNearDuplicates({ tickets })) join(`id:${first}`, `id:${second}`);
  const sorted = tickets.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [...Map.groupBy(sorted, ({ id }) => rootOf(`id:${id}`)).values()];
}
