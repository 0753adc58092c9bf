import type { Classifier } from '../classifier.ts';
import type { Calibrator } from './calibrations.ts';
import { doubtUncalibrated } from './uncalibrated.ts';

/**
 * An engine whose answers carry calibrated confidence and abstain below what the target needs; before it has been
 * calibrated they abstain where it is less than half sure. `reference` is the other engine that the calibration was
 * fitted with.
 */
export function createCalibratedClassifier(options: {
  classifier: Classifier;
  reference: Classifier;
  calibrator: Calibrator;
}): Classifier {
  const { classifier, reference, calibrator } = options;
  return {
    id: classifier.id,
    async classify(request) {
      // The other engine only says how sure to be: that it fails is no reason to lose the answer.
      const asked = calibrator.isCalibrated ? reference.classify(request).catch(() => null) : null;
      const [answer, other] = await Promise.all([classifier.classify(request), asked]);
      // A fallback's answer was not what the calibration is about, and has its own.
      if (answer.stage === 'local' || answer.stage === 'none') return answer;
      return calibrator.calibrate({ answer, other }) ?? doubtUncalibrated(answer);
    },
    close: async () => {
      await Promise.all([classifier.close?.(), reference.close?.()]);
    },
  };
}
