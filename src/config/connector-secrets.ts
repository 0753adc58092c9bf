import type { Path } from '../base/located-yaml.ts';
import type { ConnectorSecrets } from '../connectors/create-connectors.ts';
import { type ConnectorDefinition, secretVariable } from '../connectors/definition.ts';
import type { Environment } from './environment.ts';
import { field, keys } from './fields.ts';
import { variableName } from './variable-name.ts';

export type SecretPlace = { readonly connector: string; readonly secret: string };

/** The environment variables for the secrets of the configured connectors. `connectors` is the unchecked value. */
export function secretPlaces(options: {
  connectors: unknown;
  env: Environment;
  definitions: readonly ConnectorDefinition[];
}): ReadonlyMap<string, SecretPlace> {
  const { connectors, env, definitions } = options;
  const places = keys(connectors).flatMap((connector) => {
    // The type may come from the environment, like every setting.
    const type = env[secretVariable({ connector, secret: 'TYPE' })] ?? field(field(connectors, connector), 'type');
    const definition = definitions.find((candidate) => candidate.type === type);
    return (definition?.secrets ?? []).map(
      ({ name: secret }) => [secretVariable({ connector, secret }), { connector, secret }] as const,
    );
  });
  return new Map(places);
}

/** The values of those variables; empty ones count as unset. */
export function readConnectorSecrets(places: ReadonlyMap<string, SecretPlace>, env: Environment): ConnectorSecrets {
  const secrets: Record<string, Record<string, string>> = {};
  for (const [variable, { connector, secret }] of places) {
    const value = env[variable]?.trim();
    if (value === undefined || value === '') continue;
    secrets[connector] = { ...secrets[connector], [secret]: value };
  }
  return secrets;
}

/** Matches names of fields and variables that are probably secrets. */
export const looksSecret = /token|secret|password|passwd|api_?key|credential/i;

/** Finds secrets that were written in the file, with the cure for each. */
export function findWrittenSecrets(options: {
  connectors: unknown;
  definitions: readonly ConnectorDefinition[];
}): readonly { readonly path: Path; readonly cure: string }[] {
  const { connectors, definitions } = options;
  return keys(connectors).flatMap((connector) => {
    const entry = field(connectors, connector);
    const definition = definitions.find(({ type }) => type === field(entry, 'type'));
    const known = definition?.secrets.map(({ name }) => name) ?? [];
    return keys(entry)
      .filter((key) => known.includes(variableName(key)) || looksSecret.test(key))
      .map((key) => ({
        path: ['connectors', connector, key],
        cure: `It is read only from the environment: remove it here${variableFor({ connector, key, known })}.`,
      }));
  });
}

/** ` and set NAME`, with the variable that was probably meant; empty when this type of connector has no secrets. */
function variableFor(options: { connector: string; key: string; known: readonly string[] }): string {
  const { connector, known } = options;
  const key = variableName(options.key);
  // `apiToken` means the secret TOKEN. Without such a match, every secret of the type is named.
  const near = known.find((name) => name === key) ?? known.find((name) => key.endsWith(`_${name}`));
  const meant = near === undefined ? known : [near];
  if (meant.length === 0) return '';
  return ` and set ${meant.map((secret) => secretVariable({ connector, secret })).join(' or ')}`;
}
