import { codeOf } from '../../base/safe-error.ts';
import { yieldToOtherThreads } from '../../base/thread-priority.ts';
import { packModel, writeModelFile } from './model-file.ts';
import type { LabelledText, TextVectors } from './parts.ts';
import { encodeTexts } from './read-texts.ts';
import { extractFeatures, tokenise } from './text-features.ts';
import type { TrainerMessage, TrainerRequest, TrainingJob } from './train-in-child.ts';
import { type TrainingProgress, trainModel } from './train-model.ts';
import { evenOut, profileRows, type TrainingRow } from './training-data.ts';
import { hashText, type VectorCache } from './vector-cache.ts';

// Entry point of the training process, which does one job and ends.

/** Progress is reported at most this often. */
const PROGRESS_EVERY_MS = 100;

const parent = process.ppid;
let reportedAt = 0;
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
  else void run(request.job).then(end, fail);
});

function end(model: ArrayBuffer): void {
  post({ kind: 'result', model: new Uint8Array(model) }, () => process.exit(0));
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

async function run(job: TrainingJob): Promise<ArrayBuffer> {
  const profiles = profileRows(job.profiles);
  const readable = [...job.examples, ...profiles].filter((row) => row.isReadable).map(({ text }) => text);
  const { encoderId, cacheDir } = job;
  const vectors =
    encoderId === null ? null : await encodeTexts({ texts: readable, encoderId, readMany, cacheDir, onProgress });
  const model = trainModel({
    examples: evenOut(job.examples).map((row) => readRow(row, vectors)),
    profiles: profiles.map((row) => readRow(row, vectors)),
    intents: job.profiles.map(({ id }) => id),
    onProgress,
  });
  const bytes = packModel({ model, sentences: sentenceVectors(job.examples, vectors) }, job.key);
  if (cacheDir !== null) await writeModelFile(cacheDir, job.key, bytes);
  return bytes;
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
