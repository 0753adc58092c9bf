import type { z } from 'zod';
import type { Connector } from './connector.ts';
import type { SharedFields } from './connector-settings.ts';

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
  /** The fields that connectors of every type have. */
  readonly shared: SharedFields;
  readonly secrets: Secrets;
  readonly dataDir: string;
};

/** What a person wants to know before connecting a helpdesk; for `init`, `doctor` and the docs. */
export type AboutConnector = {
  /** Name of the helpdesk for people: `Request Tracker 5`. */
  readonly title: string;
  /** What it calls the groups that tickets are in; `groups` when left out. `init` asks and writes the intake in this word. */
  readonly groupsAre?: 'groups' | 'queues';
  /** What its account must be allowed to do: one sentence each. */
  readonly rights: readonly string[];
  /** How much the helpdesk allows, and what it cannot do: one sentence each. */
  readonly limits: readonly string[];
};

/** Every connector has a mode. */
export type UnusableField = Exclude<keyof SharedFields, 'mode' | 'modes'>;

/** What is wrong, or worth a look, in an entry of `connectors`. */
export type EntryFault = {
  /** Path within the entry, for example `receive.signature`. */
  readonly path: readonly string[];
  readonly message: string;
  readonly cure: string;
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
  /** Those of its own fields that are paths, relative to the configuration file; `create` gets whole paths. */
  readonly paths?: readonly string[];
  readonly secrets: readonly SecretDefinition[];
  readonly about: AboutConnector;
  /** Fields that all connectors have, and that do nothing for this type: `poll` where nothing can be listed. */
  readonly unusedFields?: readonly UnusableField[];
  /** Paths of settings that `init` asks for although they can be left out, such as `receive.id`. */
  readonly setUp?: readonly string[];
  /** What the schema cannot find: a connector with such faults cannot be built. */
  findFaults?(context: Omit<ConnectorContext<unknown, unknown>, 'dataDir'>): readonly EntryFault[];
  /** What is allowed but probably a mistake, or dangerous. */
  findDoubts?(context: Omit<ConnectorContext<unknown, unknown>, 'dataDir'>): readonly EntryFault[];
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
  readonly paths?: readonly Extract<keyof z.infer<Settings>, string>[];
  readonly secrets: Secrets;
  readonly about: AboutConnector;
  readonly unusedFields?: readonly UnusableField[];
  readonly setUp?: readonly string[];
  findFaults?(
    context: Omit<ConnectorContext<z.infer<Settings>, SecretValues<Secrets>>, 'dataDir'>,
  ): readonly EntryFault[];
  findDoubts?(
    context: Omit<ConnectorContext<z.infer<Settings>, SecretValues<Secrets>>, 'dataDir'>,
  ): readonly EntryFault[];
  create(context: ConnectorContext<z.infer<Settings>, SecretValues<Secrets>>): Promise<Connector>;
}): ConnectorDefinition {
  // The casts: the configuration validated the settings with this schema, and createConnectors checked the secrets.
  type Context = ConnectorContext<z.infer<Settings>, SecretValues<Secrets>>;
  return {
    ...definition,
    findFaults: (context) => definition.findFaults?.(context as Context) ?? [],
    findDoubts: (context) => definition.findDoubts?.(context as Context) ?? [],
    create: (context) => definition.create(context as Context),
  };
}

/** The environment variable of a secret: `desk` and `TOKEN` give `SWITCHBOARD_CONNECTORS__DESK__TOKEN`. */
export function secretVariable(options: { connector: string; secret: string }): string {
  return `SWITCHBOARD_CONNECTORS__${options.connector.toUpperCase().replaceAll('-', '_')}__${options.secret}`;
}
