import { z } from 'zod';
import { knownKeys, outlinesAt } from '../base/schema-outline.ts';
import { suggest } from '../base/schema-problems.ts';
import type { ConnectorSecrets } from '../connectors/create-connectors.ts';
import type { ConnectorDefinition } from '../connectors/definition.ts';
import { connectorDefinitions } from '../connectors/registry.ts';
import type { Problem } from '../errors.ts';
import { configSchema, type Secrets } from './config-schema.ts';
import { looksSecret, readConnectorSecrets, secretPlaces } from './connector-secrets.ts';
import { field, keys } from './fields.ts';
import { variableName } from './variable-name.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting from the environment: `SWITCHBOARD_CLAUDE__DEADLINE_MS=9000` has the path `claude`, `deadlineMs`. */
export type EnvironmentSetting = {
  readonly variable: string;
  readonly path: readonly string[];
  readonly value: unknown;
};

const PREFIX = 'SWITCHBOARD_';
const TOKEN_VARIABLE = 'SWITCHBOARD_TOKEN';
/** Variables with the prefix that are not settings: the token, and the one that bin/switchboard.js sets. */
const otherVariables = new Set([TOKEN_VARIABLE, 'SWITCHBOARD_LAUNCHED_BY_PID']);
/** Kubernetes sets these in each pod for a Service of the name "switchboard". */
const kubernetesVariable =
  /^SWITCHBOARD_(?:.+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_.+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_.+)?)$/;
const kubernetesPortValue = /^(?:tcp|udp|sctp):\/\//;

const outline: unknown = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });

/**
 * Reads settings and secrets of connectors from `SWITCHBOARD_…` variables; `__` separates the levels of a path.
 * `fileValue` is the value of the configuration file, whose own names (of connectors, targets, …) variables can contain.
 * Unknown variables are problems; empty ones count as not set.
 */
export function readEnvironment(options: {
  env: Environment;
  fileValue: unknown;
  definitions?: readonly ConnectorDefinition[];
}): {
  settings: readonly EnvironmentSetting[];
  connectorSecrets: ConnectorSecrets;
  problems: readonly Problem[];
} {
  const { env, fileValue, definitions = connectorDefinitions } = options;
  const secrets = secretPlaces({ connectors: field(fileValue, 'connectors'), env, definitions });
  const settings: EnvironmentSetting[] = [];
  const problems: Problem[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || otherVariables.has(variable) || text === undefined || text === '') continue;
    if (secrets.has(variable)) continue;
    if (kubernetesVariable.test(variable) || (variable.endsWith('_PORT') && kubernetesPortValue.test(text))) continue;
    const path = pathOf(variable.slice(PREFIX.length).split('__'), fileValue);
    if (path === null) {
      problems.push({
        ...placeOf(variable),
        message: 'there is no such setting',
        cure:
          suggestVariable(variable, fileValue, [...secrets.keys()]) ??
          'Unset it, or look up the right name in docs/configuration.md.',
      });
    } else if (!takesScalar(path)) {
      problems.push({
        ...placeOf(variable),
        message: `${path.join('.')} is not a single value, and a variable can only set one`,
        cure: 'Set it in the configuration file.',
      });
    } else settings.push({ variable, path, value: parseValue(text, path) });
  }
  return { settings, connectorSecrets: readConnectorSecrets(secrets, env), problems };
}

export function placeOf(variable: string): { file: string; line: null } {
  return { file: `environment variable ${variable}`, line: null };
}

