import { Worker } from 'node:worker_threads';
import { describeTrainingFailure } from './engine-failure.ts';
import type { TrainingProgress } from './train-model.ts';
import type { IntentProfile, TrainingRow } from './training-data.ts';

/** What the training thread is started with. */
export type TrainingJob = {
  readonly key: string;
  readonly cacheDir: string | null;
  readonly useEncoder: boolean;
  readonly examples: readonly TrainingRow[];
  readonly profiles: readonly IntentProfile[];
};

/** The packed model, and the sentence vectors of the examples in their order (zeros where there is none). */
export type TrainingResult = { readonly model: ArrayBuffer; readonly vectors: Float32Array };

export type TrainerMessage =
  | { readonly kind: 'progress'; readonly step: string; readonly done: number; readonly total: number }
  | ({ readonly kind: 'result' } & TrainingResult);

const trainerFile = import.meta.url.endsWith('.ts') ? './trainer-worker.ts' : './trainer-worker.js';

/** Trains in a thread of its own, so that the engine goes on answering. */
export function trainInWorker(job: TrainingJob, onProgress: TrainingProgress): Promise<TrainingResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(trainerFile, import.meta.url), { workerData: job, execArgv: [] });
    worker.on('message', (message: TrainerMessage) => {
      if (message.kind === 'progress') onProgress(message);
      else resolve(message);
    });
    worker.on('error', (cause) =>
      reject(new Error(describeTrainingFailure({ cause, exampleCount: job.examples.length }), { cause })),
    );
    worker.on('exit', (code) => reject(new Error(`the training thread ended early with code ${code}`)));
  });
}
