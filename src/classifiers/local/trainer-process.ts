import { codeOf } from '../../base/safe-error.ts';
import { yieldToOtherThreads } from '../../base/thread-priority.ts';
import type { TextVectors } from './parts.ts';
import type { TrainerMessage, TrainerRequest } from './train-in-child.ts';
import type { TrainingProgress } from './train-model.ts';
import { runTrainingJob } from './training-job.ts';

// Entry point of the training process, which does one job and ends.

/** Progress is reported at most this often. */
const PROGRESS_EVERY_MS = 100;

const parent = process.ppid;
/** The first is reported at once. */
let reportedAt = Number.NEGATIVE_INFINITY;
let onVectors: (vectors: readonly TextVectors[] | null) => void = () => undefined;

const post = (message: TrainerMessage, done: () => void = () => undefined) => process.send?.(message, done);

const onProgress: TrainingProgress = (progress) => {
  const now = performance.now();
  if (now - reportedAt < PROGRESS_EVERY_MS && progress.done < progress.total) return;
  reportedAt = now;
  // Nobody wants the model any more. During training this process does not notice in another way.
  if (process.ppid !== parent) process.exit(1);
  post({ kind: 'progress', ...progress });
};

yieldToOtherThreads();
process.on('disconnect', () => process.exit(1));
process.on('message', (message) => {
  const request = message as TrainerRequest; // Only trainInChild starts this file.
  if (request.kind === 'vectors') onVectors(request.vectors);
  else void runTrainingJob(request.job, { readMany, onProgress }).then(end, fail);
});

/** A message of megabytes would hold up the engine's thread: where it can, the engine reads the model from its file. */
function end({ bytes, isSaved }: { bytes: ArrayBuffer; isSaved: boolean }): void {
  post({ kind: 'result', model: isSaved ? null : new Uint8Array(bytes) }, () => process.exit(0));
}

function fail(error: unknown): void {
  const code = codeOf(error) ?? (error instanceof Error ? error.name : typeof error);
  post({ kind: 'failure', isTooLarge: error instanceof RangeError, code }, () => process.exit(1));
}

/** Asks the engine, whose encoder has the weights. */
function readMany(texts: readonly string[]): Promise<readonly TextVectors[]> {
  return new Promise((resolve) => {
    onVectors = (vectors) => (vectors === null ? process.exit(1) : resolve(vectors));
    post({ kind: 'texts', texts });
  });
}
