import { count, list } from '../../base/plural.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent } from '../score/format-figures.ts';
import { isHandled } from '../score/scored-ticket.ts';
import type { Criterion } from './criterion.ts';
import { edgeSlices } from './evidence.ts';

/** Slices with fewer tickets are listed but not judged. */
const MIN_TICKETS_PER_SLICE = 5;

export const edgeCases: Criterion = {
  id: 'edge-cases',
  title: 'Edge cases',
  measures: 'Accuracy on the hardest slice "edge:…"',
  target: 0.8,
  better: 'higher',
  unit: 'share',
  measure({ main }) {
    const answered = main.filter(({ classification }) => classification !== null);
    const names = [...new Set(answered.flatMap(edgeSlices))].sort();
    if (names.length === 0) {
      const why = 'No ticket is in a slice "edge:…". Mark the hard ones, for example "slices": ["edge:implicit"].';
      return { measured: false, n: 0, why };
    }
    const slices = names.map((slice) => {
      const tickets = answered.filter((scored) => edgeSlices(scored).includes(slice));
      const right = tickets.filter(isHandled).length;
      const failed = tickets.filter((scored) => !isHandled(scored)).map(({ ticket }) => ticket.id);
      return { slice, n: tickets.length, failed, ...wilsonInterval({ successes: right, count: tickets.length })! };
    });
    const enough = slices.filter(({ n }) => n >= MIN_TICKETS_PER_SLICE);
    const details = { slices: slices.map(({ failed: _, ...slice }) => slice) };
    if (enough.length === 0) {
      const why = `No slice has ${MIN_TICKETS_PER_SLICE} tickets (${list(slices.map(({ slice, n }) => `${slice}: ${n}`))}).`;
      return { measured: false, n: 0, why, details };
    }
    const worst = enough.reduce((a, b) => (b.value < a.value ? b : a));
    const below = enough.filter(({ value }) => value < this.target);
    const verdict =
      below.length === 0
        ? `${enough.length === 1 ? 'The only slice reaches' : `All ${enough.length} slices reach`} ${percent(this.target)}.`
        : `${below.length} of ${count(enough.length, 'slice')} ${below.length === 1 ? 'is' : 'are'} below ${percent(this.target)}.`;
    const thin = slices.filter(({ n }) => n < MIN_TICKETS_PER_SLICE).map(({ slice }) => slice);
    const parts = [
      `${list(
        enough.map(({ slice, value, n }) => `${slice}: ${percent(value)} of ${n}`),
        12,
      )}.`,
      verdict,
      ...(thin.length === 0 ? [] : [`Too few tickets to judge: ${list(thin)}.`]),
    ];
    return {
      measured: true,
      value: worst.value,
      low: worst.low,
      high: worst.high,
      n: enough.reduce((sum, { n }) => sum + n, 0),
      why: parts.join(' '),
      failed: [...new Set(below.flatMap(({ failed }) => failed))],
      details,
    };
  },
};
