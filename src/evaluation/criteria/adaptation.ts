import { count } from '../../base/plural.ts';
import { say, sayAll } from '../../base/say.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent } from '../score/format-figures.ts';
import { sayShare } from '../score/say-share.ts';
import { countCorrect, failedIds, isInScope } from '../score/scored-ticket.ts';
import type { Criterion } from './criterion.ts';

/** How many tickets of each withheld intent are learned from, in successive steps. */
export const ADAPTATION_SIZES = [0, 5, 10, 25, 50, 100] as const;
const LARGEST = 100;

export const adaptation: Criterion = {
  id: 'adaptation',
  title: 'Adaptation',
  measures: 'Accuracy on intents that were new, after learning from up to 100 tickets of each',
  target: 0.9,
  better: 'higher',
  unit: 'share',
  measure({ adaptation: found }) {
    if ('why' in found) return { measured: false, n: 0, why: found.why };
    const curve = found.steps.map(({ tickets, scored }) => {
      const inScope = scored.filter(isInScope);
      return {
        tickets,
        scored: inScope,
        ...wilsonInterval({ successes: countCorrect(inScope), count: inScope.length }),
      };
    });
    const last = curve.at(-1);
    if (last?.value === undefined)
      return {
        ...{ measured: false, n: 0 },
        why: say('criterion.none-withheld', 'No ticket of a withheld intent was answered.'),
      };
    // A later drop does not count: a team would keep the best model so far.
    const reached = curve.find(({ value }) => value !== undefined && value >= this.target);
    const best = curve.reduce((a, b) => ((b.value ?? 0) >= (a.value ?? 0) ? b : a));
    const points = curve.map(({ tickets, value }) =>
      value === undefined
        ? say('criterion.no-point', `${tickets}: –`, { tickets })
        : say('criterion.point', `${tickets}: ${percent(value)}`, { tickets, value }),
    );
    const shown = `accuracy by number of tickets learned from: ${points.map(({ text }) => text).join(', ')}.`;
    const n = found.intents.length;
    const intents = found.areNew
      ? say('criterion.learned-new', `${count(n, 'new intent')}, ${shown}`, { count: n, points })
      : say('criterion.learned-withheld', `${count(n, 'intent')} withheld, ${shown}`, { count: n, points });
    const details = {
      intents: found.intents,
      reachedAt: reached?.tickets ?? null,
      curve: curve.map(({ tickets, value, low, high, scored }) => ({ tickets, value, low, high, n: scored.length })),
    };
    if (reached === undefined && found.available < LARGEST) {
      const tooFew = say(
        'criterion.too-few-to-learn',
        `${percent(this.target)} is not reached, and there are only ${count(found.available, 'ticket')} of each to learn from; ${LARGEST} are needed before it counts as missed.`,
        { target: this.target, available: found.available, needed: LARGEST },
      );
      const why = sayAll([intents, tooFew]);
      return { measured: false, n: last.scored.length, why, details };
    }
    const verdict =
      reached === undefined
        ? say('criterion.not-reached', `${percent(this.target)} is not reached with ${LARGEST}.`, {
            ...{ target: this.target, tickets: LARGEST },
          })
        : say('criterion.reached', `${percent(this.target)} is reached with ${reached.tickets}.`, {
            ...{ target: this.target, tickets: reached.tickets },
          });
    const share = sayShare({ value: best.value ?? 0, low: best.low ?? null, high: best.high ?? null });
    return {
      measured: true,
      value: best.value ?? 0,
      low: best.low ?? null,
      high: best.high ?? null,
      n: best.scored.length,
      why: sayAll([intents, verdict, say('criterion.best', `Best: ${share.text}.`, { share })]),
      failed: failedIds(best.scored),
      details,
    };
  },
};
