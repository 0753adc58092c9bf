import { join, resolve } from 'node:path';
import { parseLocatedYaml } from '../../base/located-yaml.ts';
import { problemsFromIssues } from '../../base/schema-problems.ts';
import type { Connector, ConnectorFinding } from '../../connectors/connector.ts';
import { type ConnectorSettings, connectorsSchemaOf } from '../../connectors/connector-settings.ts';
import { createConnectors, findEntryProblems } from '../../connectors/create-connectors.ts';
import { type ConnectorDefinition, secretVariable } from '../../connectors/definition.ts';
import { resolvePaths } from '../../connectors/resolve-paths.ts';
import { checkConnector } from '../../doctor/check-connectors.ts';
import { type Problem, UsageError } from '../../errors.ts';
import { defaultName } from './answers.ts';
import type { Asker } from './asker.ts';
import { type AskedSetting, listSettings } from './list-settings.ts';
import type { Variables } from './secret-lines.ts';

export const WEBHOOK_SECRET = 'WEBHOOK_SECRET';
/** `dataDir` of a configuration that names none. */
export const DEFAULT_DATA_DIR = '.switchboard';

export type InitContext = {
  readonly asker: Asker;
  readonly definitions: readonly ConnectorDefinition[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that gets the files. */
  readonly dir: string;
  /** Settings of the connector that are known beforehand, also those that nobody is asked for. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Makes a random secret. */
  createSecret(): string;
};

/** A helpdesk whose connector could be built. */
export type Connected = {
  readonly definition: ConnectorDefinition;
  readonly name: string;
  /** As a person writes them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** By the name of the secret. */
  readonly secrets: Variables;
  readonly connector: Connector;
  readonly findings: readonly ConnectorFinding[];
};

/** Asks for a helpdesk, its address and its key, until its own check has nothing against them. */
export async function connectHelpdesk(context: InitContext): Promise<Connected> {
  const { asker, definitions, dir } = context;
  const type = await asker.choose({
    name: 'type',
    message: 'Where do the tickets come from?',
    choices: definitions.map((known) => ({ value: known.type, label: known.about.title, hint: known.description })),
  });
  const definition = definitions.find((known) => known.type === type);
  if (definition === undefined) throw new UsageError(`There is no connector type "${type}".`);
  const name = await asker.text({
    name: 'name',
    message: 'A name for it, which is part of addresses and variables',
    suggested: defaultName(type),
    findFault: (value) =>
      /^[a-z0-9-]{1,60}$/.test(value) ? null : 'Use small letters, digits and dashes, such as help-desk.',
  });
  asker.say(describeRights(definition));
  for (let before: Readonly<Record<string, unknown>> = {}; ; ) {
    const settings = await askSettings({ context, definition, name, before });
    let secrets = await askSecrets({ context, definition, name });
    if (needsWebhookSecret({ definition, name, settings, secrets, definitions })) {
      secrets = { ...secrets, [WEBHOOK_SECRET]: await askWebhookSecret({ context, definition, name }) };
    }
    const problems = findProblems({ definitions, name, type, settings, secrets });
    const connector =
      problems.length > 0 ? null : await buildConnector({ definitions, name, type, settings, secrets, dir });
    const findings = connector === null ? [] : ((await checkConnector({ connector, groups: [] })) ?? []);
    const faults = [
      ...problems.map(({ message, cure }) => `${message}. ${cure}`),
      ...findings.filter(({ status }) => status === 'failed').map(({ detail }) => detail),
    ];
    const found = findings.filter(({ status }) => status !== 'failed').map(({ detail }) => detail);
    if (found.length > 0) asker.say(found.join('\n'));
    if (connector !== null && (faults.length === 0 || (await goesOn(asker, { faults, canGoOn: true })))) {
      return { definition, name, settings, secrets, connector, findings };
    }
    if (connector === null) await goesOn(asker, { faults, canGoOn: false });
    await connector?.close?.();
    before = settings;
  }
}

function describeRights({ about }: ConnectorDefinition): string {
  const list = (title: string, items: readonly string[]) => [title, ...items.map((item) => `- ${item}`)];
  return [
    ...list('What its account must be allowed to do:', about.rights),
    ...list('Worth knowing:', about.limits),
  ].join('\n');
}

/** What to do about faults: true to go on with them, false to ask again. Throws UsageError to stop. */
async function goesOn(asker: Asker, options: { faults: readonly string[]; canGoOn: boolean }): Promise<boolean> {
  const list = `This does not work yet:\n${options.faults.map((fault) => `- ${fault}`).join('\n')}`;
  const stop = new UsageError(`${list}\nNothing was written.`);
  if (!options.canGoOn && !asker.canAskAgain) throw stop;
  if (asker.canAskAgain) asker.say(list);
  const next = await asker.choose({
    name: 'whenCheckFails',
    message: 'What now?',
    choices: [
      { value: 'again', label: 'Enter address and key again' },
      ...(options.canGoOn ? [{ value: 'go-on', label: 'Go on, and put it right later' }] : []),
      { value: 'stop', label: 'Stop and write nothing' },
    ],
    initial: 'again',
  });
  if (next === 'stop') throw stop;
  return next === 'go-on';
}

async function askSettings(options: {
  context: InitContext;
  definition: ConnectorDefinition;
  name: string;
  before: Readonly<Record<string, unknown>>;
}): Promise<Readonly<Record<string, unknown>>> {
  const { context, definition, name, before } = options;
  let settings = context.settings ?? {};
  for (const asked of [...listSettings(definition), ...customFieldsOf(definition)]) {
    const { path, description, isRequired, words } = asked;
    const question = {
      name: `settings.${path.join('.')}`,
      message: `${description}${isRequired ? '' : ' (optional)'}`,
    };
    const earlier = path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), before);
    const initial = earlier === undefined ? undefined : [earlier].flat().join(', ');
    const given =
      words.length > 0
        ? await context.asker.choose({
            ...question,
            choices: words.map((value) => ({ value, label: value })),
            ...(initial !== undefined && { initial }),
          })
        : await context.asker.text({
            ...question,
            isOptional: !isRequired,
            ...(initial !== undefined && { initial }),
            findFault: (text) =>
              faultAt({ context, definition, name, settings: withValue(settings, asked, text), path }),
          });
    if (given !== '') settings = withValue(settings, asked, given);
  }
  return settings;
}

