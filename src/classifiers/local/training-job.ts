import { packModel, writeModelFile } from './model-file.ts';
import type { LabelledText, TextVectors } from './parts.ts';
import { encodeTexts } from './read-texts.ts';
import { extractFeatures, tokenise } from './text-features.ts';
import { type TrainingProgress, trainModel } from './train-model.ts';
import { evenOut, type IntentProfile, profileRows, type TrainingRow } from './training-data.ts';
import { hashText, type VectorCache } from './vector-cache.ts';

/** What a model is trained on. Plain data, so that it can be sent to a process. */
export type TrainingJob = {
  readonly key: string;
  readonly cacheDir: string | null;
  /** With null, sentences are not encoded. */
  readonly encoderId: string | null;
  /** In the order of their ids. */
  readonly examples: readonly TrainingRow[];
  readonly profiles: readonly IntentProfile[];
};

/** Trains a model, saves it in the job's folder and returns it packed; `isSaved` says whether it could be. `readMany` encodes texts that are not in the cache. */
export async function runTrainingJob(
  job: TrainingJob,
  options: {
    readMany: (texts: readonly string[]) => Promise<readonly TextVectors[]>;
    onProgress: TrainingProgress;
  },
): Promise<{ readonly bytes: ArrayBuffer; readonly isSaved: boolean }> {
  const { readMany, onProgress } = options;
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
  const isSaved = cacheDir !== null && (await writeModelFile(cacheDir, job.key, bytes));
  return { bytes, isSaved };
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
