import { count } from '../../base/plural.ts';
import { say, sayAll } from '../../base/say.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent } from '../score/format-figures.ts';
import { sayShare } from '../score/say-share.ts';
import { countCorrect, failedIds, isInScope, isOutOfScope } from '../score/scored-ticket.ts';
import { outOfScope } from '../score/summarise.ts';
import type { Criterion } from './criterion.ts';

/** With fewer answers, their precision is not reliable. */
const MIN_ANSWERS = 20;

export const abstention: Criterion = {
  id: 'abstention',
  title: 'Knowing when not to answer',
  measures: 'Share of right answers among those that it was sure enough of, to tickets in scope',
  target: 0.95,
  better: 'higher',
  unit: 'share',
  measure({ main }) {
    const inScope = main.filter(isInScope);
    const live = inScope.filter(({ classification }) => !classification.abstained);
    const precision = wilsonInterval({ successes: countCorrect(live), count: live.length });
    const outside = main.filter(isOutOfScope);
    const scope = outOfScope(inScope, outside);
    const coverage = inScope.length === 0 ? 0 : live.length / inScope.length;
    const details = { coverage, outOfScope: scope };
    if (precision === null || live.length < MIN_ANSWERS) {
      const why =
        inScope.length === 0
          ? say('criterion.nothing-answered', 'The data set has no answered ticket in scope.')
          : say(
              'criterion.too-few-sure',
              `The engine was sure enough of ${live.length} of ${count(inScope.length, 'answer')}; ${MIN_ANSWERS} are needed to measure its precision. Add tickets to the data set, or examples to make the engine more sure.`,
              { sure: live.length, answers: inScope.length, needed: MIN_ANSWERS },
            );
      // With enough tickets, an engine that answers more can be measured on them.
      const isEngine = inScope.length >= MIN_ANSWERS;
      return { measured: false, ...(isEngine && { needs: 'engine' }), n: live.length, why, details };
    }
    const accepted = outside.filter(({ classification }) => !classification?.abstained);
    const share = sayShare(precision);
    const parts = [
      say(
        'criterion.answered',
        `It answered ${percent(coverage)} of ${count(inScope.length, 'ticket')}, and ${share.text} of those answers are right.`,
        { coverage, tickets: inScope.length, share },
      ),
      scope === null
        ? say(
            'criterion.none-outside',
            'The data set has no out-of-scope tickets ("intent": null, "outOfScope": true) to show whether the engine turns those away.',
          )
        : say(
            'criterion.turned-away',
            `It turned away ${percent(scope.rejected)} of ${count(scope.count, 'out-of-scope ticket')}.`,
            { share: scope.rejected, count: scope.count },
          ),
    ];
    return {
      measured: true,
      ...precision,
      n: live.length,
      why: sayAll(parts),
      failed: [...failedIds(live), ...accepted.map(({ ticket }) => ticket.id)],
      details,
    };
  },
};
