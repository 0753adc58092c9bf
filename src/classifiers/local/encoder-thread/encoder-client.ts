import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { threadLimits } from '../../../base/return-memory.ts';
import type { EncoderModel } from '../encoder/weights.ts';
import type { TextVectors } from '../parts.ts';
import type { EncoderMessage, EncoderRequest, EncoderStart } from './protocol.ts';
import { createRecentVectors, type RecentVectors } from './recent-vectors.ts';

const workerFile = import.meta.url.endsWith('.ts') ? './encoder-worker.ts' : './encoder-worker.js';

/** With fewer cores, a second encoder would only take time from the server and the store. */
const CORES_FOR_TWO = 4;

/** The sentence encoder as the engine calls it. */
export type ReadsTexts = {
  /** Names weights and arithmetic, as `Encoder.id`. */
  readonly id: string;
  /** The vectors of a text that somebody waits for. */
  read(text: string): Promise<TextVectors>;
  /** The vectors of many texts that can wait. */
  readMany(texts: readonly string[]): Promise<readonly TextVectors[]>;
};

export type EncoderClientOptions = {
  readonly model: EncoderModel | null;
  /** For tests. */
  readonly threads?: number;
  readonly worker?: URL;
  readonly recent?: RecentVectors;
};

/** Starts the encoder in one thread, or two where there are four cores. Rejects where it cannot read its weights. */
export async function openEncoder(
  options: EncoderClientOptions,
): Promise<ReadsTexts & { readonly model: EncoderModel; close(): Promise<void> }> {
  const { threads = availableParallelism() >= CORES_FOR_TWO ? 2 : 1, recent = createRecentVectors() } = options;
  const first = new EncoderThread({ worker: options.worker, model: options.model });
  const { encoderId, model } = await first.ready;
  const others = Array.from({ length: threads - 1 }, () => new EncoderThread({ worker: options.worker, model }));
  const all = [first, ...others];
  const leastBusy = () => all.reduce((best, thread) => (thread.load < best.load ? thread : best));
  return {
    id: encoderId,
    model,
    read: (text) => recent.get(text, async () => (await leastBusy().encode({ texts: [text], isUrgent: true }))[0]!),
    readMany: (texts) => leastBusy().encode({ texts, isUrgent: false }),
    async close() {
      await Promise.all(all.map((thread) => thread.close()));
    },
  };
}

type Pending = PromiseWithResolvers<readonly TextVectors[]> & {
  readonly request: EncoderRequest;
  isSent: boolean;
  /** How often the thread has crashed while it had this request. */
  crashes: number;
};

type Ready = { readonly encoderId: string; readonly model: EncoderModel };

/**
 * One encoder in its thread. A thread that crashes is started again. What was under way is sent once more, one request at
 * a time: one that crashes the thread again is rejected as the cause, and the others get their vectors.
 */
class EncoderThread {
  readonly #url: URL;
  readonly #pending = new Map<number, Pending>();
  readonly #started = Promise.withResolvers<Ready>();
  #model: EncoderModel | null;
  /** Null after a thread could not be started; the next request tries again. */
  #worker: Worker | null;
  #isClosed = false;
  #nextId = 1;

  constructor({ worker, model }: { worker: URL | undefined; model: EncoderModel | null }) {
    this.#url = worker ?? new URL(workerFile, import.meta.url);
    this.#model = model;
    this.#worker = this.#spawn();
  }

  get ready(): Promise<Ready> {
    return this.#started.promise;
  }

  /** Characters that wait. */
  get load(): number {
    let characters = 0;
    for (const { request } of this.#pending.values()) for (const text of request.texts) characters += text.length;
    return characters;
  }

  encode(input: Omit<EncoderRequest, 'id'>): Promise<readonly TextVectors[]> {
    if (this.#isClosed) return Promise.reject(new Error('the sentence encoder has been closed'));
    const request = { ...input, id: this.#nextId++ };
    const pending = { ...Promise.withResolvers<readonly TextVectors[]>(), request, isSent: false, crashes: 0 };
    this.#pending.set(request.id, pending);
    this.#send();
    return pending.promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #spawn(): Worker {
    const workerData: EncoderStart = { model: this.#model };
    const worker = new Worker(this.#url, {
      workerData,
      execArgv: [],
      resourceLimits: threadLimits,
    });
    let cause: unknown = null;
    let isReady = false;
    worker.on('message', (message: EncoderMessage) => {
      if (message.kind !== 'ready') {
        this.#receive(message);
        return;
      }
      isReady = true;
      this.#model = message.model;
      this.#started.resolve(message);
    });
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', (code) => {
      const error = cause instanceof Error ? cause : new Error(`the sentence encoder ended with code ${code}`);
      this.#handleEnd({ error, mayStart: isReady && !this.#isClosed });
    });
    return worker;
  }

  #receive(message: Exclude<EncoderMessage, { kind: 'ready' }>): void {
    if (message.kind === 'unusable') {
      this.#started.reject(new Error(message.message));
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === 'vectors') pending?.resolve(message.vectors);
    else pending?.reject(new Error(message.message));
    this.#send();
  }

  /** Sends everything at once; after a crash, first what was under way, one by one. */
  #send(): void {
    if (this.#pending.size === 0) return;
    this.#worker ??= this.#spawn();
    const all = [...this.#pending.values()];
    const suspect = all.find(({ crashes }) => crashes > 0);
    for (const pending of suspect === undefined ? all : [suspect]) {
      if (pending.isSent) continue;
      pending.isSent = true;
      this.#worker.postMessage(pending.request);
    }
  }

  #handleEnd({ error, mayStart }: { error: Error; mayStart: boolean }): void {
    this.#worker = null;
    this.#started.reject(error);
    for (const pending of [...this.#pending.values()]) {
      if (pending.isSent) pending.crashes += 1;
      pending.isSent = false;
      if (mayStart && pending.crashes < 2) continue;
      this.#pending.delete(pending.request.id);
      pending.reject(error);
    }
    if (mayStart) this.#send();
  }
}
