import { list } from '../../base/plural.ts';
import { say } from '../../base/say.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent } from '../score/format-figures.ts';
import { sayShare } from '../score/say-share.ts';
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
      const why = say(
        'criterion.too-few-long',
        `Fewer than ${MIN_LONGER_TICKETS} tickets in scope have more than one sentence: cutting them short would change nothing.`,
        { needed: MIN_LONGER_TICKETS },
      );
      return { measured: false, n: first?.tickets.length ?? 0, why };
    }
    const { value, low = null, high = null } = first;
    const rest = curve
      .slice(1)
      .flatMap(({ sentences, value: later }) =>
        later === undefined
          ? []
          : [
              sentences === null
                ? say('criterion.everything', `everything: ${percent(later)}`, { value: later })
                : say('criterion.sentences', `${sentences} sentences: ${percent(later)}`, { sentences, value: later }),
            ],
      );
    const share = sayShare({ value, low, high });
    return {
      measured: true,
      value,
      low,
      high,
      n: first.tickets.length,
      why: say(
        'criterion.opening',
        `With subject and first sentence only: ${share.text}. With more: ${list(rest.map(({ text }) => text))}.`,
        { share, rest },
      ),
      failed: failedIds(first.tickets),
      details: {
        curve: curve.map(({ tickets, ...point }) => ({ ...point, n: tickets.length })),
      },
    };
  },
};
