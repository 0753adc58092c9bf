import { UsageError } from '../../errors.ts';
import { createRunFolder, newRunId, type RunFolder, resumeRunFolder } from './run-folder.ts';
import { differencesBetween, type RunManifest } from './run-manifest.ts';

/** Starts a run, or opens the one to resume after checking that nothing it depends on has changed. */
export async function openRun(options: {
  readonly runsDir: string;
  readonly resume?: string;
  readonly draft: Omit<RunManifest, 'id' | 'startedAt'>;
  readonly now?: Date;
}): Promise<RunFolder> {
  const { runsDir, draft } = options;
  const now = options.now ?? new Date();
  if (options.resume === undefined) {
    return createRunFolder({ runsDir, manifest: { id: newRunId(now), startedAt: now.toISOString(), ...draft } });
  }
  const run = await resumeRunFolder({ runsDir, id: options.resume });
  const changed = differencesBetween(run.manifest, { ...run.manifest, ...draft });
  if (changed.length > 0) {
    run.close();
    throw new UsageError(
      `Run ${run.id} cannot go on: since it started, these have changed: ${changed.map(({ text }) => text).join(', ')}. Restore them, or start a new run without --resume.`,
    );
  }
  return run;
}