/** Reads the other secrets. A wrong address is a problem whose message never repeats it, as it may contain a password. */
export function readSecrets(env: Environment): { secrets: Omit<Secrets, 'connectors'>; problems: readonly Problem[] } {
  const value = (name: string) => env[name]?.trim() || null;
  const secrets = {
    anthropicApiKey: value('ANTHROPIC_API_KEY'),
    anthropicBaseUrl: value('ANTHROPIC_BASE_URL'),
    voyageApiKey: value('VOYAGE_API_KEY'),
    databaseUrl: value('DATABASE_URL'),
    token: value(TOKEN_VARIABLE),
  };
  const problems: Problem[] = [];
  if (secrets.token !== null && !/^[\x21-\x7e]+$/.test(secrets.token)) {
    problems.push({
      ...placeOf('SWITCHBOARD_TOKEN'),
      message: 'it contains a space or another character that cannot be sent in a request',
      cure: 'Use only ASCII letters, digits and signs without spaces, for example from "openssl rand -hex 32".',
    });
  }
  if (secrets.databaseUrl !== null && !hasProtocol(secrets.databaseUrl, ['postgres:', 'postgresql:'])) {
    problems.push({
      ...placeOf('DATABASE_URL'),
      message: 'it is not the address of a PostgreSQL database',
      cure: 'Write it as postgres://user:password@host:5432/database, or unset it to use the embedded store.',
    });
  }
  if (secrets.anthropicBaseUrl !== null && !hasProtocol(secrets.anthropicBaseUrl, ['http:', 'https:'])) {
    problems.push({
      ...placeOf('ANTHROPIC_BASE_URL'),
      message: 'it is not a web address',
      cure: 'Write it as https://host, or unset it to use the public API.',
    });
  }
  return { secrets, problems };
}

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

/** Maps `CLAUDE`, `DEADLINE_MS` to `claude`, `deadlineMs`; null when no field has that name. */
function pathOf(parts: readonly string[], fileValue: unknown): string[] | null {
  const path: string[] = [];
  let written = fileValue;
  for (const part of parts) {
    const names = [...knownKeys(outline, path, fileValue), ...keys(written)];
    const name = names.find((candidate) => variableName(candidate) === part);
    if (name === undefined) return null;
    path.push(name);
    written = field(written, name);
  }
  return outlinesAt(outline, path, fileValue).length > 0 ? path : null;
}

function typesAt(path: readonly string[]): Set<string> {
  const types = outlinesAt(outline, path).flatMap((node) => {
    const type: unknown = Reflect.get(node, 'type');
    const isListOfTexts =
      type === 'array' && outlinesAt(node, [0]).some((item) => Reflect.get(item, 'type') === 'string');
    const hasWords = Reflect.has(node, 'enum') || Reflect.has(node, 'const');
    return [isListOfTexts ? 'texts' : String(type), ...(hasWords ? ['string'] : [])];
  });
  return new Set(types);
}

const scalarTypes = ['string', 'number', 'integer', 'boolean', 'null', 'texts'];

function takesScalar(path: readonly string[]): boolean {
  const types = typesAt(path);
  return scalarTypes.some((type) => types.has(type));
}

/** Converts a text to the type of the setting. What does not fit stays a text, which the schema refuses by its path. */
function parseValue(text: string, path: readonly string[]): unknown {
  const types = typesAt(path);
  if (types.has('null') && text === 'null') return null;
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if ((types.has('number') || types.has('integer')) && text.trim() !== '' && Number.isFinite(Number(text))) {
    return Number(text);
  }
  if (types.has('texts')) return text.split(',').map((item) => item.trim());
  return text;
}

function suggestVariable(variable: string, fileValue: unknown, secrets: readonly string[]): string | null {
  // For a secret, only other secrets are suggested: PASSWORD is spelt like PATH, but nobody means it.
  if (looksSecret.test(variable)) {
    const [connector, secret] = splitLast(variable);
    const near = [TOKEN_VARIABLE, ...secrets].filter((name) => {
      const [knownConnector, knownSecret] = splitLast(name);
      return knownConnector === connector || knownSecret === secret;
    });
    return suggest(variable, near);
  }
  const known = [...scalarVariables(fileValue), ...secrets];
  const deeper = known.filter((name) => name.endsWith(`__${variable.slice(PREFIX.length)}`));
  return deeper.length === 1 ? `Did you mean "${deeper[0]}"?` : suggest(variable, known);
}

function splitLast(variable: string): readonly [string, string] {
  const at = variable.lastIndexOf('__');
  return at === -1 ? ['', variable] : [variable.slice(0, at), variable.slice(at + 2)];
}

/** The names of all variables that set a single value, for suggestions; they include those of configured connectors. */
function scalarVariables(fileValue: unknown, path: readonly string[] = []): string[] {
  const written = path.reduce<unknown>(field, fileValue);
  const names = new Set([...knownKeys(outline, path, fileValue), ...keys(written)]);
  return [...names].flatMap((key) => {
    const here = [...path, key];
    const own = takesScalar(here) ? [PREFIX + here.map(variableName).join('__')] : [];
    return [...own, ...scalarVariables(fileValue, here)];
  });
}
