import type { Classifier } from '../classifier.ts';
import type { ConfidenceTarget } from './confidence-target.ts';
import { calibrateAnswer, type EngineCalibration, thresholdsOf } from './engine-calibration.ts';

/**
 * An engine whose answers carry calibrated confidence and abstain below what the target needs. `reference` is the other
 * engine that the calibration was fitted with; null when it was fitted without one.
 */
export function createCalibratedClassifier(options: {
  classifier: Classifier;
  reference: Classifier | null;
  calibration: EngineCalibration;
  target: ConfidenceTarget;
}): Classifier {
  const { classifier, reference, calibration, target } = options;
  const thresholds = thresholdsOf(calibration, target);
  return {
    id: classifier.id,
    async classify(request) {
      // The other engine only says how sure to be: that it fails is no reason to lose the answer.
      const asked = reference?.classify(request).catch(() => null) ?? null;
      const [answer, other] = await Promise.all([classifier.classify(request), asked]);
      // A fallback's answer was not what the calibration is about, and has its own.
      const isOwn = answer.stage === calibration.engine || answer.stage === 'second-opinion';
      return isOwn ? calibrateAnswer({ answer, other, calibration, thresholds }) : answer;
    },
    close: async () => {
      await Promise.all([classifier.close?.(), reference?.close?.()]);
    },
  };
}
