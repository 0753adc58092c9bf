import { readCalibration } from '../classifiers/calibration/calibration-file.ts';
import { createCascade } from '../classifiers/cascade/create-cascade.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import type { LocalClassifier } from '../classifiers/local/create-local-classifier.ts';
import type { ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Store } from '../store/store.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { boundedLocal } from './bounded-local.ts';
import { buildClaude, buildSecondOpinion, connectClaude } from './build-claude.ts';

/** Embedded engine, Claude, second opinion, with what `switchboard calibrate` has fitted for them. */
export async function buildCascade(options: {
  config: LoadedConfig;
  taxonomy: Taxonomy;
  local: LocalClassifier;
  index: ExampleIndex;
  store: Store | null;
}): Promise<Classifier> {
  const { config, taxonomy, local, index, store } = options;
  const { dataDir, confidence, claude } = config.settings;
  const connection = await connectClaude({ config, store });
  const calibrationOf = (engine: string) => readCalibration({ dataDir, engine, taxonomy: taxonomy.version });
  const cascade = createCascade({
    local: boundedLocal({ local, deadlineMs: claude.deadlineMs }),
    claude: buildClaude({ config, local, index, connection }),
    secondOpinion: claude.secondOpinion === null ? null : buildSecondOpinion({ config, local, index, connection }),
    target: confidence,
    calibrations: { claude: await calibrationOf('claude'), secondOpinion: await calibrationOf('second-opinion') },
  });
  return {
    ...cascade,
    // One limit for the ticket, whichever engines work on it.
    classify: (request) =>
      cascade.classify({
        ...request,
        deadlineAt: Math.min(request.deadlineAt ?? Infinity, performance.now() + claude.deadlineMs),
      }),
  };
}
