import { isDeepStrictEqual } from 'node:util';
import { isSameName } from '../base/same-name.ts';
import { suggest } from '../base/schema-problems.ts';
import { ConfigurationError, type Problem } from '../errors.ts';
import type { Connector } from './connector.ts';
import { type ConnectorSettings, type SharedFields, sharedFieldsSchema, sharedOf } from './connector-settings.ts';
import { type ConnectorDefinition, type EntryFault, secretVariable } from './definition.ts';
import { noteFields } from './note-fields.ts';
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

/** A problem of an entry: `path` is its place below `connectors`. */
export type EntryProblem = Problem & { readonly path: readonly string[] };

/** Finds required secrets that the environment does not have, and what else keeps a connector from being built. */
export function findEntryProblems(options: ConnectorsOptions): EntryProblem[] {
  const { settings, secrets, file, definitions = connectorDefinitions } = options;
  return Object.entries(settings).flatMap(([connector, entry]) => {
    const definition = definitions.find(({ type }) => type === entry.type);
    const missing = (definition?.secrets ?? [])
      .filter(({ name, required }) => required && secrets[connector]?.[name] === undefined)
      .map(({ name, description }) => ({
        file,
        line: null,
        path: [connector],
        message: `connectors.${connector} needs ${secretVariable({ connector, secret: name })}, which is not set`,
        cure: `Set it in the environment: ${description}.`,
      }));
    // Without its secrets, a connector cannot be looked at any further.
    if (definition === undefined || missing.length > 0) return missing;
    const faults = definition.findFaults?.(partsOf({ definition, connector, entry, secrets })) ?? [];
    return faults.map((fault) => describeFault({ connector, file, fault }));
  });
}

/** Finds what is allowed in the entries, but probably a mistake or dangerous. */
export function findEntryDoubts(options: ConnectorsOptions): EntryProblem[] {
  const { settings, secrets, file, definitions = connectorDefinitions } = options;
  return Object.entries(settings).flatMap(([connector, entry], index, entries) => {
    const definition = definitions.find(({ type }) => type === entry.type);
    if (definition === undefined) return [];
    const parts = partsOf({ definition, connector, entry, secrets });
    const doubts = [
      ...findUnused(definition, parts.shared),
      ...findUnknownFields(parts.shared),
      ...findTwins(entry, entries.slice(0, index)),
      ...(definition.findDoubts?.(parts) ?? []),
    ];
    return doubts.map((fault) => describeFault({ connector, file, fault }));
  });
}

/** Shared fields that somebody has set although they do nothing for this type. To turn polling off is never wrong. */
function findUnused({ type, unusedFields = [] }: ConnectorDefinition, shared: SharedFields): EntryFault[] {
  const defaults = sharedFieldsSchema.parse({});
  return unusedFields
    .filter(
      (field) => !isDeepStrictEqual(shared[field], defaults[field]) && !(field === 'poll' && shared.poll === null),
    )
    .map((field) => ({
      path: [field],
      message: `a connector of the type "${type}" does nothing with it`,
      cure: 'Leave it out, or check the type.',
    }));
}

/** A field that does not exist stays in the note as it is written. */
function findUnknownFields({ note = '' }: SharedFields): EntryFault[] {
  const named = [...note.matchAll(/\{([A-Za-z]+)\}/g)].map(([, field = '']) => field);
  return [...new Set(named)]
    .filter((field) => !noteFields.some((known) => known === field))
    .map((field) => ({
      path: ['note'],
      message: `there is no field {${field}}, so it stays as it is`,
      cure: suggest(field, noteFields) ?? `Known: ${noteFields.join(', ')}.`,
    }));
}

/** Another entry for the same helpdesk: each would decide a ticket that both take in, and write a note of its own. */
function findTwins(entry: ConnectorSettings, others: readonly (readonly [string, ConnectorSettings])[]): EntryFault[] {
  const address = addressOf(entry);
  const twin = others.find(
    ([, other]) =>
      address !== null && other.type === entry.type && addressOf(other) === address && overlaps(other, entry),
  );
  if (twin === undefined) return [];
  const message = `"${twin[0]}" is the same helpdesk and takes in the same tickets, so each of them is decided and written twice`;
  return [{ path: ['url'], message, cure: 'Give each of the two groups, queues or brands of its own.' }];
}

function addressOf(entry: ConnectorSettings): string | null {
  const url: unknown = Reflect.get(entry, 'url');
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : null;
}

/** Names and ids of one group count as two groups, so this may miss an overlap. */
function overlaps(a: SharedFields, b: SharedFields): boolean {
  const share = (left: readonly string[], right: readonly string[]) =>
    left.length === 0 || right.length === 0 || left.some((name) => right.some((other) => isSameName(name, other)));
  const groupsOf = ({ groups, queues }: SharedFields) => [...groups, ...queues];
  return share(groupsOf(a), groupsOf(b)) && share(a.brands, b.brands) && share(a.statuses, b.statuses);
}

function describeFault(options: { connector: string; file: string; fault: EntryFault }): EntryProblem {
  const { connector, file, fault } = options;
  const path = [connector, ...fault.path];
  return { file, line: null, path, message: `connectors.${path.join('.')}: ${fault.message}`, cure: fault.cure };
}

/** The settings of the type alone, and every secret that it has, null where it is not set. */
function partsOf(options: {
  definition: ConnectorDefinition;
  connector: string;
  entry: ConnectorSettings;
  secrets: ConnectorSecrets;
}) {
  const { definition, connector, entry, secrets } = options;
  const given = secrets[connector] ?? {};
  return {
    name: connector,
    settings: Object.fromEntries(Object.entries(entry).filter(([key]) => key in definition.settings.shape)),
    shared: sharedOf(entry),
    secrets: Object.fromEntries(definition.secrets.map((secret) => [secret.name, given[secret.name] ?? null])),
  };
}

/** Builds the configured connectors, by name. Throws ConfigurationError that lists every entry that cannot be built. */
export async function createConnectors(
  options: ConnectorsOptions & { readonly dataDir: string },
): Promise<ReadonlyMap<string, Connector>> {
  const { dataDir, file, definitions = connectorDefinitions } = options;
  const problems: Problem[] = findEntryProblems(options).map(({ path: _, ...problem }) => problem);
  await using built = new AsyncDisposableStack();
  const connectors = new Map<string, Connector>();
  for (const [name, entry] of Object.entries(options.settings)) {
    const definition = definitions.find(({ type }) => type === entry.type);
    if (definition === undefined) problems.push(unknownType({ name, type: entry.type, file, definitions }));
    if (definition === undefined || problems.length > 0) continue;
    const parts = partsOf({ definition, connector: name, entry, secrets: options.secrets });
    const connector = await definition.create({ ...parts, dataDir });
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
