import { sha256 } from '../../base/hash.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { recordOf } from '../calibration/record-at.ts';
import { fitThresholds, type Thresholds } from '../calibration/thresholds.ts';
import { createLabelBook, type LabelBook } from '../imitations/label-book.ts';
import { createImitationFilter, type SetAsideImitations } from '../imitations/set-aside-imitations.ts';
import type { AnswerRecord } from '../opinion.ts';
import type { ScannedExample } from '../retrieval/exact-scan.ts';
import { decideTicket, NEAREST_WANTED, readTicket } from './classify-ticket.ts';
import { withoutCompanyWords } from './company-words.ts';
import type { EncoderModel } from './encoder/weights.ts';
import { ExampleSet, type PreparedExample, prepareExample } from './example-set.ts';
import {
  ENGINE_VERSION,
  readModelFile,
  removeModelFiles,
  type UnpackedModel,
  unpackModel,
  writeModelFile,
} from './model-file.ts';
import { Outsiders } from './outsiders.ts';
import type { EngineAnswer, EngineState, OpenRequest, TaughtExample } from './protocol.ts';
import { MAX_WINDOWS } from './read-texts.ts';
import type { SearchThread } from './search-thread/search-client.ts';
import { trainHere } from './train-here.ts';
import { trainInChild } from './train-in-child.ts';
import type { LocalModel, TrainingProgress } from './train-model.ts';
import { isReadable, profileRows } from './training-data.ts';
import { createTurns, inPieces } from './turns.ts';
import { hashText, keepVectors, unpackVectors } from './vector-cache.ts';

/** Corrections tend to come in groups: training waits this long for further ones. */
const LEARN_DELAY_MS = 500;
/**
 * Up to this many new examples are encoded at once. A larger import is found by words until training has encoded it.
 */
const MAX_ENCODED_AT_ONCE = 16;

/** So many examples are prepared, or get their vectors, in one piece: a few milliseconds, between which others have turns. */
const ADDED_AT_ONCE = 8;
const EMBEDDED_AT_ONCE = 100;

/**
 * Up to this many examples, training takes no longer than starting a process for it: a quarter of a second of processor
 * time, and 14 MB.
 */
const FEW_EXAMPLES = 50;

type TrainingBasis = {
  readonly key: string;
  readonly examplesVersion: string;
  /** In the order of their ids. */
  readonly examples: readonly PreparedExample[];
};

/** Access from the engine's thread to models that other processes have trained. */
export type SharedModels = {
  /** Resolves with the model of a key, after waiting for a process that trains it; null: this process must train it. */
  claim(key: string): Promise<ArrayBuffer | null>;
  /** Call this after a `claim` without a usable model, with the trained model or with null when training failed. */
  finish(key: string, bytes: ArrayBuffer | null): void;
};

/** The embedded engine with its examples and the trained model. Runs in a worker thread; texts are read and searched in another. */
export class Engine {
  readonly #settings: Omit<OpenRequest, 'searchPort'>;
  readonly #labels: ReadonlyMap<string, number>;
  readonly #setAside: SetAsideImitations;
  readonly #labelBook: LabelBook;
  readonly #examples = new ExampleSet();
  readonly #outsiders = new Outsiders();
  readonly #searches: SearchThread;
  readonly #onProgress: TrainingProgress;
  readonly #onState: (state: EngineState) => void;
  readonly #onEncoderLoaded: (model: EncoderModel) => void;
  readonly #onTrainer: (pid: number | null) => void;
  readonly #models: SharedModels | null;
  #model: LocalModel | null = null;
  #encoderId: string | null = null;
  readonly #turns = createTurns();
  #changes: Promise<void> = Promise.resolve();
  #thresholds: Thresholds = fitThresholds({ answers: [] }, { targetPrecision: 1 });
  #heldOut: AnswerRecord | null = null;
  #trainedVersion: string | null = null;
  #training: Promise<void> | null = null;
  #failure: { readonly error: Error; readonly since: string } | null = null;