/** The helpdesk's own fields that are worth having from the start; all of them can be left out. */
function customFieldsOf({ unusedFields = [] }: ConnectorDefinition): readonly AskedSetting[] {
  if (unusedFields.includes('customFields')) return [];
  const field = (name: string, description: string): AskedSetting => ({
    ...{ path: ['customFields', name], isRequired: false, kind: 'text', words: [] },
    description: `Custom field of the helpdesk ${description}, by name or id`,
  });
  return [
    field('intent', 'that gets the intent, where agents can correct it'),
    field('confidence', 'that gets how sure the engine was'),
  ];
}

async function askSecrets(options: {
  context: InitContext;
  definition: ConnectorDefinition;
  name: string;
}): Promise<Variables> {
  const { context, definition, name } = options;
  const secrets: Record<string, string> = {};
  for (const { name: secret, required, description } of definition.secrets) {
    const variable = secretVariable({ connector: name, secret });
    const known = context.env[variable];
    if (known) {
      context.asker.say(`${secret} is taken from ${variable}.`);
      secrets[secret] = known;
    } else if (secret !== WEBHOOK_SECRET) {
      const message = `${secret}: ${description}${required ? '' : ' (optional: leave empty to skip)'}`;
      const given = await context.asker.secret({ name: `secrets.${secret}`, message, isOptional: !required });
      if (given !== '') secrets[secret] = given;
    }
  }
  return secrets;
}

/** The secret that both sides sign webhooks with: typed, or made here. */
export async function askWebhookSecret(options: {
  context: InitContext;
  definition: ConnectorDefinition;
  name: string;
}): Promise<string> {
  const { asker, createSecret } = options.context;
  const { description = '' } = options.definition.secrets.find(({ name }) => name === WEBHOOK_SECRET) ?? {};
  const given = await asker.secret({
    name: `secrets.${WEBHOOK_SECRET}`,
    message: `${WEBHOOK_SECRET}: ${description} (leave empty to have one made)`,
    isOptional: true,
  });
  return given === '' ? createSecret() : given;
}

