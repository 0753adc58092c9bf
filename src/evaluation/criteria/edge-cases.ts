import { count, list } from '../../base/plural.ts';
import { type Saying, say, sayAll } from '../../base/say.ts';
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
      const text = 'No ticket is in a slice "edge:…". Mark the hard ones, for example "slices": ["edge:implicit"].';
      const why = say('criterion.no-edges', text);
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
      const counts = slices.map(({ slice, n }) => `${slice}: ${n}`);
      const why = say('criterion.thin-slices', `No slice has ${MIN_TICKETS_PER_SLICE} tickets (${list(counts)}).`, {
        ...{ needed: MIN_TICKETS_PER_SLICE, slices: counts },
      });
      return { measured: false, n: 0, why, details };
    }
    const worst = enough.reduce((a, b) => (b.value < a.value ? b : a));
    const below = enough.filter(({ value }) => value < this.target);
    const thin = slices.filter(({ n }) => n < MIN_TICKETS_PER_SLICE).map(({ slice }) => slice);
    const each = enough.map(({ slice, value, n }) =>
      say('criterion.slice', `${slice}: ${percent(value)} of ${n}`, { slice, value, tickets: n }),
    );
    const parts = [
      say(
        'criterion.slices',
        `${list(
          each.map(({ text }) => text),
          12,
        )}.`,
        { slices: each },
      ),
      slicesBelow({ below: below.length, all: enough.length, target: this.target }),
      ...(thin.length === 0
        ? []
        : [say('criterion.too-thin', `Too few tickets to judge: ${list(thin)}.`, { slices: thin })]),
    ];
    return {
      measured: true,
      value: worst.value,
      low: worst.low,
      high: worst.high,
      n: enough.reduce((sum, { n }) => sum + n, 0),
      why: sayAll(parts),
      failed: [...new Set(below.flatMap(({ failed }) => failed))],
      details,
    };
  },
};

function slicesBelow({ below, all, target }: { below: number; all: number; target: number }): Saying {
  const goal = percent(target);
  if (below > 0) {
    const text = `${below} of ${count(all, 'slice')} ${below === 1 ? 'is' : 'are'} below ${goal}.`;
    return say('criterion.slices-below', text, { count: below, all, target });
  }
  const text = all === 1 ? `The only slice reaches ${goal}.` : `All ${all} slices reach ${goal}.`;
  return say('criterion.slices-reach', text, { count: all, target });
}
