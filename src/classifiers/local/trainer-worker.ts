import { parentPort, workerData } from 'node:worker_threads';
import { packModel, writeModelFile } from './model-file.ts';
import type { LabelledText, TextVectors } from './parts.ts';
import { encodeTexts } from './read-texts.ts';
import { extractFeatures, tokenise } from './text-features.ts';
import type { TrainerMessage, TrainingJob } from './train-in-worker.ts';
import { type TrainingProgress, trainModel } from './train-model.ts';
import { evenOut, profileRows, type TrainingRow } from './training-data.ts';
import { hashText, type VectorCache } from './vector-cache.ts';

// Entry point of the training thread, which does one job and ends.

/** Progress is reported at most this often. */
const PROGRESS_EVERY_MS = 100;

const post = (message: TrainerMessage, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer);
let reportedAt = 0;
const onProgress: TrainingProgress = (progress) => {
  const now = performance.now();
  if (now - reportedAt < PROGRESS_EVERY_MS && progress.done < progress.total) return;
  reportedAt = now;
  post({ kind: 'progress', ...progress });
};

await run(workerData as TrainingJob); // Only trainInWorker starts this file, with a TrainingJob.

async function run(job: TrainingJob): Promise<void> {
  const profiles = profileRows(job.profiles);
  const readable = [...job.examples, ...profiles].filter((row) => row.isReadable).map(({ text }) => text);
  const { encoderModel, cacheDir } = job;
  const vectors =
    encoderModel === null ? null : await encodeTexts({ texts: readable, encoderModel, cacheDir, onProgress });
  const model = trainModel({
    examples: evenOut(job.examples).map((row) => readRow(row, vectors)),
    profiles: profiles.map((row) => readRow(row, vectors)),
    intents: job.profiles.map(({ id }) => id),
    onProgress,
  });
  const bytes = packModel({ model, sentences: sentenceVectors(job.examples, vectors) }, job.key);
  if (cacheDir !== null) await writeModelFile(cacheDir, job.key, bytes);
  post({ kind: 'result', model: bytes }, [bytes]);
}

function vectorsOf({ text, isReadable }: TrainingRow, vectors: VectorCache | null): TextVectors | null {
  return (isReadable ? vectors?.get(hashText(text)) : null) ?? null;
}

function readRow(row: TrainingRow, vectors: VectorCache | null): LabelledText {
  const { text, label, weight } = row;
  return { label, weight, features: extractFeatures(tokenise(text)), vectors: vectorsOf(row, vectors) };
}

function sentenceVectors(rows: readonly TrainingRow[], vectors: VectorCache | null): Float32Array {
  const width = vectors?.values().next().value?.sentence.length ?? 0;
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    const found = vectorsOf(row, vectors);
    if (found !== null) all.set(found.sentence, i * width);
  });
  return all;
}
