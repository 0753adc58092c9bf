import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { findMissingPackage } from '../classifiers/retrieval/embedders/create-transformers-embedder.ts';
import { findEntryProblems } from '../connectors/create-connectors.ts';
import { ConfigurationError, type Problem } from '../errors.ts';
import { findBindingFault } from './check-binding.ts';
import type { LoadedConfig } from './config-schema.ts';
import { describeEngine } from './describe-engine.ts';
import { placeOf } from './place-of.ts';

/** What a process does, which decides what it needs. Both are true when left out. */
export type ProcessParts = {
  /** It serves HTTP on `server.host`. */
  readonly listens?: boolean;
  /** It decides tickets itself. */
  readonly hasEngine?: boolean;
};

/**
 * Why a process could not run with a configuration that is otherwise right: the environment lacks a secret that it needs,
 * other machines could reach its server without a token, or it cannot write where it should. Every problem has its place in the file.
 */
export function checkRunnable(
  config: LoadedConfig,
  { listens = true, hasEngine = true }: ProcessParts = {},
): Problem[] {
  const { settings, secrets } = config;
  return [
    ...(listens ? [...findOpenBinding(config), ...findAuthWithoutToken(config)] : []),
    ...(hasEngine ? findMissingKeys(config) : []),
    ...findUnwritable(config),
    ...Object.entries(settings.connectors).flatMap(([name, connector]) => {
      const found = findEntryProblems({ settings: { [name]: connector }, secrets: secrets.connectors, file: '' });
      return found.map(({ path, ...problem }) => ({ ...problem, ...placeOf(config, ['connectors', ...path]) }));
    }),
  ];
}

/** Throws `ConfigurationError` with every problem of `checkRunnable`. */
export function assertRunnable(config: LoadedConfig, parts: ProcessParts): void {
  const problems = checkRunnable(config, parts);
  if (problems.length > 0) throw new ConfigurationError(problems);
}

function findOpenBinding(config: LoadedConfig): Problem[] {
  const fault = findBindingFault({ host: config.settings.server.host, token: config.secrets.token });
  return fault === null ? [] : [{ ...placeOf(config, ['server', 'host']), ...fault }];
}

/** Without a token everybody on the machine would be asked by the proxy, and commands could not reach the server. */
function findAuthWithoutToken(config: LoadedConfig): Problem[] {
  const { token } = config.secrets;
  if (config.settings.server.auth === undefined || (token !== null && token !== '')) return [];
  return [
    {
      ...placeOf(config, ['server', 'auth']),
      message:
        'server.auth is set and SWITCHBOARD_TOKEN is not, so that commands and programs could not reach the server',
      cure: 'Set SWITCHBOARD_TOKEN to a long random text (for example from "openssl rand -hex 32").',
    },
  ];
}

/** A folder that is a file, and a file that is a folder. */
function findUnwritable(config: LoadedConfig): Problem[] {
  const { dataDir, connectors } = config.settings;
  const problems: Problem[] = [];
  if (kindOf(dataDir) === 'file') {
    const message = `dataDir is ${dataDir}, which is not a folder`;
    problems.push({ ...placeOf(config, ['dataDir']), message, cure: 'Name a folder; it is made when it is missing.' });
  }
  for (const [name, settings] of Object.entries(connectors)) {
    const wanted = settings.type === 'file' ? 'file' : settings.type === 'folder' ? 'folder' : null;
    if (wanted === null || !('path' in settings)) continue;
    const path = resolve(dataDir, String(settings.path));
    const found = kindOf(path);
    if (found === null || found === wanted) continue;
    const message = `connectors.${name}.path is ${path}, which is a ${found}`;
    const cure = wanted === 'file' ? 'Name a file in it.' : 'Name the folder that files are put into.';
    problems.push({ ...placeOf(config, ['connectors', name, 'path']), message, cure });
  }
  return problems;
}

function kindOf(path: string): 'file' | 'folder' | null {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return null; // it is made later, or the start says why it cannot be read
  }
}

function findMissingKeys(config: LoadedConfig): Problem[] {
  if (!showsExamples(config)) return [];
  const problems = config.secrets.anthropicApiKey === null ? [missingApiKey(config)] : [];
  return [...problems, ...findMissingForEmbedder(config)];
}

/** What the embedder of the examples for Claude lacks: a key, or a package. */
export function findMissingForEmbedder(config: LoadedConfig): Problem[] {
  const { settings, secrets } = config;
  const { embedder } = settings.retrieval;
  if (!showsExamples(config) || typeof embedder === 'string') return [];
  const place = placeOf(config, ['retrieval', 'embedder']);
  if (embedder.type === 'transformers') {
    const missing = findMissingPackage();
    return missing === null ? [] : [{ ...place, ...missing }];
  }
  if (secrets.voyageApiKey !== null) return [];
  const message = 'retrieval.embedder is of the type voyage and VOYAGE_API_KEY is not set';
  return [{ ...place, message, cure: 'Set it, or choose the embedder "embedded", which needs nothing.' }];
}

function showsExamples(config: LoadedConfig): boolean {
  const { kind } = describeEngine(config);
  return kind === 'claude' || kind === 'cascade';
}

/** The problem of an engine that calls Claude and has no key for it. */
export function missingApiKey(config: LoadedConfig): Problem {
  return {
    ...placeOf(config, ['classifier']),
    message: `classifier is "${String(config.settings.classifier)}" and ANTHROPIC_API_KEY is not set`,
    cure: 'Set it, or choose the classifier "auto" or "local".',
  };
}
