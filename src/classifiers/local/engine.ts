import { createHash } from 'node:crypto';
import { detectLanguage } from '../../ticket/detect-language.ts';
import type { LabelledTicket, Ticket } from '../../ticket/ticket.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import { fitThresholds, type Thresholds, thresholdFor } from '../calibration/thresholds.ts';
import { ExactScan } from '../retrieval/exact-scan.ts';
import { decidingWords } from './deciding-words.ts';
import { ExampleSet, prepareExample, primaryLanguage } from './example-set.ts';
import { ENGINE_VERSION, readModelFile, unpackModel } from './model-file.ts';
import type { EngineAnswer, EngineState, IndexSearch, OpenRequest } from './protocol.ts';
import { composeReasoning } from './reasoning.ts';
import { softmaxAt } from './softmax-regression.ts';
import { extractFeatures, hashWord, type Token, tokenise } from './text-features.ts';
import { trainInWorker } from './train-in-worker.ts';
import { indexOfHighest, type LocalModel, scoreFeatures, type TrainingProgress } from './train-model.ts';

/** Corrections tend to come in groups: the regression waits this long for the next before it learns. */
const LEARN_DELAY_MS = 500;
const NEAREST_SHOWN = 3;
/** What stands further away is not named as near: it only shares a common word. */
const NEAREST_MIN_SIMILARITY = 0.1;
const RUNNERS_UP = 3;
/** A ticket in a language without examples is doubted when fewer of its words than this are known. */
const MIN_KNOWN_SHARE = 0.5;

const languageNames = new Intl.DisplayNames(['en'], { type: 'language' });

/** The embedded engine itself: examples, their index, the trained model. Lives in a worker thread. */
export class Engine {
  readonly #settings: OpenRequest;
  readonly #labels: ReadonlyMap<string, number>;
  readonly #examples = new ExampleSet();
  readonly #index = new ExactScan();
  readonly #onProgress: TrainingProgress;
  readonly #onState: (state: EngineState) => void;
  #model: LocalModel | null = null;
  #thresholds: Thresholds = fitThresholds([], { targetPrecision: 1 });
  #trainedVersion: string | null = null;
  #training: Promise<void> | null = null;
  #failure: Error | null = null;

  constructor(options: {
    settings: OpenRequest;
    onProgress: TrainingProgress;
    onState: (state: EngineState) => void;
  }) {
    this.#settings = options.settings;
    this.#labels = new Map(options.settings.intents.map(({ id }, label) => [id, label]));
    this.#onProgress = options.onProgress;
    this.#onState = options.onState;
  }

  get state(): EngineState {
    return {
      examplesVersion: this.#examples.version,
      thresholdsVersion: this.#thresholds.version,
      exampleCount: this.#examples.size,
      modelName: `embedded-${ENGINE_VERSION}`,
    };
  }

  /** Takes examples into the index at once; `start` or `learn` brings them into the regression. */
  add(examples: readonly LabelledTicket[]): void {
    for (const example of examples) {
      const { intent } = example;
      if (intent === null || !this.#labels.has(intent)) continue;
      const prepared = prepareExample({ ...example, intent });
      this.#examples.put(prepared);
      this.#index.add({ ...prepared, embedding: null });
    }
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#examples.remove(id);
      this.#index.remove(id);
    }
  }

  /** Has a model when it resolves: the cached one of these examples, or a new one. */
  async start(): Promise<void> {
    const version = this.#examples.version;
    const { cacheDir } = this.#settings;
    const cached = cacheDir === null ? null : await readModelFile(cacheDir, this.#key());
    if (cached !== null) this.#use(cached, version);
    else await this.#train();
  }

  /** Trains soon, in the background, until the model has learned every example. Answers go on meanwhile. */
  learn(): void {
    if (this.#training !== null || this.#trainedVersion === this.#examples.version) return;
    this.#failure = null;
    this.#training = this.#learnAll()
      .catch((error: unknown) => {
        this.#failure = error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#training = null;
      });
  }

  /** Resolves when nothing is left to learn; throws when the last training failed. */
  async settle(): Promise<void> {
    this.learn();
    await this.#training;
    if (this.#failure !== null) throw this.#failure;
  }

  async #learnAll(): Promise<void> {
    while (this.#trainedVersion !== this.#examples.version) {
      await new Promise((resolve) => setTimeout(resolve, LEARN_DELAY_MS));
      await this.#train();
      this.#onState(this.state);
    }
  }

  async #train(): Promise<void> {
    const version = this.#examples.version;
    const key = this.#key();
    const examples = [...this.#examples.values()].map(({ text, intent }) => ({
      text,
      label: this.#labels.get(intent) ?? 0,
      weight: 1,
    }));
    const { cacheDir, intents } = this.#settings;
    const bytes = await trainInWorker({ key, cacheDir, examples, profiles: intents }, this.#onProgress);
    const model = unpackModel(bytes, key);
    if (model === null) throw new Error('the training thread returned a damaged model');
    this.#use(model, version);
  }

