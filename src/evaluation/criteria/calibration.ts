import { count } from '../../base/plural.ts';
import { bootstrapInterval } from '../metrics/bootstrap-interval.ts';
import { CALIBRATION_BINS, expectedCalibrationError, reliabilityBins } from '../metrics/calibration-error.ts';
import { mean } from '../metrics/percentile.ts';
import { percent } from '../score/format-figures.ts';
import { isInScope } from '../score/scored-ticket.ts';
import { sureAnswer } from '../score/summarise.ts';
import type { Criterion } from './criterion.ts';

/** With fewer answers, chance alone puts even a perfectly calibrated engine above the target most of the time. */
const MIN_ANSWERS = 100;

export const calibration: Criterion = {
  id: 'calibration',
  title: 'Calibration',
  measures: `Expected calibration error, ${CALIBRATION_BINS} bins`,
  target: 0.03,
  better: 'lower',
  unit: 'error',
  measure({ main, seed }) {
    const answers = main.filter(isInScope).map(sureAnswer);
    const bins = reliabilityBins(answers);
    if (answers.length < MIN_ANSWERS) {
      const why = `There ${answers.length === 1 ? 'is' : 'are'} only ${count(answers.length, 'answer')} in scope: ${MIN_ANSWERS} are needed to distinguish an error of ${this.target} from chance.`;
      return { measured: false, n: answers.length, why, details: { bins } };
    }
    const interval = bootstrapInterval({ units: answers, statistic: expectedCalibrationError, seed, resamples: 500 })!;
    const confidence = mean(answers.map((answer) => answer.confidence));
    const accuracy = mean(answers.map(({ correct }) => (correct ? 1 : 0)));
    const direction = confidence > accuracy ? 'surer than it should be' : 'less sure than it could be';
    const parts = [
      `Calibration error ${interval.value.toFixed(3)} (${interval.low.toFixed(3)}–${interval.high.toFixed(3)}).`,
      `Mean confidence ${percent(confidence)}, accuracy ${percent(accuracy)}: ${direction}.`,
      ...(interval.value > this.target ? ["'switchboard calibrate' fits confidence on labelled tickets."] : []),
    ];
    return {
      measured: true,
      value: interval.value,
      // Resampling adds noise to this figure, so the interval may lie above the value.
      low: Math.min(interval.value, interval.low),
      high: Math.max(interval.value, interval.high),
      n: answers.length,
      why: parts.join(' '),
      details: { bins, meanConfidence: confidence },
    };
  },
};
