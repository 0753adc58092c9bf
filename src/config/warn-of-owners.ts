import { list } from '../base/plural.ts';
import type { ConnectorSettings } from '../connectors/connector-settings.ts';
import { connectorDefinitions } from '../connectors/registry.ts';
import type { LoadedConfig } from './config-schema.ts';

/** Teams that get tickets of a helpdesk in which nothing says which group is theirs: such tickets are not moved. */
export function findMissingOwners({ settings }: Pick<LoadedConfig, 'settings'>): readonly {
  readonly connector: string;
  readonly message: string;
  readonly cure: string;
}[] {
  const { connectors, teams, triageTeam } = settings;
  return Object.entries(connectors).flatMap(([connector, entry]) => {
    if (!writesGroups(entry)) return [];
    const missing = teams.filter(({ id, owners }) => id !== triageTeam && !Object.hasOwn(owners, connector));
    if (missing.length === 0) return [];
    const names = list(missing.map(({ id }) => `"${id}"`));
    const message = `the connector "${connector}" does not move tickets of ${names}, because nothing says which group of the helpdesk is theirs`;
    return [{ connector, message, cure: `Add \`owners: { ${connector}: GROUP }\` to each of these teams.` }];
  });
}

function writesGroups({ type, mode, modes }: ConnectorSettings): boolean {
  const definition = connectorDefinitions.find((known) => known.type === type);
  // What can have no note is no helpdesk: a decision is a line of a file there.
  if (definition === undefined || definition.unusedFields?.includes('note')) return false;
  return mode === 'auto' || Object.values(modes).includes('auto');
}
