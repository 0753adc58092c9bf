import { parentPort, workerData } from 'node:worker_threads';
import { packModel, writeModelFile } from './model-file.ts';
import type { TrainerMessage, TrainingJob } from './train-in-worker.ts';
import { trainModel } from './train-model.ts';

// Entry of the training thread: one job, then it ends.

const post = (message: TrainerMessage, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer);

const job = workerData as TrainingJob; // Written by trainInWorker, the only one that starts this file.
const model = trainModel({
  examples: job.examples,
  profiles: job.profiles,
  onProgress: (progress) => post({ kind: 'progress', ...progress }),
});
const bytes = packModel(model, job.key);
if (job.cacheDir !== null) await writeModelFile(job.cacheDir, job.key, bytes);
post({ kind: 'model', bytes }, [bytes]);
