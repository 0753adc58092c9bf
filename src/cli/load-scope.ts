import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LoadedConfig } from '../config/config-schema.ts';
import { loadWorkspace, type Workspace, withTaxonomy } from '../config/load-workspace.ts';
import { UsageError } from '../errors.ts';
import { loadDataset } from '../evaluation/dataset/load-dataset.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import type { CliIo } from './io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from './load-command-config.ts';

/** The message when no data set is named. `usage` is an example of the command with a data set. */
export const noDataset = (usage: string): string =>
  `There is no data set. Name a file of labelled tickets:\n  $ ${usage}\nor set it in switchboard.yaml:\n  evaluation: { dataset: tickets.jsonl }`;

/** The flags that `addScopeOptions` adds, and those that choose the data set. */
export type ScopeFlags = ConfigOption & {
  readonly dataset?: readonly string[];
  readonly taxonomy?: string;
  readonly examples?: readonly string[];
  /** A run to continue, which has its own data set. */
  readonly resume?: string;
  /** Whether to use the examples of the store too. */
  readonly stored?: boolean;
};

export function addScopeOptions(command: Command): Command {
  return addConfigOption(addDataOption(command))
    .option('--taxonomy <file>', 'taxonomy in place of the configured one')
    .option('--examples <files...>', 'files that the engine learns from (default: `examples` of the configuration)');
}

/** What a command works on. */
export type Scope = {
  readonly config: LoadedConfig;
  readonly workspace: Workspace;
  readonly files: readonly string[];
  readonly tickets: readonly LabelledTicket[];
};

/**
 * Loads the configuration and applies the flags; files in flags are relative to the working folder. Throws `UsageError`
 * for another taxonomy without a data set, unless `needsDataset` is false.
 */
export async function loadScopeConfig(
  io: CliIo,
  flags: ScopeFlags & { readonly classifier?: LoadedConfig['settings']['classifier']; readonly needsDataset?: boolean },
): Promise<LoadedConfig> {
  const at = (file: string) => resolve(io.cwd, file);
  const { needsDataset = true } = flags;
  if (needsDataset && flags.taxonomy !== undefined && flags.dataset === undefined && flags.resume === undefined) {
    throw new UsageError('--taxonomy needs a data set: the configured one is labelled for the configured taxonomy.');
  }
  const overrides = { classifier: flags.classifier, ...(flags.examples && { examples: flags.examples.map(at) }) };
  const loaded = await loadCommandConfig(io, { ...flags, overrides, quiet: flags.taxonomy !== undefined });
  if (flags.taxonomy === undefined) return loaded;
  return withTaxonomy(loaded, { taxonomy: at(flags.taxonomy), examples: flags.examples?.map(at) ?? [] });
}

/**
 * Loads the configuration, the taxonomy, the examples and the data set. Throws `UsageError` when no data set is named;
 * with `examplesSuffice`, only when there are no examples either.
 */
export async function loadScope(
  io: CliIo,
  flags: ScopeFlags & { readonly examplesSuffice?: boolean; readonly usage: string },
): Promise<Scope> {
  const config = await loadScopeConfig(io, flags);
  const files = flags.dataset?.map((file) => resolve(io.cwd, file)) ?? config.settings.evaluation.dataset ?? [];
  const { examplesSuffice = false } = flags;
  if (files.length === 0 && !(examplesSuffice && config.settings.examples.length > 0)) {
    throw new UsageError(noDataset(flags.usage));
  }
  const workspace = await loadWorkspace(config);
  const tickets = files.length === 0 ? [] : (await loadDataset({ files, taxonomy: workspace.taxonomy })).tickets;
  return { config, workspace, files, tickets };
}
