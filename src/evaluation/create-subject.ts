import type { OnProgress } from '../base/progress.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Workspace } from '../config/load-workspace.ts';
import { resolveIntents } from '../config/resolve-intents.ts';
import { createPlainUrgency } from '../routing/plain-urgency.ts';
import type { Subject } from './evaluate.ts';

/** Builds the engine that a configuration describes; the caller closes it. */
export type BuildClassifier = (options: {
  readonly config: LoadedConfig;
  readonly workspace: Workspace;
  readonly onProgress?: OnProgress;
}) => Promise<Classifier>;

/** Wraps the engine of a configuration so that `evaluate` can score it. */
export function createSubject(options: {
  readonly config: LoadedConfig;
  readonly workspace: Workspace;
  readonly engine: Subject['engine'];
  readonly models: readonly string[];
  readonly buildClassifier: BuildClassifier;
}): Subject {
  const { config, workspace, engine, models } = options;
  const settings = resolveIntents(config.settings, workspace.taxonomy);
  return {
    engine,
    models,
    taxonomy: workspace.taxonomy,
    taxonomyFile: settings.taxonomy,
    examples: workspace.examples,
    settings: {
      classifier: settings.classifier,
      claude: settings.claude,
      retrieval: settings.retrieval,
      confidence: settings.confidence,
      redaction: settings.redaction,
    },
    routing: routingOf({ settings: config.settings, workspace }),
    build: ({ taxonomy, examples, onProgress }) =>
      options.buildClassifier({ config, workspace: { ...workspace, taxonomy, examples }, onProgress }),
  };
}

/** Teams and rules with the intents of today; null without rules, where only intents are scored. */
export function routingOf(options: {
  readonly settings: LoadedConfig['settings'];
  readonly workspace: Pick<Workspace, 'taxonomy' | 'calendars' | 'urgencyPhrases'>;
}): Subject['routing'] {
  const { workspace } = options;
  const { triageTeam, teams, routing, slas } = resolveIntents(options.settings, workspace.taxonomy);
  if (routing.length === 0) return null;
  const { calendars } = workspace;
  return { triageTeam, teams, routing, slas, calendars, plainUrgency: createPlainUrgency(workspace.urgencyPhrases) };
}
