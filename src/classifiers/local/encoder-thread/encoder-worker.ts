import { parentPort, workerData } from 'node:worker_threads';
import { returnMemory, returnMemoryAtRest } from '../../../base/return-memory.ts';
import { yieldToOtherThreads } from '../../../base/thread-priority.ts';
import { createEncoder, type Encoder } from '../encoder/encoder.ts';
import { loadEncoderModel } from '../encoder/weights.ts';
import type { TextVectors } from '../parts.ts';
import { encodeAll } from '../read-texts.ts';
import type { EncoderMessage, EncoderRequest, EncoderStart } from './protocol.ts';

// Entry point of the encoder's thread: encodes the texts that wait, urgent ones first, in passes of about 128 tokens.

/** Short texts share a pass up to this length: 128 tokens of English. More would not be faster for each of them. */
const PASS_CHARACTERS = 500;

type Task = EncoderRequest & { readonly vectors: TextVectors[] };

const urgent: Task[] = [];
const later: Task[] = [];
let isScheduled = false;

const post = (message: EncoderMessage, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer);

yieldToOtherThreads();
returnMemoryAtRest();
const encoder = start(workerData as EncoderStart); // Only EncoderClient starts this file, with an EncoderStart.

function start({ model: shared }: EncoderStart): Encoder | null {
  try {
    const model = shared ?? loadEncoderModel();
    const created = createEncoder(model);
    post({ kind: 'ready', encoderId: created.id, model });
    returnMemory(); // Weights and vocabulary have been read in pieces.
    return created;
  } catch (error) {
    post({ kind: 'unusable', message: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

/** Takes texts in the order in which they came, as many as share a pass. */
function takePass(): { readonly task: Task; readonly text: string }[] {
  const queue = urgent.length > 0 ? urgent : later;
  const pass: { task: Task; text: string }[] = [];
  let characters = 0;
  for (const task of queue) {
    for (const text of task.texts.slice(task.vectors.length)) {
      characters += text.length;
      if (pass.length > 0 && characters > PASS_CHARACTERS) return pass;
      pass.push({ task, text });
    }
  }
  return pass;
}

function work(reader: Encoder): void {
  isScheduled = false;
  const pass = takePass();
  try {
    const vectors = encodeAll(
      reader,
      pass.map(({ text }) => text),
    );
    pass.forEach(({ task }, i) => {
      task.vectors.push(vectors[i]!);
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    for (const { id } of new Set(pass.map(({ task }) => task))) {
      drop(id);
      post({ kind: 'failure', id, message });
    }
  }
  for (const { id, texts, vectors } of new Set(pass.map(({ task }) => task))) {
    if (vectors.length < texts.length) continue;
    drop(id);
    const buffers = vectors.flatMap(({ sentence, content }) => [sentence.buffer, content.buffer]);
    post({ kind: 'vectors', id, vectors }, buffers as ArrayBuffer[]); // Made by encodeAll, not shared.
  }
  schedule(reader);
}

function drop(id: number): void {
  for (const queue of [urgent, later]) {
    const place = queue.findIndex((task) => task.id === id);
    if (place >= 0) queue.splice(place, 1);
  }
}

/** Between two passes the thread receives messages, so that an urgent text waits for one pass at most. */
function schedule(reader: Encoder): void {
  if (isScheduled || (urgent.length === 0 && later.length === 0)) return;
  isScheduled = true;
  setImmediate(work, reader);
}

parentPort?.on('message', (request: EncoderRequest) => {
  if (encoder === null) return;
  const task = { ...request, vectors: [] };
  if (request.texts.length === 0) post({ kind: 'vectors', id: request.id, vectors: [] });
  else (request.isUrgent ? urgent : later).push(task);
  schedule(encoder);
});