type Entry = {
  readonly definitions: readonly ConnectorDefinition[];
  readonly name: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Variables;
};

/** True when the connector could be built if only the secret of its webhooks were there. */
function needsWebhookSecret(options: Omit<Entry, 'type'> & { definition: ConnectorDefinition }): boolean {
  const { definition, secrets } = options;
  if (secrets[WEBHOOK_SECRET] !== undefined || !definition.secrets.some(({ name }) => name === WEBHOOK_SECRET))
    return false;
  const entry = { ...options, type: definition.type };
  const withSecret = { ...entry, secrets: { ...secrets, [WEBHOOK_SECRET]: 'x'.repeat(64) } };
  return findProblems(entry).length > 0 && findProblems(withSecret).length === 0;
}

/** Why a connector cannot be built of these answers. */
function findProblems(entry: Entry): readonly Problem[] {
  const parsed = parseEntry(entry);
  if (parsed.settings === null) return parsed.problems;
  const { name, definitions, secrets } = entry;
  return findEntryProblems({ settings: parsed.settings, secrets: { [name]: secrets }, file: name, definitions });
}

/** Builds the connector of answers that `findProblems` has nothing against. */
export async function buildConnector(entry: Entry & { readonly dir: string }): Promise<Connector> {
  const { name, definitions, secrets, dir } = entry;
  const { settings } = parseEntry(entry);
  // As the loader of the configuration does: they are relative to the file.
  const resolvePath = (_field: string, path: string) => resolve(dir, path);
  const entries = Object.entries(settings ?? {});
  const built = await createConnectors({
    settings: Object.fromEntries(entries.map(([key, one]) => [key, resolvePaths(one, { definitions, resolvePath })])),
    secrets: { [name]: secrets },
    file: name,
    definitions,
    dataDir: join(dir, DEFAULT_DATA_DIR),
  });
  const connector = built.get(name);
  if (connector === undefined) throw new TypeError('a connector was expected');
  return connector;
}

function parseEntry(entry: Omit<Entry, 'secrets'>): {
  readonly settings: Readonly<Record<string, ConnectorSettings>> | null;
  readonly problems: readonly (Problem & { readonly path?: string })[];
} {
  const { definitions, name, type, settings } = entry;
  const schema = connectorsSchemaOf(definitions);
  const value = { [name]: { type, ...settings } };
  const result = schema.safeParse(value);
  if (result.success) return { settings: result.data, problems: [] };
  const located = parseLocatedYaml({ text: JSON.stringify(value), file: name });
  return { settings: null, problems: problemsFromIssues({ issues: result.error.issues, located, schema }) };
}

/** What the schema has against the value at a path; what else is missing is not asked for yet. */
function faultAt(options: {
  context: InitContext;
  definition: ConnectorDefinition;
  name: string;
  settings: Readonly<Record<string, unknown>>;
  path: readonly string[];
}): string | null {
  const { context, definition, name, settings, path } = options;
  const schema = connectorsSchemaOf(context.definitions);
  const value = { [name]: { type: definition.type, ...settings } };
  const { error } = schema.safeParse(value);
  const here = [name, ...path].join('.');
  const issues = (error?.issues ?? []).filter((issue) => issue.path.join('.') === here);
  if (issues.length === 0) return null;
  const located = parseLocatedYaml({ text: JSON.stringify(value), file: name });
  const [problem] = problemsFromIssues({ issues, located, schema });
  return problem === undefined ? null : `${problem.message}. ${problem.cure}`;
}

function withValue(
  settings: Readonly<Record<string, unknown>>,
  { path, kind }: AskedSetting,
  text: string,
): Readonly<Record<string, unknown>> {
  const value =
    kind === 'number' && Number.isFinite(Number(text))
      ? Number(text)
      : kind === 'texts'
        ? text.split(',').map((item) => item.trim())
        : text;
  const put = (target: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> => {
    const [key = '', ...rest] = keys;
    const known = isRecord(target) ? target : {};
    return { ...known, [key]: rest.length === 0 ? value : put(known[key], rest) };
  };
  return put(settings, path);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
