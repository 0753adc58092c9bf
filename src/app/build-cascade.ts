import { readCalibration } from '../classifiers/calibration/calibration-file.ts';
import { createCascade } from '../classifiers/cascade/create-cascade.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import type { ClaudeConnection } from '../classifiers/claude/call/connection.ts';
import type { ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { boundedLocal } from './bounded-local.ts';
import { buildClaude } from './build-claude.ts';

/** Embedded engine, Claude, second opinion, with what `switchboard calibrate` has fitted for them. */
export async function buildCascade(options: {
  config: LoadedConfig;
  taxonomy: Taxonomy;
  local: Classifier;
  index: ExampleIndex;
  connection: ClaudeConnection;
}): Promise<Classifier> {
  const { config, taxonomy, local, index, connection } = options;
  const { dataDir, confidence, claude } = config.settings;
  const calibrationOf = (engine: string) => readCalibration({ dataDir, engine, taxonomy: taxonomy.version });
  const cascade = createCascade({
    local: boundedLocal({ local, deadlineMs: claude.deadlineMs }),
    claude: buildClaude({ config, stage: 'claude', index, connection }),
    secondOpinion:
      claude.secondOpinion === null ? null : buildClaude({ config, stage: 'second-opinion', index, connection }),
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