  #use(model: LocalModel, examplesVersion: string): void {
    this.#model = model;
    this.#trainedVersion = examplesVersion;
    this.#thresholds = fitThresholds(model.heldOut, this.#settings.confidence);
  }

  /** Same taxonomy, examples and engine: same key. */
  #key(): string {
    const { taxonomyVersion, intents } = this.#settings;
    const content = JSON.stringify([ENGINE_VERSION, taxonomyVersion, intents, this.#examples.version]);
    return createHash('sha256').update(content).digest('hex').slice(0, 32);
  }

  search(search: IndexSearch): { id: string; similarity: number }[] {
    const found = this.#index.search({ ...search, embedding: null, excludeIds: new Set(search.excludeIds) });
    return found.map(({ id, similarity }) => ({ id, similarity }));
  }

  classify(ticket: Ticket): EngineAnswer {
    const model = this.#model;
    if (model === null) throw new Error('asked before it was trained');
    const { text } = ticketText(ticket);
    const tokens = tokenise(text);
    const probabilities = softmaxAt(scoreFeatures(model, extractFeatures(tokens)), model.temperature);
    const best = indexOfHighest(probabilities);
    const ranked = [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
    const language = primaryLanguage(ticket.language ?? detectLanguage(text));
    const doubt = this.#doubt({ model, tokens, language });
    const intent = model.intents[best]!;
    const confidence = probabilities[best]! * doubt.factor;
    const threshold = thresholdFor(this.#thresholds, intent);
    const words =
      model.intents.length < 2
        ? []
        : decidingWords({ ...model, text, tokens, model: model.lexical, best, runnerUp: ranked[1]! });
    const nearest = this.#index.search({
      text,
      embedding: null,
      k: NEAREST_SHOWN,
      perIntent: NEAREST_SHOWN,
      minSimilarity: NEAREST_MIN_SIMILARITY,
      excludeIds: new Set(),
    });
    return {
      intent,
      confidence,
      threshold,
      abstainReason: doubt.reason ?? this.#abstainReason(confidence, threshold),
      reasoning: composeReasoning({
        intent,
        intentName: this.#settings.intents[best]?.name ?? intent,
        nearest: nearest.map((found) => ({ intent: found.intent, quote: this.#examples.get(found.id)?.quote ?? '' })),
        decidingWords: words,
      }),
      decidingWords: words,
      runnersUp: ranked
        .slice(1, 1 + RUNNERS_UP)
        .map((k) => ({ intent: model.intents[k]!, confidence: probabilities[k]! * doubt.factor })),
      nearestExamples: nearest.map(({ id, intent: label, similarity }) => ({ id, intent: label, similarity })),
      language,
      state: this.state,
    };
  }

  #abstainReason(confidence: number, threshold: number): string | null {
    if (confidence >= threshold) return null;
    if (this.#examples.size === 0)
      return 'There are no examples yet, so nothing shows how far this answer can be trusted.';
    if (threshold > 1) return 'On the examples this engine does not reach the target precision, however sure it is.';
    return `Confidence ${percent(confidence)} is below the ${percent(threshold)} that the target precision needs.`;
  }

  /** A text that the examples say nothing about must not be answered with the confidence of those that they do. */
  #doubt(context: { model: LocalModel; tokens: readonly Token[]; language: string | null }): {
    factor: number;
    reason: string | null;
  } {
    const { model, tokens, language } = context;
    if (this.#examples.size === 0) return { factor: 1, reason: null };
    const words = new Set(tokens.map(({ word }) => word));
    let known = 0;
    for (const word of words) if (model.vectoriser.wordIds.has(hashWord(word))) known++;
    const share = words.size === 0 ? 0 : known / words.size;
    const leastSure = 1 / model.intents.length;
    if (language !== null && share < MIN_KNOWN_SHARE && !this.#examples.covers(language)) {
      const reason = `No example is in ${languageNames.of(language) ?? language}.`;
      return { factor: Math.max(share, leastSure), reason };
    }
    if (share === 0) return { factor: leastSure, reason: 'No word of this ticket occurs in an example.' };
    return { factor: 1, reason: null };
  }
}

const percent = (probability: number) => `${Math.round(probability * 100)} %`;
