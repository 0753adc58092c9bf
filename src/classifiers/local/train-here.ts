import { describeTrainingFailure } from './engine-failure.ts';
import type { TextVectors } from './parts.ts';
import type { TrainingProgress } from './train-model.ts';
import type { TrainingJob } from './training-job.ts';

/** Trains in this thread, which does nothing else in the meantime: for few examples. Returns the packed model. */
export async function trainHere(options: {
  job: TrainingJob;
  readMany: (texts: readonly string[]) => Promise<readonly TextVectors[]>;
  onProgress: TrainingProgress;
}): Promise<ArrayBuffer> {
  const { job, ...rest } = options;
  try {
    // Loaded here, because an engine with many examples, or with a cached model, never needs it.
    const { runTrainingJob } = await import('./training-job.ts');
    return (await runTrainingJob(job, rest)).bytes;
  } catch (cause) {
    throw new Error(describeTrainingFailure({ cause, exampleCount: job.examples.length }), { cause });
  }
}
