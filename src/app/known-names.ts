import type { SwitchboardConfig } from '../config/config-schema.ts';
import { API_CONNECTOR } from '../pipeline/pipeline-context.ts';
import { ownRules } from '../routing/own-rules.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';

/** Names in the configuration that tickets can be filtered by. */
export type KnownNames = {
  /** Every node of the tree: a parent includes the intents below it. */
  readonly intent: readonly string[];
  readonly team: readonly string[];
  readonly rule: readonly string[];
  readonly connector: readonly string[];
};

export function listKnownNames(options: { settings: SwitchboardConfig; taxonomy: Taxonomy }): KnownNames {
  const { settings, taxonomy } = options;
  const unique = (names: readonly string[]) => [...new Set(names)];
  return {
    intent: [...taxonomy.nodes.keys()],
    team: unique([settings.triageTeam, ...settings.teams.map(({ id }) => id)]),
    rule: unique([...settings.routing.map(({ name }) => name), ...ownRules.keys()]),
    connector: unique([API_CONNECTOR, ...Object.keys(settings.connectors)]),
  };
}
