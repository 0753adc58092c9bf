import { readCalibrationFiles } from '../classifiers/calibration/calibration-file.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import { askedPrompts } from '../config/asked-prompts.ts';
import type { BuildClassifier } from '../evaluation/create-subject.ts';
import { buildEngine } from './build-engine.ts';

/** Builds the engine of a configuration on a given set of examples, as `route` and `serve` do. */
export const buildClassifier: BuildClassifier = async ({ config, workspace, onProgress }): Promise<Classifier> => {
  const { taxonomy, examples, turnedAway: outOfScope, ownExampleIds: quotable } = workspace;
  const asked = await askedPrompts({ config, taxonomy });
  const calibrations = await readCalibrationFiles({
    dataDir: config.settings.dataDir,
    taxonomy: taxonomy.version,
    asked,
  });
  const { classifier, close } = await buildEngine({
    ...{ config, taxonomy, examples, outOfScope, quotable, calibrations, onProgress },
  });
  return { id: classifier.id, classify: (request) => classifier.classify(request), close };
};
