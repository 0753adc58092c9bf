import { z } from 'zod';
import { knownKeys, outlinesAt, suggest } from '../base/schema-problems.ts';
import type { Problem } from '../errors.ts';
import { configSchema, type Secrets } from './config-schema.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting from the environment, for example `SWITCHBOARD_CLAUDE__DEADLINE_MS=9000`. */
export type EnvironmentSetting = {
  readonly variable: string;
  readonly path: readonly string[];
  readonly value: unknown;
};

const PREFIX = 'SWITCHBOARD_';
/** Variables with the prefix that are not settings: the token, and the mark that bin/switchboard.js leaves. */
const otherVariables = new Set(['SWITCHBOARD_TOKEN', 'SWITCHBOARD_LAUNCHED_BY_PID']);
/** Kubernetes gives each pod these for a Service that is called "switchboard". */
const kubernetesVariable =
  /^SWITCHBOARD_(?:.+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_.+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_.+)?)$/;
const kubernetesPortValue = /^(?:tcp|udp|sctp):\/\//;

const outline: unknown = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });

/**
 * Settings from `SWITCHBOARD_…` variables; `__` goes one level down. `fileValue` is the configuration file: its names
 * of connectors, targets and so on can be addressed too. Unknown variables are problems, empty ones count as unset.
 */
export function readEnvironment(options: { env: Environment; fileValue: unknown }): {
  settings: readonly EnvironmentSetting[];
  problems: readonly Problem[];
} {
  const settings: EnvironmentSetting[] = [];
  const problems: Problem[] = [];
  for (const [variable, text] of Object.entries(options.env)) {
    if (!variable.startsWith(PREFIX) || otherVariables.has(variable) || text === undefined || text === '') continue;
    if (kubernetesVariable.test(variable) || (variable.endsWith('_PORT') && kubernetesPortValue.test(text))) continue;
    const path = pathOf(variable.slice(PREFIX.length).split('__'), options.fileValue);
    if (path === null) {
      problems.push({
        ...placeOf(variable),
        message: 'there is no such setting',
        cure: suggestVariable(variable) ?? `Unset it, or see the configuration's fields for the right name.`,
      });
    } else if (!takesScalar(path)) {
      problems.push({
        ...placeOf(variable),
        message: `${path.join('.')} is not a single value`,
        cure: 'Set it in the configuration file.',
      });
    } else settings.push({ variable, path, value: parseValue(text, path) });
  }
  return { settings, problems };
}

export function placeOf(variable: string): { file: string; line: null } {
  return { file: `environment variable ${variable}`, line: null };
}

/** Secrets of the environment. A wrong address is a problem; its value is never repeated, it may hold a password. */
export function readSecrets(env: Environment): { secrets: Secrets; problems: readonly Problem[] } {
  const value = (name: string) => env[name]?.trim() || null;
  const secrets: Secrets = {
    anthropicApiKey: value('ANTHROPIC_API_KEY'),
    anthropicBaseUrl: value('ANTHROPIC_BASE_URL'),
    voyageApiKey: value('VOYAGE_API_KEY'),
    databaseUrl: value('DATABASE_URL'),
    token: value('SWITCHBOARD_TOKEN'),
  };
  const problems: Problem[] = [];
  if (secrets.token !== null && !/^[\x21-\x7e]+$/.test(secrets.token)) {
    problems.push({
      ...placeOf('SWITCHBOARD_TOKEN'),
      message: 'it holds a space or another character that no request could send',
      cure: 'Use letters, digits and signs of ASCII without spaces, for example from "openssl rand -hex 32".',
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

/** `CLAUDE`, `DEADLINE_MS` to `claude`, `deadlineMs`; null when no field has that name. */
function pathOf(parts: readonly string[], fileValue: unknown): string[] | null {
  const path: string[] = [];
  let written = fileValue;
  for (const part of parts) {
    const isWritten = typeof written === 'object' && written !== null && !Array.isArray(written);
    const names = [...knownKeys(outline, path), ...(isWritten ? Object.keys(written as object) : [])];
    const name = names.find((candidate) => variableName(candidate) === part);
    if (name === undefined) return null;
    path.push(name);
    written = isWritten ? Reflect.get(written as object, name) : undefined;
  }
  return outlinesAt(outline, path).length > 0 ? path : null;
}

/** `deadlineMs` to `DEADLINE_MS`, `routing-accuracy` to `ROUTING_ACCURACY`. */
function variableName(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
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

/** The text as the type that the setting has; what does not fit stays text, and the schema refuses it by name. */
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

function suggestVariable(variable: string): string | null {
  const known = scalarVariables();
  const deeper = known.filter((name) => name.endsWith(`__${variable.slice(PREFIX.length)}`));
  return deeper.length === 1 ? `Did you mean "${deeper[0]}"?` : suggest(variable, known);
}

/** Names of all variables that set a single value, for suggestions. */
function scalarVariables(path: readonly string[] = []): string[] {
  return knownKeys(outline, path).flatMap((key) => {
    const here = [...path, key];
    const own = takesScalar(here) ? [PREFIX + here.map(variableName).join('__')] : [];
    return [...own, ...scalarVariables(here)];
  });
}
