import { count } from '../../base/plural.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent, percentWithInterval } from '../score/format-figures.ts';
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
          ? 'The data set has no answered ticket in scope.'
          : `The engine was sure enough of ${live.length} of ${count(inScope.length, 'answer')}; ${MIN_ANSWERS} are needed to measure its precision. Add tickets to the data set, or examples to make the engine more sure.`;
      // With enough tickets, an engine that answers more can be measured on them.
      const isEngine = inScope.length >= MIN_ANSWERS;
      return { measured: false, ...(isEngine && { needs: 'engine' }), n: live.length, why, details };
    }
    const accepted = outside.filter(({ classification }) => !classification?.abstained);
    const parts = [
      `It answered ${percent(coverage)} of ${count(inScope.length, 'ticket')}, and ${percentWithInterval(precision)} of those answers are right.`,
      scope === null
        ? 'The data set has no out-of-scope tickets ("intent": null, "outOfScope": true) to show whether the engine turns those away.'
        : `It turned away ${percent(scope.rejected)} of ${count(scope.count, 'out-of-scope ticket')}.`,
    ];
    return {
      measured: true,
      ...precision,
      n: live.length,
      why: parts.join(' '),
      failed: [...failedIds(live), ...accepted.map(({ ticket }) => ticket.id)],
      details,
    };
  },
};
