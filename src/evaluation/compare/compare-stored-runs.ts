import { InputError } from '../../errors.ts';
import { reloadDataset } from '../dataset/reload-dataset.ts';
import { readRun } from '../run/run-folder.ts';
import { type Comparison, compareRuns } from './compare-runs.ts';

export type { Comparison } from './compare-runs.ts';

/** Compares two runs of a folder. Throws NotFoundError; InputError when they are about different tickets. */
export async function compareStoredRuns(options: {
  readonly runsDir: string;
  /** An id, the beginning of one, or `latest`. */
  readonly first: string;
  readonly second: string;
}): Promise<Comparison> {
  const { runsDir } = options;
  const first = await readRun({ runsDir, id: options.first });
  const second = await readRun({ runsDir, id: options.second });
  const hashes = [first, second].map(({ manifest }) => manifest.dataset.map(({ sha256 }) => sha256).join());
  if (hashes[0] !== hashes[1]) {
    throw new InputError({
      message: `Runs ${first.manifest.id} and ${second.manifest.id} are about different tickets. Evaluate both on one data set.`,
    });
  }
  return compareRuns({ first, second, tickets: await reloadDataset(first.manifest) });
}
