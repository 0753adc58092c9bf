import { Worker } from 'node:worker_threads';
import type { EncoderModel } from './encoder/weights.ts';
import { describeTrainingFailure } from './engine-failure.ts';
import type { TrainingProgress } from './train-model.ts';
import type { IntentProfile, TrainingRow } from './training-data.ts';

/** The input of the training thread. */
export type TrainingJob = {
  readonly key: string;
  readonly cacheDir: string | null;
  /** With null, sentences are not encoded. */
  readonly encoderModel: EncoderModel | null;
  /** In the order of their ids. */
  readonly examples: readonly TrainingRow[];
  readonly profiles: readonly IntentProfile[];
};

export type TrainerMessage =
  | { readonly kind: 'progress'; readonly step: string; readonly done: number; readonly total: number }
  /** A model packed by `packModel`. */
  | { readonly kind: 'result'; readonly model: ArrayBuffer };

const trainerFile = import.meta.url.endsWith('.ts') ? './trainer-worker.ts' : './trainer-worker.js';

/** Trains in a separate thread, so that the engine can answer in the meantime. Returns the packed model. */
export function trainInWorker(job: TrainingJob, onProgress: TrainingProgress): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(trainerFile, import.meta.url), { workerData: job, execArgv: [] });
    worker.on('message', (message: TrainerMessage) => {
      if (message.kind === 'progress') onProgress(message);
      else resolve(message.model);
    });
    worker.on('error', (cause) =>
      reject(new Error(describeTrainingFailure({ cause, exampleCount: job.examples.length }), { cause })),
    );
    worker.on('exit', (code) => reject(new Error(`the training thread ended early with code ${code}`)));
  });
}
