import type { z } from 'zod';
import type { Connector } from './connector.ts';

/** A value that a connector needs and that stands in no file: `TOKEN`, `WEBHOOK_SECRET`, `PASSWORD`. */
export type SecretDefinition = {
  readonly name: string;
  /** The connector cannot work without it. */
  readonly required: boolean;
  /** What it is and where one gets it, for messages. */
  readonly description: string;
};

/** What a connector is built from. */
export type ConnectorContext<Settings, Secrets> = {
  /** Its name in the configuration, for example `desk`. */
  readonly name: string;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly dataDir: string;
};

/**
 * One kind of connector. The configuration's schema, `config check` and the published JSON Schema are composed of these:
 * a kind joins by a folder with a definition, and a line in src/connectors/registry.ts.
 */
export type ConnectorDefinition = {
  readonly type: string;
  /** One line, for the JSON Schema that editors read. */
  readonly description: string;
  /** The fields of this kind alone; those that all connectors have are added to them. */
  readonly settings: z.ZodObject;
  readonly secrets: readonly SecretDefinition[];
  create(context: ConnectorContext<unknown, unknown>): Promise<Connector>;
};

type SecretValues<Secrets extends readonly SecretDefinition[]> = {
  readonly [Secret in Secrets[number] as Secret['name']]: Secret['required'] extends true ? string : string | null;
};

/**
 * A definition whose `create` has the types of its own settings and secrets. It should import what it builds when it is
 * called: the definitions are read whenever a configuration is.
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
    // The cast: settings were checked by this schema with the configuration, secrets by createConnectors.
    create: (context) => definition.create(context as ConnectorContext<z.infer<Settings>, SecretValues<Secrets>>),
  };
}

/** `desk`, `TOKEN` to `SWITCHBOARD_CONNECTORS__DESK__TOKEN`. */
export function secretVariable(options: { connector: string; secret: string }): string {
  return `SWITCHBOARD_CONNECTORS__${options.connector.toUpperCase().replaceAll('-', '_')}__${options.secret}`;
}