  constructor(options: {
    settings: Omit<OpenRequest, 'searchPort'>;
    searches: SearchThread;
    onProgress: TrainingProgress;
    onState: (state: EngineState) => void;
    /** Called with the loaded encoder, so that the next thread need not load it again. */
    onEncoderLoaded: (model: EncoderModel) => void;
    /** Called with the process that trains, and with null when it has ended. */
    onTrainer: (pid: number | null) => void;
    models: SharedModels | null;
  }) {
    this.#settings = options.settings;
    this.#searches = options.searches;
    this.#labelBook = createLabelBook(options.settings.intents);
    this.#setAside = createImitationFilter(this.#labelBook);
    this.#labels = new Map(options.settings.intents.map(({ id }, label) => [id, label]));
    this.#onProgress = options.onProgress;
    this.#onState = options.onState;
    this.#onEncoderLoaded = options.onEncoderLoaded;
    this.#onTrainer = options.onTrainer;
    this.#models = options.models;
  }

  get state(): EngineState {
    return {
      examplesVersion: this.#examples.version,
      thresholdsVersion: this.#thresholds.version,
      exampleCount: this.#examples.size,
      heldOut: this.#heldOut,
      modelName: `embedded-${ENGINE_VERSION}`,
      encoderId: this.#encoderId === null ? null : `${this.#encoderId}:${MAX_WINDOWS}`,
      trainingFailure: this.#failure === null ? null : { why: this.#failure.error.message, since: this.#failure.since },
    };
  }

  /**
   * Adds examples to the index; resolves when they are found by meaning too. The regression learns them by `start` or
   * `trainSoon`.
   */
  async add(examples: readonly TaughtExample[]): Promise<void> {
    const added: PreparedExample[] = [];
    await this.#change(async () => {
      const sent: Promise<unknown>[] = [];
      await inPieces(examples, {
        size: ADDED_AT_ONCE,
        run: (piece) => {
          const prepared = piece.flatMap((taught) => this.#put(taught) ?? []);
          const current = prepared.filter((example) => this.#examples.get(example.id) === example);
          const gone = piece.flatMap(({ example: { id, intent } }) =>
            intent === null && this.#examples.get(id) === undefined ? [id] : [],
          );
          if (gone.length > 0) sent.push(this.#searches.call('remove', { ids: gone }));
          if (current.length > 0) sent.push(this.#searches.call('put', { examples: current.map(toScanned) }));
          added.push(...current);
        },
      });
      await Promise.all(sent);
    });
    if (added.length <= MAX_ENCODED_AT_ONCE) await this.#encodeExamples(added);
    await this.#encodeOutsiders();
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#change(async () => {
      for (const id of ids) this.#forget(id);
      await this.#searches.call('remove', { ids });
    });
  }

