import type { z } from 'zod';
import type { Connector } from './connector.ts';

/** A value that is never written in a file, only in the environment: `TOKEN`, `WEBHOOK_SECRET`, `PASSWORD`. */
export type SecretDefinition = {
  readonly name: string;
  /** True when the connector cannot work without it. */
  readonly required: boolean;
  /** What the secret is and where to get it, for messages. */
  readonly description: string;
};

/** The input of `ConnectorDefinition.create`. */
export type ConnectorContext<Settings, Secrets> = {
  /** The connector's name in the configuration, for example `desk`. */
  readonly name: string;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly dataDir: string;
};

/**
 * One type of connector. The configuration's schema, `config check` and the published JSON Schema are built from these.
 * To add a type, add a folder with a definition, and a line in src/connectors/registry.ts.
 */
export type ConnectorDefinition = {
  readonly type: string;
  /** One line, for the JSON Schema that editors read. */
  readonly description: string;
  /** The fields of this type only; the fields that all connectors have are added. */
  readonly settings: z.ZodObject;
  readonly secrets: readonly SecretDefinition[];
  create(context: ConnectorContext<unknown, unknown>): Promise<Connector>;
};

type SecretValues<Secrets extends readonly SecretDefinition[]> = {
  readonly [Secret in Secrets[number] as Secret['name']]: Secret['required'] extends true ? string : string | null;
};

/**
 * A definition whose `create` is typed by its own settings and secrets. `create` should import the connector's code
 * when it is called, because the definitions themselves are loaded with every configuration.
 */
export function defineConnector<
  Settings extends z.ZodObject,
  const Secrets extends readonly SecretDefinition[],
>(definition: {
  readonly type: string;
  readonly description: string;
  readonly settings: Settings;
  readonly secrets: Secrets;
  create(context: ConnectorContext<z.infer<Settings>, SecretValues<Secrets>>): Promise<Connector>;
}): ConnectorDefinition {
  return {
    ...definition,
    // The cast: the configuration validated the settings with this schema, and createConnectors checked the secrets.
    create: (context) => definition.create(context as ConnectorContext<z.infer<Settings>, SecretValues<Secrets>>),
  };
}

/** The environment variable of a secret: `desk` and `TOKEN` give `SWITCHBOARD_CONNECTORS__DESK__TOKEN`. */
export function secretVariable(options: { connector: string; secret: string }): string {
  return `SWITCHBOARD_CONNECTORS__${options.connector.toUpperCase().replaceAll('-', '_')}__${options.secret}`;
}
