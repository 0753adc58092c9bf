import { stat } from 'node:fs/promises';
import { formatDataPath, type Path } from '../base/located-yaml.ts';
import { ConfigurationError, type Problem } from '../errors.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { checkRunnable } from './check-runnable.ts';
import type { LoadedConfig } from './config-schema.ts';
import { readLabelledTickets } from './labelled-tickets.ts';
import { loadWorkspace, type Workspace } from './load-workspace.ts';
import { placeOf } from './place-of.ts';

export type ExaminedConfig = {
  readonly workspace: Workspace;
  /** The tickets of `evaluation.dataset`. */
  readonly dataset: readonly LabelledTicket[];
};

/**
 * Reads every file that a configuration names and checks that a process could start with it. Throws `ConfigurationError`
 * with every problem found.
 */
export async function examineConfig(config: LoadedConfig): Promise<ExaminedConfig> {
  const problems: Problem[] = checkRunnable(config);
  const collect = async <T>(load: () => Promise<T>): Promise<T | null> => {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };
  const workspace = await collect(() => loadWorkspace(config));
  const missing = await findMissingFiles(config);
  problems.push(...missing.map(({ problem }) => problem));
  const dataset = (await collect(() => readDataset({ config, taxonomy: workspace?.taxonomy ?? null, missing }))) ?? [];
  if (problems.length > 0 || workspace === null) throw new ConfigurationError(problems);
  return { workspace, dataset };
}

type MissingFile = { readonly file: string; readonly problem: Problem };

/** The files of `evaluation` that do not exist. */
async function findMissingFiles(config: LoadedConfig): Promise<MissingFile[]> {
  const { dataset = [], adaptation } = config.settings.evaluation;
  const isList = dataset.length > 1;
  const named: [Path, string | undefined][] = [
    ...dataset.map((file, index): [Path, string] => [['dataset', ...(isList ? [index] : [])], file]),
    [['adaptation', 'taxonomy'], adaptation?.taxonomy],
    [['adaptation', 'train'], adaptation?.train],
    [['adaptation', 'test'], adaptation?.test],
  ];
  const missing: MissingFile[] = [];
  for (const [path, file] of named) {
    if (file === undefined || (await isFile(file))) continue;
    const whole = ['evaluation', ...path];
    missing.push({
      file,
      problem: {
        ...placeOf(config, whole),
        message: `${formatDataPath(whole)}: there is no file ${file}`,
        cure: 'Correct the path, or remove the line.',
      },
    });
  }
  return missing;
}

async function readDataset(options: {
  config: LoadedConfig;
  taxonomy: Taxonomy | null;
  missing: readonly MissingFile[];
}): Promise<LabelledTicket[]> {
  const { config, taxonomy, missing } = options;
  const files = (config.settings.evaluation.dataset ?? []).filter((name) => !missing.some(({ file }) => file === name));
  const problems: Problem[] = [];
  const tickets: LabelledTicket[] = [];
  for (const file of files) {
    try {
      tickets.push(...(await readLabelledTickets({ file, taxonomy })));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return tickets;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
