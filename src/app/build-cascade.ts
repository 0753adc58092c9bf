import type { Calibrations } from '../classifiers/calibration/calibrations.ts';
import { createCascade } from '../classifiers/cascade/create-cascade.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import type { ClaudeConnection } from '../classifiers/claude/call/connection.ts';
import type { EmbeddedEngine } from '../classifiers/opinion.ts';
import type { ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { boundedLocal } from './bounded-local.ts';
import { buildClaude } from './build-claude.ts';

/** The cascade of embedded engine, Claude and second opinion, with the calibrations that `switchboard calibrate` fitted. */
export function buildCascade(options: {
  config: LoadedConfig;
  local: EmbeddedEngine;
  index: ExampleIndex;
  connection: ClaudeConnection;
  calibrations: Calibrations;
}): Classifier {
  const { config, local, index, connection, calibrations } = options;
  const { confidence, claude } = config.settings;
  const claudeFor = (stage: 'claude' | 'second-opinion') =>
    buildClaude({ config, stage, index, embedded: local, connection });
  const cascade = createCascade({
    local: boundedLocal({ local, deadlineMs: claude.deadlineMs }),
    claude: claudeFor('claude'),
    secondOpinion: claude.secondOpinion === null ? null : claudeFor('second-opinion'),
    target: confidence,
    calibrations,
  });
  return {
    ...cascade,
    // One time limit for the ticket, however many engines work on it.
    classify: (request) =>
      cascade.classify({
        ...request,
        deadlineAt: Math.min(request.deadlineAt ?? Infinity, performance.now() + claude.deadlineMs),
      }),
  };
}
