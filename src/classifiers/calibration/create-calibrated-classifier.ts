import type { Classifier } from '../classifier.ts';
import type { Calibrator } from './calibrations.ts';

/**
 * Wraps an engine: its answers get a calibrated confidence and abstain where that is below the threshold of the target.
 * While there is no calibration, they abstain where their own confidence is below the target. `reference` is the embedded
 * engine, whose answers the calibration was fitted with.
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
      // The other engine only helps to estimate the confidence: the answer is not lost when it fails.
      const asked = reference.classify(request).catch(() => null);
      const [answer, other] = await Promise.all([classifier.classify(request), asked]);
      // The calibration is not for answers of the fallback, the embedded engine, which has its own.
      if (answer.stage === 'local' || answer.stage === 'none') return answer;
      return calibrator.judge({ answer, other });
    },
    close: async () => {
      await Promise.all([classifier.close?.(), reference.close?.()]);
    },
  };
}
