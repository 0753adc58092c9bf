import { count } from '../../base/plural.ts';
import { say, sayAll } from '../../base/say.ts';
import { percentile } from '../metrics/percentile.ts';
import { percentileInterval } from '../metrics/percentile-interval.ts';
import { duration } from '../score/format-figures.ts';
import type { Criterion } from './criterion.ts';

/** With fewer answers, the 95th percentile is simply the slowest one. */
const MIN_ANSWERS = 20;
/** How many of the slowest tickets are listed. */
const SLOWEST_SHOWN = 20;

export const responseTime: Criterion = {
  id: 'response-time',
  title: 'Response time',
  measures: '95th percentile of the time to an answer',
  target: 3_000,
  better: 'lower',
  unit: 'milliseconds',
  measure({ main }) {
    // A ticket that timed out took at least as long as the limit, so it counts with that time.
    const timed = main.flatMap(({ ticket, answer }) =>
      answer.elapsedMs !== null && (answer.outcome === 'answered' || answer.outcome === 'timeout')
        ? [{ id: ticket.id, elapsedMs: answer.elapsedMs }]
        : [],
    );
    const times = timed.map(({ elapsedMs }) => elapsedMs);
    if (times.length < MIN_ANSWERS) {
      return {
        measured: false,
        n: times.length,
        why: say(
          'criterion.too-few-timed',
          `There ${times.length === 1 ? 'is' : 'are'} only ${count(times.length, 'answer')} with a time: ${MIN_ANSWERS} are needed.`,
          { count: times.length, needed: MIN_ANSWERS },
        ),
      };
    }
    const interval = percentileInterval(times, 0.95)!;
    const p50 = percentile(times, 0.5)!;
    const p99 = percentile(times, 0.99)!;
    const slow = timed.filter(({ elapsedMs }) => elapsedMs > this.target).sort((a, b) => b.elapsedMs - a.elapsedMs);
    const timeouts = main.filter(({ answer }) => answer.outcome === 'timeout').length;
    return {
      measured: true,
      ...interval,
      n: times.length,
      why: sayAll([
        say(
          'criterion.times',
          `Half of the answers came within ${duration(p50)}, 95 % within ${duration(interval.value)}, 99 % within ${duration(p99)}.`,
          { p50, p95: interval.value, p99 },
        ),
        ...(timeouts === 0
          ? []
          : [
              say('criterion.timeouts', `${timeouts} did not come before the time limit, and count with that time.`, {
                count: timeouts,
              }),
            ]),
      ]),
      failed: slow.slice(0, SLOWEST_SHOWN).map(({ id }) => id),
      details: { p50, p95: interval.value, p99, timeouts },
    };
  },
};
