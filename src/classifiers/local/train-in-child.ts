import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeTrainingFailure, TrainerEnd } from './engine-failure.ts';
import { readModelBytes } from './model-file.ts';
import type { TextVectors } from './parts.ts';
import type { TrainingProgress } from './train-model.ts';
import type { TrainingJob } from './training-job.ts';

export type TrainerRequest =
  | { readonly kind: 'job'; readonly job: TrainingJob }
  /** The reply to `texts`; null where they could not be read. */
  | { readonly kind: 'vectors'; readonly vectors: readonly TextVectors[] | null };

export type TrainerMessage =
  | { readonly kind: 'progress'; readonly step: string; readonly done: number; readonly total: number }
  /** Texts that are not in the cache, to be encoded where the encoder is. */
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'failure'; readonly isTooLarge: boolean; readonly code: string }
  /** A model packed by `packModel`; null where it is in the file of its key. */
  | { readonly kind: 'result'; readonly model: Uint8Array | null };

const trainerFile = import.meta.url.endsWith('.ts') ? './trainer-process.ts' : './trainer-process.js';

/**
 * Trains in a process of its own, which takes its memory with it when it ends: a thread leaves a hundred megabytes behind.
 * The engine answers in the meantime. Returns the packed model.
 */
export function trainInChild(options: {
  job: TrainingJob;
  readMany: (texts: readonly string[]) => Promise<readonly TextVectors[]>;
  onProgress: TrainingProgress;
  /** Called with the number of the process, and with null when it has ended. */
  onProcess: (pid: number | null) => void;
  /** For tests: how the model that the process has saved is read. */
  readModel?: typeof readModelBytes;
}): Promise<ArrayBuffer> {
  const { job, readMany, onProgress, onProcess, readModel = readModelBytes } = options;
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(trainerFile, import.meta.url)), {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    onProcess(child.pid ?? null);
    let hasResult = false;
    const fail = (cause: unknown) =>
      reject(new Error(describeTrainingFailure({ cause, exampleCount: job.examples.length }), { cause }));
    // A process that has just ended takes no message; 'exit' says so.
    const send = (request: TrainerRequest) => child.send(request, () => undefined);
    child.on('message', (message) => {
      // Only the training process is on the other side.
      const received = message as TrainerMessage;
      switch (received.kind) {
        case 'progress':
          return onProgress(received);
        case 'texts':
          return void readMany(received.texts).then(
            (vectors) => send({ kind: 'vectors', vectors }),
            (error: unknown) => {
              fail(error);
              send({ kind: 'vectors', vectors: null });
            },
          );
        case 'failure':
          return fail(received.isTooLarge ? new RangeError(received.code) : { code: received.code });
        case 'result':
          hasResult = true;
          return received.model === null
            ? void readModel(job.cacheDir ?? '', job.key).then(resolve, fail)
            : resolve(new Uint8Array(received.model).buffer);
        default:
          received satisfies never;
      }
    });
    child.on('error', fail);
    child.on('exit', (code, signal) => {
      onProcess(null);
      // After its result the process ends, often before its model has been read.
      if (!hasResult) fail(new TrainerEnd({ code, signal }));
    });
    send({ kind: 'job', job });
  });
}
