import type { OnProgress } from '../../base/progress.ts';
import { ClassifierError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { type Calibrations, createCalibrator, noCalibrations } from '../calibration/calibrations.ts';
import type { ConfidenceTarget } from '../calibration/confidence-target.ts';
import { type Classification, type Classifier, type ClassifyRequest, noUsage } from '../classifier.ts';
import type { Embedder } from '../retrieval/embedder.ts';
import type { Example, ExampleIndex, ExampleSearch, FoundExample } from '../retrieval/example-index.ts';
import { EngineClient, type EngineStatus } from './engine-client.ts';
import { createEngineEmbedder } from './engine-embedder.ts';
import { exampleBatches } from './example-batches.ts';
import type { ModelCache } from './model-cache.ts';
import type { EngineAnswer, EngineState, TaughtExample } from './protocol.ts';
import { describeIntents } from './training-data.ts';
import { createTrainingTurns } from './training-turns.ts';

export type LocalClassifierOptions = {
  readonly taxonomy: Taxonomy;
  /** Those whose intent is not a leaf of the taxonomy are left out and counted in `skippedExamples`. */
  readonly examples: readonly LabelledTicket[];
  /** Ids of the examples whose words may be shown to others: the company's own. The rest are named by id only. */
  readonly quotable?: ReadonlySet<string>;
  /** Folder for the trained model; null trains at every start. */
  readonly cacheDir: string | null;
  /** Where processes share what they train; null: this one keeps to itself. */
  readonly models?: ModelCache | null;
  readonly confidence: ConfidenceTarget;
  /** `none` leaves the sentence encoder out: a third of the memory, and several points less accurate on short texts. */
  readonly embedder?: 'embedded' | 'none';
  /** Fitted on labelled tickets by `switchboard calibrate`; takes the place of what training has found. */
  readonly calibrations?: Calibrations;
  readonly onProgress?: OnProgress;
  /** Called when trained models could not be shared; each process then trains its own. */
  readonly onError?: (error: unknown) => void;
  /** Called when the engine has crashed, when another start has failed, and when it is back. */
  readonly onStatus?: (status: EngineStatus) => void;
};

/** The embedded engine: needs no key and no network. */
export type LocalClassifier = Classifier & {
  /** Changes with every example added, changed or removed. */
  readonly examplesVersion: string;
  readonly exampleCount: number;
  /** Examples that no leaf of the taxonomy could take. */
  readonly skippedExamples: number;
  /** The same examples, for other engines to look up. Changing it teaches this engine too. */
  readonly index: ExampleIndex;
  /** The sentence encoder in the same worker, for indexes elsewhere; null when none is used. */
  readonly embedder: Embedder | null;
  /** Whether it answers, and knows what it was taught. */
  readonly status: EngineStatus;
  /** Retrieval has the examples when this resolves; the regression has them soon after, see `settled`. */
  teach(examples: readonly TaughtExample[]): Promise<void>;
  /** Resolves when the regression knows everything taught so far. Throws `ClassifierError` when training failed. */
  settled(): Promise<void>;
  /** Resolves when no cache holds anything of examples that were removed. Throws `ClassifierError` when training failed. */
  dropTraces(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Trains the embedded engine on examples and on what the taxonomy says of its intents, or loads it from the cache.
 * All heavy work happens in worker threads. Throws `ClassifierError` when the engine cannot be started.
 */
export async function createLocalClassifier(options: LocalClassifierOptions): Promise<LocalClassifier> {
  const { taxonomy, confidence, models = null, onProgress = () => undefined, onError = () => undefined } = options;
  const calibrator = createCalibrator({
    engine: 'local',
    calibrations: options.calibrations ?? noCalibrations,
    target: confidence,
  });
  const leaves = new Set(taxonomy.leaves.map(({ id }) => id));
  const isExample = (ticket: LabelledTicket): ticket is Example => ticket.intent !== null && leaves.has(ticket.intent);
  const examples = new Map<string, TaughtExample & { readonly example: Example }>();
  for (const example of options.examples) {
    if (isExample(example)) examples.set(example.id, { example, quotable: options.quotable?.has(example.id) ?? false });
  }
  const turns = models === null ? null : createTrainingTurns({ cache: models, onProgress, onError });
  const client = new EngineClient({
    open: {
      taxonomyVersion: taxonomy.version,
      intents: describeIntents(taxonomy),
      cacheDir: options.cacheDir,
      sharesModels: models !== null,
      useEncoder: options.embedder !== 'none',
      confidence,
    },
    examples: () => examples.values(),
    onProgress,
    turns,
    ...(options.onStatus && { onStatus: options.onStatus }),
    onState: (latest) => {
      state = latest;
    },
  });
  let state: EngineState;
  try {
    state = await client.ready();
  } catch (error) {
    await client.close();
    throw error;
  }

  async function teach(added: readonly TaughtExample[]): Promise<void> {
    const usable = added.flatMap(({ example, quotable }) => (isExample(example) ? [{ example, quotable }] : []));
    for (const taught of usable) examples.set(taught.example.id, taught);
    for (const batch of exampleBatches(usable)) state = await client.call('upsert', { examples: batch });
  }

  const index: ExampleIndex = {
    get version() {
      return state.examplesVersion;
    },
    // Who only knows the index does not know where an example comes from.
    upsert: (added) => teach(added.map((example) => ({ example, quotable: false }))),
    async remove(ids) {
      for (const id of ids) examples.delete(id);
      state = await client.call('remove', { ids });
    },
    async search({ signal, excludeIds, text, k, perIntent, minSimilarity }: ExampleSearch) {
      const search = { text, k, perIntent, minSimilarity, excludeIds: [...(excludeIds ?? [])] };
      const found = await client.call('search', search, signal);
      return found.flatMap(({ id, similarity }): FoundExample[] => {
        const taught = examples.get(id);
        return taught === undefined ? [] : [{ example: taught.example, similarity }];
      });
    },
  };

  return {
    id: 'local',
    index,
    embedder: createEngineEmbedder({ client, encoderId: state.encoderId }),
    skippedExamples: options.examples.length - options.examples.filter(isExample).length,
    get examplesVersion() {
      return state.examplesVersion;
    },
    get status() {
      return client.status.ok ? trainingStatus(state) : client.status;
    },
    get exampleCount() {
      return state.exampleCount;
    },
    async classify({ ticket, taxonomy: asked, signal }: ClassifyRequest) {
      if (asked.version !== taxonomy.version) {
        throw new ClassifierError({
          classifier: 'local',
          retryable: false,
          message: `The embedded engine was trained for taxonomy ${taxonomy.version} and was asked about ${asked.version}. Create one for each taxonomy.`,
        });
      }
      const startedAt = performance.now();
      const answer = await client.call('classify', { ticket }, signal);
      const latencyMs = performance.now() - startedAt;
      const classification = toClassification(answer, { taxonomyVersion: taxonomy.version, latencyMs });
      if (answer.isStrange) return classification;
      const unjudged = { ...classification, abstained: false, abstainReason: null };
      return calibrator.calibrate({ answer: unjudged, other: null }) ?? classification;
    },
    teach,
    async settled() {
      state = await client.call('settle', null);
    },
    async dropTraces() {
      const { key } = await client.call('dropTraces', null);
      // An older model may still be on its way there.
      await turns?.handedOn();
      await models?.keepOnly(key);
    },
    close: () => client.close(),
  };
}

function trainingStatus({ trainingFailure }: EngineState): EngineStatus {
  if (trainingFailure === null) return { ok: true };
  const why = `It answers from what it knew before, because learning the newest examples failed: ${trainingFailure.why}.`;
  return { ok: false, why, since: new Date(trainingFailure.since) };
}

function toClassification(
  answer: EngineAnswer,
  context: { taxonomyVersion: string; latencyMs: number },
): Classification {
  const abstained = answer.abstainReason !== null;
  return {
    intent: answer.intent,
    confidence: answer.confidence,
    abstained,
    abstainReason: answer.abstainReason,
    reasoning: answer.reasoning,
    decidingWords: [...answer.decidingWords],
    runnersUp: [...answer.runnersUp],
    nearestExamples: [...answer.nearestExamples],
    secondaryIntents: [],
    urgency: null,
    sentiment: null,
    language: answer.language,
    stage: 'local',
    stageReason: abstained ? 'The embedded engine is not sure enough.' : 'The embedded engine is sure enough.',
    model: answer.state.modelName,
    versions: {
      taxonomy: context.taxonomyVersion,
      prompt: null,
      examples: answer.state.examplesVersion,
      thresholds: answer.state.thresholdsVersion,
    },
    usage: noUsage,
    costUsd: 0,
    latencyMs: context.latencyMs,
  };
}
