import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseLocatedYaml } from '../../base/located-yaml.ts';
import { codeOf } from '../../base/safe-error.ts';
import { problemsFromIssues, suggest } from '../../base/schema-problems.ts';
import { field, keys } from '../../config/fields.ts';
import { type ConnectorDefinition, secretVariable } from '../../connectors/definition.ts';
import { ConfigurationError, UsageError } from '../../errors.ts';
import type { Asker, Choice } from './asker.ts';
import { listSettings } from './list-settings.ts';

/** Numbers are ids. */
const nameOrId = z.union([z.string().min(1), z.number().int().transform(String)]);

/** The file of `init --answers`: a field for each question. */
const answersSchema = z.strictObject({
  type: z.string().optional(),
  name: z.string().optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), z.string()).default({}),
  whenCheckFails: z.enum(['stop', 'go-on']).default('stop'),
  groups: z.array(nameOrId).default([]),
  taxonomy: z.enum(['sample', 'categories', 'file']).optional(),
  taxonomyFile: z.string().optional(),
  examples: z.enum(['sample', 'file', 'none']).optional(),
  examplesFile: z.string().optional(),
  teams: z.record(z.string(), nameOrId.nullable()).default({}),
  triage: nameOrId.nullable().optional(),
  webhook: z.boolean().default(false),
  webhookUrl: z.string().optional(),
  secretsTo: z.enum(['print', 'file']).default('print'),
  overwrite: z.boolean().default(false),
});
export type Answers = z.infer<typeof answersSchema>;

/** Reads a file of answers. Throws ConfigurationError that lists every problem of it, and UsageError without the file. */
export async function readAnswers(file: string): Promise<Answers> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read (${codeOf(error) ?? 'unknown error'}). Check --answers.`);
  });
  const located = parseLocatedYaml({ text, file });
  if (located.problems.length > 0) throw new ConfigurationError(located.problems);
  const result = answersSchema.safeParse(located.value ?? {});
  if (result.success) return result.data;
  throw new ConfigurationError(
    problemsFromIssues({ issues: result.error.issues, located, schema: answersSchema, rootName: 'the answers' }),
  );
}

/** Throws UsageError that lists every answer without which nothing can be set up. */
export function assertComplete(options: {
  readonly answers: Answers;
  readonly definitions: readonly ConnectorDefinition[];
  readonly env: Readonly<Record<string, string | undefined>>;
}): void {
  const { answers, definitions, env } = options;
  const { type, name = '', settings, secrets } = answers;
  const definition = definitions.find((candidate) => candidate.type === type);
  const missing: string[] = [];
  if (type === undefined) missing.push(`type: one of ${definitions.map((known) => known.type).join(', ')}`);
  for (const { path, description, isRequired } of definition === undefined ? [] : listSettings(definition)) {
    const given = path.reduce<unknown>(field, settings);
    if (isRequired && given === undefined) missing.push(`settings.${path.join('.')}: ${description}`);
  }
  for (const secret of definition?.secrets ?? []) {
    const variable = secretVariable({ connector: name === '' ? defaultName(type) : name, secret: secret.name });
    if (secret.required && !secrets[secret.name] && !env[variable]) {
      missing.push(`${variable} in the environment, or secrets.${secret.name}: ${secret.description}`);
    }
  }
  if (answers.taxonomy === undefined) missing.push('taxonomy: one of sample, categories, file');
  for (const what of ['taxonomy', 'examples'] as const) {
    if (answers[what] === 'file' && answers[`${what}File`] === undefined) missing.push(`${what}File: its path`);
  }
  if (answers.webhook && answers.webhookUrl === undefined) {
    missing.push('webhookUrl: where helpdesks reach this server, for example https://hooks.acme.example');
  }
  const known = definition?.secrets.map((secret) => secret.name) ?? [];
  const unknown = definition === undefined ? [] : Object.keys(secrets).filter((secret) => !known.includes(secret));
  if (unknown.length > 0) {
    const list = known.length === 0 ? 'It has none.' : `It has ${known.join(', ')}.`;
    throw new UsageError(`The type ${type} has no secret ${unknown.join(', ')}. ${list}`);
  }
  if (missing.length > 0) {
    throw new UsageError(`The answers lack:\n${missing.map((line) => `  ${line}`).join('\n')}`);
  }
}

/** The connector's name when nothing else is said. `api` is the one that the HTTP API delivers by. */
export const defaultName = (type: string | undefined): string => (type === 'file' ? 'api' : 'desk');

/** Takes answers from a file and asks nobody. Throws UsageError for an answer that cannot be. */
export function createAnswersAsker(answers: Answers, say: (text: string) => void): Asker {
  const given = (name: string): unknown => {
    const [first = '', ...rest] = name.split('.');
    // The name of a team's question ends with an intent, which is one key and not a path.
    const path = first === 'teams' && rest.length > 0 ? [rest.join('.')] : rest;
    return path.reduce<unknown>(field, field(answers, first));
  };
  const refuse = (name: string, fault: string) => new UsageError(`The answer to ${name} cannot be used: ${fault}`);
  const pick = (name: string, value: unknown, choices: readonly Choice[], whenUnknown?: string): string => {
    const wanted = value === null ? 'none' : String(value);
    const found =
      choices.find((choice) => choice.value === wanted) ??
      choices.find((choice) => choice.label.toLowerCase() === wanted.toLowerCase());
    if (found !== undefined) return found.value;
    const labels = choices.map(({ label }) => label);
    const cure = whenUnknown ?? suggest(wanted, labels) ?? `Choose one of: ${labels.join(', ')}.`;
    throw refuse(name, `there is no "${wanted}". ${cure}`);
  };
  return {
    canAskAgain: false,
    async text({ name, suggested = '', initial = suggested, isOptional = false, findFault }) {
      const value = given(name);
      const text = value === undefined ? initial : String(value).trim();
      if (text === '' && !isOptional) throw refuse(name, 'it is missing.');
      const fault = text === '' ? null : (findFault?.(text) ?? null);
      if (fault !== null) throw refuse(name, fault);
      return text;
    },
    secret: async ({ name }) => String(given(name) ?? '').trim(),
    async choose({ name, choices, initial }) {
      const value = given(name);
      if (value === undefined && initial !== undefined) return initial;
      return pick(name, value, choices);
    },
    async chooseMany({ name, choices, initial, whenUnknown }) {
      const value = given(name);
      // Of `teams`, a map, the keys are what is chosen; each has a question of its own.
      const items = Array.isArray(value) ? value : keys(value);
      return items.length > 0 ? items.map((item) => pick(name, item, choices, whenUnknown)) : initial;
    },
    async confirm({ name, initial }) {
      const value = given(name);
      return typeof value === 'boolean' ? value : initial;
    },
    say,
  };
}