  /** Changes are made in the order in which they came, although one of many examples lets other work in between. */
  #change(make: () => Promise<void>): Promise<void> {
    const done = this.#changes.then(make);
    this.#changes = done.catch(() => undefined);
    return done;
  }

  /** Returns what the index and the regression learn from it; null where that is nothing. */
  #put({ example, quotable }: TaughtExample): PreparedExample | null {
    const { intent } = example;
    const settings = { quotable, setAside: this.#setAside, labels: this.#labelBook };
    if (intent === null) {
      this.#forget(example.id);
      this.#outsiders.put(prepareExample({ ...example, intent: '' }, settings));
    }
    if (intent === null || !this.#labels.has(intent)) return null;
    const prepared = prepareExample({ ...example, intent }, settings);
    this.#outsiders.remove(example.id);
    this.#examples.put(prepared);
    return prepared;
  }

  #forget(id: string): void {
    this.#examples.remove(id);
    this.#outsiders.remove(id);
  }

  /** Loads the cached model of these examples, or trains a new one. */
  async start(): Promise<void> {
    const { cacheDir, useEncoder } = this.#settings;
    if (useEncoder) {
      const { id, model } = await this.#searches.call('startEncoder', { model: this.#settings.encoderModel });
      this.#encoderId = id;
      this.#onEncoderLoaded(model);
    }
    await this.#encodeOutsiders();
    const basis = this.#trainingBasis();
    const cached = cacheDir === null ? null : await readModelFile(cacheDir, basis.key);
    if (cached === null) await this.#obtain(basis);
    else await this.#use(cached, basis);
    // A test call: an engine that crashes on any ticket fails here, at its start, and not on a customer's ticket.
    await this.classify({ id: 'self-check', body: this.#settings.intents[0]?.name ?? 'self-check' });
  }

  async #encodeExamples(examples: readonly PreparedExample[]): Promise<void> {
    const read = await this.#readExamples(examples);
    // Some may have been replaced or removed meanwhile.
    const current = read.filter(({ example }) => this.#examples.get(example.id) === example);
    await this.#setVectors({
      vectors: current.map(({ example, sentence }) => ({ id: example.id, vector: sentence })),
      onlyMissing: false,
    });
  }

  async #encodeOutsiders(): Promise<void> {
    for (const { example, sentence } of await this.#readExamples([...this.#outsiders.unread()])) {
      this.#outsiders.setEmbedding(example, sentence);
    }
  }

  /** The vectors of those examples that the encoder can read. */
  async #readExamples(examples: readonly PreparedExample[]) {
    const readable = this.#encoderId === null ? [] : examples.filter(({ language }) => isReadable(language));
    if (readable.length === 0) return [];
    const vectors = await this.#searches.call('readMany', { texts: readable.map(({ text }) => text) });
    return readable.map((example, i) => ({ example, sentence: vectors[i]!.sentence }));
  }

  /** Trains soon, in the background, until the model has learned every example. The engine answers in the meantime. */
  trainSoon(): void {
    if (this.#training !== null) return;
    if (this.#trainedVersion === this.#examples.version) {
      this.#failure = null;
      return;
    }
    this.#training = this.#trainUntilCurrent()
      .then(() => {
        this.#failure = null;
      })
      .catch((error: unknown) => {
        const since = this.#failure?.since ?? new Date().toISOString();
        this.#failure = { error: error instanceof Error ? error : new Error(String(error)), since };
      })
      .finally(() => {
        this.#training = null;
        this.#onState(this.state);
      });
  }

  /** Resolves when the model has learned every example; rejects when the last training failed. */
  async settle(): Promise<void> {
    await this.#changes;
    this.trainSoon();
    await this.#training;
    if (this.#failure !== null) throw this.#failure.error;
  }

  /**
   * Removes models and vectors of examples that are no longer present from the disk, even where training without them
   * fails; it then rejects with that error. Returns the key of the current model.
   */
  async dropTraces(): Promise<{ key: string }> {
    const { cacheDir, intents } = this.#settings;
    try {
      await this.settle();
      return { key: this.#trainingBasis().key };
    } finally {
      if (cacheDir !== null) {
        const profiles = profileRows(intents).map(({ text }) => hashText(text));
        const examples = [...this.#examples.values()].map(({ textHash }) => textHash);
        await removeModelFiles(cacheDir, { exceptKey: this.#trainingBasis().key });
        await keepVectors(cacheDir, this.#encoderId, new Set([...profiles, ...examples]));
      }
    }
  }

  async #trainUntilCurrent(): Promise<void> {
    while (this.#trainedVersion !== this.#examples.version) {
      await new Promise((resolve) => setTimeout(resolve, LEARN_DELAY_MS));
      await this.#obtain(this.#trainingBasis());
      this.#onState(this.state);
    }
  }

  /** What a model would be trained on now. The key depends on taxonomy, examples and engine version only. */
  #trainingBasis(): TrainingBasis {
    const { taxonomyVersion, intents } = this.#settings;
    const content = JSON.stringify([ENGINE_VERSION, this.#encoderId, taxonomyVersion, intents, this.#examples.version]);
    return {
      key: sha256(content).slice(0, 32),
      examplesVersion: this.#examples.version,
      // Sorted, so that the model does not depend on the order in which examples were added.
      examples: [...this.#examples.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    };
  }

  /** Loads the model that another process has trained on the same basis, or trains one and shares it. */
  async #obtain(basis: TrainingBasis): Promise<void> {
    const { key } = basis;
    const { cacheDir } = this.#settings;
    const found = await this.#models?.claim(key);
    const shared = found ? unpackModel(found, key) : null;
    if (found && shared !== null) {
      if (cacheDir !== null) await writeModelFile(cacheDir, key, found);
      await this.#use(shared, basis);
      return;
    }
    let bytes: ArrayBuffer | null = null;
    try {
      bytes = await this.#train(basis);
      const trained = unpackModel(bytes, key);
      if (trained === null) throw new Error('the training process returned a damaged model');
      await this.#use(trained, basis);
    } finally {
      this.#models?.finish(key, bytes);
    }
  }

  #train({ key, examples: prepared }: TrainingBasis): Promise<ArrayBuffer> {
    const { cacheDir, intents } = this.#settings;
    const examples = prepared.map(({ text, intent, language }) => ({
      text,
      label: this.#labels.get(intent) ?? 0,
      weight: 1,
      isReadable: isReadable(language),
    }));
    const job = { key, cacheDir, encoderId: this.#encoderId, examples, profiles: intents };
    const readMany = (texts: readonly string[]) => this.#searches.call('readMany', { texts });
    const onProgress = this.#onProgress;
    return examples.length <= FEW_EXAMPLES
      ? trainHere({ job, readMany, onProgress })
      : trainInChild({ job, readMany, onProgress, onProcess: this.#onTrainer });
  }

  /** Resolves when the examples of the model are found by meaning; tickets are decided by it before. */
  async #use({ model, packedSentences }: UnpackedModel, { examples, examplesVersion }: TrainingBasis): Promise<void> {
    this.#model = model;
    this.#heldOut = model.heldOut.length === 0 ? null : recordOf(model.heldOut);
    this.#trainedVersion = examplesVersion;
    this.#thresholds = fitThresholds({ answers: model.heldOut, strangers: model.strangers }, this.#settings.confidence);
    const width = packedSentences.length / Math.max(1, examples.length);
    if (width === 0) return;
    await inPieces([...examples.entries()], {
      size: EMBEDDED_AT_ONCE,
      run: async (piece) => {
        // An example may have been replaced or removed meanwhile.
        const current = piece.filter(
          ([, { id, textHash, language }]) => isReadable(language) && this.#examples.get(id)?.textHash === textHash,
        );
        const vectors = current.map(([i, { id }]) => ({
          id,
          vector: unpackVectors(packedSentences.subarray(i * width, (i + 1) * width)),
        }));
        await this.#setVectors({ vectors, onlyMissing: true });
      },
    });
  }

  async #setVectors({
    vectors,
    onlyMissing,
  }: {
    vectors: readonly { readonly id: string; readonly vector: Float32Array }[];
    onlyMissing: boolean;
  }): Promise<void> {
    const [first] = vectors;
    if (first === undefined) return;
    const width = first.vector.length;
    const all = new Float32Array(vectors.length * width);
    for (const [i, { vector }] of vectors.entries()) all.set(vector, i * width);
    const ids = vectors.map(({ id }) => id);
    await this.#searches.call('setVectors', { ids, vectors: all, onlyMissing }, [all.buffer]);
  }

  async classify(ticket: Ticket): Promise<EngineAnswer> {
    if (this.#model === null) throw new Error('the engine was called before it was trained');
    await this.#turns.next();
    const read = readTicket(ticket, {
      setAside: (text) =>
        withoutCompanyWords({ text: this.#setAside(text), labels: this.#labelBook, examples: this.#examples }),
      examples: this.#examples,
    });
    const found = await this.#searches.call('find', { text: read.text, language: read.language, ...NEAREST_WANTED });
    await this.#turns.next();
    const answer = decideTicket(read, found, {
      model: this.#model,
      confidence: this.#settings.confidence,
      thresholds: this.#thresholds,
      examples: this.#examples,
      outsiders: this.#outsiders,
    });
    return { ...answer, state: this.state };
  }
}

/** What the search thread needs of an example. */
function toScanned({ id, intent, text, normalisedText, language }: PreparedExample): ScannedExample {
  return { id, intent, text, normalisedText, language };
}
