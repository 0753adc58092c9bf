import { list } from '../../base/plural.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent, percentWithInterval } from '../score/format-figures.ts';
import { countCorrect, failedIds, isInScope } from '../score/scored-ticket.ts';
import type { Criterion } from './criterion.ts';

/** With fewer tickets of more than one sentence, the figure is not reliable. */
export const MIN_LONGER_TICKETS = 20;

export const promptEfficiency: Criterion = {
  id: 'prompt-efficiency',
  title: 'Prompt efficiency',
  measures: 'Accuracy with the subject and the first sentence only',
  target: 0.9,
  better: 'higher',
  unit: 'share',
  measure({ openings }) {
    const curve = openings.map(({ sentences, scored }) => {
      const inScope = scored.filter(isInScope);
      return {
        sentences,
        tickets: inScope,
        ...wilsonInterval({ successes: countCorrect(inScope), count: inScope.length }),
      };
    });
    const first = curve[0];
    if (first === undefined || first.value === undefined || first.tickets.length < MIN_LONGER_TICKETS) {
      const why = `Fewer than ${MIN_LONGER_TICKETS} tickets in scope have more than one sentence: cutting them short would change nothing.`;
      return { measured: false, n: first?.tickets.length ?? 0, why };
    }
    const { value, low = null, high = null } = first;
    const rest = curve
      .slice(1)
      .flatMap(({ sentences, value: later }) =>
        later === undefined
          ? []
          : [`${sentences === null ? 'everything' : `${sentences} sentences`}: ${percent(later)}`],
      );
    return {
      measured: true,
      value,
      low,
      high,
      n: first.tickets.length,
      why: `With subject and first sentence only: ${percentWithInterval({ value, low, high })}. With more: ${list(rest)}.`,
      failed: failedIds(first.tickets),
      details: {
        curve: curve.map(({ tickets, ...point }) => ({ ...point, n: tickets.length })),
      },
    };
  },
};
