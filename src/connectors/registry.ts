import { z } from 'zod';
import { ConfigurationError, type Problem } from '../errors.ts';
import type { Connector } from './connector.ts';
import { createFileConnector, fileConnectorSchema } from './file/create-file-connector.ts';

/** An entry of `connectors:` in the configuration; what else it holds is the connector's own. */
export type ConnectorSettings = { readonly type: string };

type CreateConnector = (options: { name: string; dataDir: string; settings: ConnectorSettings }) => Connector;

const creators: Readonly<Record<string, CreateConnector>> = {
  file: ({ name, dataDir, settings }) =>
    createFileConnector({ name, dataDir, settings: fileConnectorSchema.parse(settings) }),
};

export const connectorTypes: readonly string[] = Object.keys(creators);

/** Builds the configured connectors, by name. Throws ConfigurationError that lists every entry that is wrong. */
export function createConnectors(options: {
  settings: Readonly<Record<string, ConnectorSettings>>;
  dataDir: string;
  /** Where the entries were written, for messages. */
  file: string;
}): ReadonlyMap<string, Connector> {
  const problems: Problem[] = [];
  const connectors = new Map<string, Connector>();
  for (const [name, settings] of Object.entries(options.settings)) {
    const create = Object.hasOwn(creators, settings.type) ? creators[settings.type] : undefined;
    if (create === undefined) {
      problems.push({
        file: options.file,
        line: null,
        message: `connectors.${name}.type: there is no connector type "${settings.type}"`,
        cure: `Use one of: ${connectorTypes.join(', ')}.`,
      });
      continue;
    }
    try {
      connectors.set(name, create({ name, dataDir: options.dataDir, settings }));
    } catch (error) {
      problems.push({
        file: options.file,
        line: null,
        message: `connectors.${name}: its settings do not fit the type "${settings.type}"${fieldsOf(error)}`,
        cure: 'Compare them with the README of the connector.',
      });
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return connectors;
}

function fieldsOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return '';
  return ` (${error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')})`;
}
