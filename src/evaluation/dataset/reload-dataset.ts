import { ConfigurationError, InputError } from '../../errors.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import type { RunManifest } from '../run/run-manifest.ts';
import { loadDataset } from './load-dataset.ts';

/** Reads the tickets of a run again. Throws `InputError` when their files have changed since, or are missing. */
export async function reloadDataset({ id, dataset }: RunManifest): Promise<readonly LabelledTicket[]> {
  const loaded = await loadDataset({ files: dataset.map(({ path }) => path), taxonomy: null }).catch(
    (cause: unknown) => {
      if (!(cause instanceof ConfigurationError)) throw cause;
      const what = cause.problems.map(({ file, message }) => `${file}: ${message}`).join('; ');
      throw new InputError({
        message: `The data set of run ${id} cannot be read any more (${what}). Restore it, or start a new run.`,
        cause,
      });
    },
  );
  const changed = dataset.filter(({ sha256 }, i) => loaded.files[i]?.sha256 !== sha256).map(({ path }) => path);
  if (changed.length > 0) {
    throw new InputError({
      message: `The data set of run ${id} has changed since: ${changed.join(', ')}. Restore it, or start a new run.`,
    });
  }
  return loaded.tickets;
}
