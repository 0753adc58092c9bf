import type { Classifier } from '../classifiers/classifier.ts';
import type { BuildClassifier } from '../evaluation/create-subject.ts';
import { buildEngine } from './build-engine.ts';

/** The engine of a configuration on a given set of examples, as `route` and `serve` build it. */
export const buildClassifier: BuildClassifier = async ({ config, workspace, onProgress }): Promise<Classifier> => {
  const { taxonomy, examples, ownExampleIds: quotable } = workspace;
  const { classifier, close } = await buildEngine({ config, taxonomy, examples, quotable, onProgress });
  return { id: classifier.id, classify: (request) => classifier.classify(request), close };
};
