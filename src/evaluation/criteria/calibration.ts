import { count } from '../../base/plural.ts';
import { say, sayAll } from '../../base/say.ts';
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
      const why = say(
        'criterion.too-few-to-calibrate',
        `There ${answers.length === 1 ? 'is' : 'are'} only ${count(answers.length, 'answer')} in scope: ${MIN_ANSWERS} are needed to distinguish an error of ${this.target} from chance.`,
        { count: answers.length, needed: MIN_ANSWERS, target: this.target },
      );
      return { measured: false, n: answers.length, why, details: { bins } };
    }
    const interval = bootstrapInterval({ units: answers, statistic: expectedCalibrationError, seed, resamples: 500 })!;
    const confidence = mean(answers.map((answer) => answer.confidence));
    const accuracy = mean(answers.map(({ correct }) => (correct ? 1 : 0)));
    const { value, low, high } = interval;
    const means = `Mean confidence ${percent(confidence)}, accuracy ${percent(accuracy)}`;
    const parts = [
      say('criterion.error', `Calibration error ${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)}).`, {
        ...{ value, low, high },
      }),
      confidence > accuracy
        ? say('criterion.too-sure', `${means}: surer than it should be.`, { confidence, accuracy })
        : say('criterion.not-sure', `${means}: less sure than it could be.`, { confidence, accuracy }),
      ...(value > this.target
        ? [say('criterion.calibrate', "'switchboard calibrate' fits confidence on labelled tickets.")]
        : []),
    ];
    return {
      measured: true,
      value: interval.value,
      // Resampling adds noise to this figure, so the interval may lie above the value.
      low: Math.min(interval.value, interval.low),
      high: Math.max(interval.value, interval.high),
      n: answers.length,
      why: sayAll(parts),
      details: { bins, meanConfidence: confidence },
    };
  },
};
