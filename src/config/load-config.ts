import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { formatDataPath, type LocatedYaml, type Path, parseLocatedYaml } from '../base/located-yaml.ts';
import { problemsFromIssues } from '../base/schema-problems.ts';
import type { ConnectorSettings } from '../connectors/connector-settings.ts';
import { connectorDefinitions } from '../connectors/registry.ts';
import { resolvePaths as resolveEntryPaths } from '../connectors/resolve-paths.ts';
import { ConfigurationError, type Problem } from '../errors.ts';
import { checkConfig } from './check-config.ts';
import { configSchema, type LoadedConfig, type SwitchboardConfig } from './config-schema.ts';
import { findWrittenSecrets } from './connector-secrets.ts';
import { type Environment, readEnvironment, readSecrets } from './environment.ts';
import { field, list } from './fields.ts';
import { flatten, type Merged, mergeSources } from './merge-sources.ts';
import { readWorkspaceFiles } from './read-workspace-files.ts';

type Partially<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Partially<T[K]> } : T;
/** Settings from the command line or from the caller of the library. Undefined values are ignored. */
export type ConfigOverrides = Partially<z.input<typeof configSchema>>;

/** The content of a `switchboard.yaml` as an object. */
export type ConfigInput = z.input<typeof configSchema>;

/** Folder of the sample company, which is part of the package. */
export const SAMPLE_DIR = fileURLToPath(new URL('../../sample/', import.meta.url));
const fileNames = ['switchboard.yaml', 'switchboard.yml'];

const fromEnvironment = (variable: string) =>
  `It is read only from the environment: remove it here and set ${variable}.`;
/** Fields that people write in the wrong place, with what to do instead. */
const misplaced = {
  'claude.apiKey': fromEnvironment('ANTHROPIC_API_KEY'),
  'claude.baseUrl': fromEnvironment('ANTHROPIC_BASE_URL'),
  apiKey: fromEnvironment('ANTHROPIC_API_KEY'),
  token: fromEnvironment('SWITCHBOARD_TOKEN'),
  'server.token': fromEnvironment('SWITCHBOARD_TOKEN'),
  databaseUrl: fromEnvironment('DATABASE_URL'),
  database: fromEnvironment('DATABASE_URL'),
  port: 'Write it as `server: { port: … }`.',
  host: 'Write it as `server: { host: … }`.',
  model: 'Write it as `claude: { model: … }`.',
};

/**
 * Loads the configuration from the defaults, the file, `SWITCHBOARD_…` variables and `overrides`; later ones replace
 * earlier ones. Without `file`, it reads `switchboard.yaml` in `cwd`, or the sample company (`isSample`) if there is none.
 * `value` takes the place of the file. Paths in the file are relative to it, all others to `cwd`. Throws
 * `ConfigurationError` with every problem at once.
 */
export async function loadConfig(options: {
  cwd: string;
  file?: string;
  value?: ConfigInput;
  env: Environment;
  overrides?: ConfigOverrides;
}): Promise<LoadedConfig> {
  const { cwd, env, value } = options;
  const found = options.file === undefined ? findFile(cwd) : resolve(cwd, options.file);
  const isSample = value === undefined && found === null;
  const file = value === undefined ? (found ?? join(SAMPLE_DIR, 'switchboard.yaml')) : join(cwd, 'config');
  // JSON is also YAML, so a value goes through the same checks as a file.
  const located =
    value === undefined
      ? await readConfigFile(file, options.file !== undefined)
      : parseLocatedYaml({ text: JSON.stringify(value), file: 'config' });

  const { secrets, problems: secretProblems } = readSecrets(env);
  const environment = readEnvironment({ env, fileValue: located.value });
  const writtenSecrets = findWrittenSecrets({
    connectors: field(located.value, 'connectors'),
    definitions: connectorDefinitions,
  });
  const cures = {
    ...misplaced,
    ...Object.fromEntries(writtenSecrets.map(({ path, cure }) => [formatDataPath(path), cure])),
  };
  const overrides = flatten(options.overrides ?? {});
  const merged = mergeSources({ located, settings: environment.settings, overrides });

  const result = configSchema.safeParse(merged.value);
  const problems = [
    ...located.problems,
    ...(result.success
      ? []
      : problemsFromIssues({ issues: result.error.issues, located: merged, schema: configSchema, misplaced: cures })),
    ...checkConfig(merged),
    ...environment.problems,
    ...secretProblems,
  ];
  const fileDir = dirname(file);
  const dirOf = (path: Path) => (merged.isFromFile(path) ? fileDir : cwd);
  if (problems.length > 0 || !result.success) {
    // The files that the configuration names are checked too, so that everything can be corrected at once.
    throw new ConfigurationError(sortByPlace([...problems, ...(await problemsOfFiles(merged, dirOf))]));
  }
  const settings = resolvePaths({ settings: result.data, dirOf, dataDirBase: isSample ? cwd : dirOf(['dataDir']) });
  return {
    settings,
    secrets: { ...secrets, connectors: environment.connectorSecrets },
    file: isSample || value !== undefined ? null : file,
    isSample,
    runsDir: settings.evaluation.runs ?? join(isSample || value !== undefined ? cwd : fileDir, 'runs'),
    locate: (path) => merged.locate(path),
  };
}

