import { ConfigurationError, type Problem } from '../errors.ts';
import type { Connector } from './connector.ts';
import type { ConnectorSettings } from './connector-settings.ts';
import { type ConnectorDefinition, secretVariable } from './definition.ts';
import { connectorDefinitions } from './registry.ts';

/** Values from the environment, by name of the connector and of the secret. */
export type ConnectorSecrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

type ConnectorsOptions = {
  /** By name. Already validated by `connectorsSchema`. */
  readonly settings: Readonly<Record<string, ConnectorSettings>>;
  readonly secrets: ConnectorSecrets;
  /** The file with the entries, for messages. */
  readonly file: string;
  readonly definitions?: readonly ConnectorDefinition[];
};

/** Finds the required secrets that the environment does not have. */
export function findMissingSecrets(options: ConnectorsOptions): Problem[] {
  const { settings, secrets, file, definitions = connectorDefinitions } = options;
  return Object.entries(settings).flatMap(([connector, { type }]) => {
    const definition = definitions.find((candidate) => candidate.type === type);
    return (definition?.secrets ?? [])
      .filter(({ name, required }) => required && secrets[connector]?.[name] === undefined)
      .map(({ name, description }) => ({
        file,
        line: null,
        message: `connectors.${connector} needs ${secretVariable({ connector, secret: name })}, which is not set`,
        cure: `Set it in the environment: ${description}.`,
      }));
  });
}

/** Builds the configured connectors, by name. Throws ConfigurationError that lists every entry that cannot be built. */
export async function createConnectors(
  options: ConnectorsOptions & { readonly dataDir: string },
): Promise<ReadonlyMap<string, Connector>> {
  const { dataDir, file, definitions = connectorDefinitions } = options;
  const problems = findMissingSecrets(options);
  await using built = new AsyncDisposableStack();
  const connectors = new Map<string, Connector>();
  for (const [name, entry] of Object.entries(options.settings)) {
    const definition = definitions.find(({ type }) => type === entry.type);
    if (definition === undefined) problems.push(unknownType({ name, type: entry.type, file, definitions }));
    if (definition === undefined || problems.length > 0) continue;
    const given = options.secrets[name] ?? {};
    const connector = await definition.create({
      name,
      settings: Object.fromEntries(Object.entries(entry).filter(([key]) => key in definition.settings.shape)),
      secrets: Object.fromEntries(definition.secrets.map((secret) => [secret.name, given[secret.name] ?? null])),
      dataDir,
    });
    built.defer(() => connector.close?.());
    connectors.set(name, connector);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  built.move(); // from here on, the caller closes them
  return connectors;
}

function unknownType(options: {
  name: string;
  type: string;
  file: string;
  definitions: readonly ConnectorDefinition[];
}): Problem {
  const { name, type, file, definitions } = options;
  return {
    file,
    line: null,
    message: `connectors.${name}.type: there is no connector type "${type}"`,
    cure: `Use one of: ${definitions.map((definition) => definition.type).join(', ')}.`,
  };
}