async function problemsOfFiles(merged: Merged, dirOf: (path: Path) => string): Promise<readonly Problem[]> {
  const taxonomy = field(merged.value, 'taxonomy') ?? configSchema.shape.taxonomy.parse(undefined);
  if (typeof taxonomy !== 'string') return [];
  const examples = list(field(merged.value, 'examples')).filter((file) => typeof file === 'string');
  const phrases = field(field(merged.value, 'urgency'), 'phrases');
  const { problems } = await readWorkspaceFiles({
    taxonomyFile: resolve(dirOf(['taxonomy']), taxonomy),
    exampleFiles: examples.map((file, index) => resolve(dirOf(['examples', index]), file)),
    urgencyPhrases: typeof phrases === 'string' ? resolve(dirOf(['urgency', 'phrases']), phrases) : {},
    value: merged.value,
    locate: merged.locate,
  });
  return problems;
}

function findFile(cwd: string): string | null {
  return fileNames.map((name) => join(cwd, name)).find((name) => existsSync(name)) ?? null;
}

async function readConfigFile(file: string, isNamed: boolean): Promise<LocatedYaml> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const message = isMissing
      ? 'the configuration file does not exist'
      : `the configuration file cannot be read (${cause})`;
    const cure = isNamed
      ? 'Check --config, or leave it out to use switchboard.yaml in the working folder.'
      : 'Check the rights of the file.';
    throw new ConfigurationError([{ file, line: null, message, cure }]);
  }
  const located = parseLocatedYaml({ text, file });
  // With invalid syntax there are no values that could be checked further.
  if (located.problems.length > 0) throw new ConfigurationError(located.problems);
  return located;
}

function resolvePaths(options: {
  settings: SwitchboardConfig;
  dirOf: (path: Path) => string;
  dataDirBase: string;
}): SwitchboardConfig {
  const { settings, dirOf, dataDirBase } = options;
  const absolute = (base: string, path: string) => (isAbsolute(path) ? path : resolve(base, path));
  const { dataset, adaptation } = settings.evaluation;
  const withPaths = (name: string, entry: ConnectorSettings): ConnectorSettings =>
    resolveEntryPaths(entry, {
      definitions: connectorDefinitions,
      resolvePath: (field, path) => absolute(dirOf(['connectors', name, field]), path),
    });
  const { phrases } = settings.urgency;
  return {
    ...settings,
    taxonomy: absolute(dirOf(['taxonomy']), settings.taxonomy),
    urgency: {
      phrases: typeof phrases === 'string' ? absolute(dirOf(['urgency', 'phrases']), phrases) : phrases,
    },
    examples: settings.examples.map((path, index) => absolute(dirOf(['examples', index]), path)),
    dataDir: absolute(dataDirBase, settings.dataDir),
    connectors: Object.fromEntries(
      Object.entries(settings.connectors).map(([name, entry]) => [name, withPaths(name, entry)]),
    ),
    evaluation: {
      ...settings.evaluation,
      dataset: dataset?.map((path, index) => absolute(dirOf(['evaluation', 'dataset', index]), path)),
      runs: settings.evaluation.runs && absolute(dirOf(['evaluation', 'runs']), settings.evaluation.runs),
      adaptation: adaptation && {
        taxonomy: adaptation.taxonomy && absolute(dirOf(['evaluation', 'adaptation', 'taxonomy']), adaptation.taxonomy),
        train: absolute(dirOf(['evaluation', 'adaptation', 'train']), adaptation.train),
        test: adaptation.test && absolute(dirOf(['evaluation', 'adaptation', 'test']), adaptation.test),
      },
    },
  };
}

/** Sorts by line within a file; files and variables keep the order of their first problem. */
function sortByPlace(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))];
  const lineOf = (problem: Problem) => problem.line ?? 0;
  return problems.toSorted((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || lineOf(a) - lineOf(b));
}
