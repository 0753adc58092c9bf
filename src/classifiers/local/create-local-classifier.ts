import type { OnProgress } from '../../base/progress.ts';
import { say } from '../../base/say.ts';
import { ClassifierError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { LabelledTicket, Ticket } from '../../ticket/ticket.ts';
import { type Calibrations, createCalibrator, noCalibrations } from '../calibration/calibrations.ts';
import { type ConfidenceTarget, precisionWanted } from '../calibration/confidence-target.ts';
import { recordAt } from '../calibration/record-at.ts';
import { scaleRunnersUp } from '../calibration/scale-runners-up.ts';
import { type Classification, type ClassifyRequest, noUsage } from '../classifier.ts';
import type { EmbeddedEngine } from '../opinion.ts';
import type { Embedder } from '../retrieval/embedder.ts';
import type { Example, ExampleIndex, ExampleSearch, FoundExample } from '../retrieval/example-index.ts';
import { EngineClient, type EngineStatus } from './engine-client.ts';
import { createEngineEmbedder } from './engine-embedder.ts';
import { exampleBatches } from './example-batches.ts';
import { knowsDesk } from './knows-desk.ts';
import type { ModelCache } from './model-cache.ts';
import type { EngineAnswer, EngineState, TaughtExample } from './protocol.ts';
import { composeReasoning } from './reasoning.ts';
import { describeIntents } from './training-data.ts';
import { createTrainingTurns } from './training-turns.ts';

const NEAREST_SHOWN = 3;

export type LocalClassifierOptions = {
  readonly taxonomy: Taxonomy;
  /** Examples whose intent is not a leaf of the taxonomy are left out and counted in `skippedExamples`. */
  readonly examples: readonly LabelledTicket[];
  /** Corrections that say that a ticket belongs to nobody. Tickets like them are turned away. */
  readonly outOfScope?: readonly LabelledTicket[];
  /** Ids of the company's own examples, whose words may be shown to others. Other examples are named by id only. */
  readonly quotable?: ReadonlySet<string>;
  /** Folder for the trained model; null trains at every start. */
  readonly cacheDir: string | null;
  /** Where processes share trained models; null to share none. */
  readonly models?: ModelCache | null;
  readonly confidence: ConfidenceTarget;
  /** `none` leaves out the sentence encoder: a third of the memory, and several points less accuracy on short texts. */
  readonly embedder?: 'embedded' | 'none';
  /** Fitted on labelled tickets by `switchboard calibrate`; replaces confidence and thresholds from training. */
  readonly calibrations?: Calibrations;
  readonly onProgress?: OnProgress;
  /** Ends a start that is under way; it then rejects with `ClassifierError`. */
  readonly signal?: AbortSignal;
  /** Called when sharing trained models failed; each process then trains its own. */
  readonly onError?: (error: unknown) => void;
  /** Called when the engine crashes, when a restart fails, and when it works again. */
  readonly onStatus?: (status: EngineStatus) => void;
};

/** The embedded engine, which needs no key and no network. */
export type LocalClassifier = EmbeddedEngine & {
  /** Changes whenever an example is added, changed or removed. */
  readonly examplesVersion: string;
  readonly exampleCount: number;
  /** Number of examples whose intent is not a leaf of the taxonomy. */
  readonly skippedExamples: number;
  /** The index of the same examples, for other engines. This engine learns from changes to it. */
  readonly index: ExampleIndex;
  /** The sentence encoder of the worker, for other indexes; null when none is used. */
  readonly embedder: Embedder | null;
  /** Whether the engine works and has learned all its examples. */
  readonly status: EngineStatus;
  /** Adds examples. Retrieval uses them when this resolves, and the regression soon after; see `settled`. */
  teach(examples: readonly TaughtExample[]): Promise<void>;
  /**
   * Resolves when the regression has learned all examples added so far. Rejects with `ClassifierError` if that failed.
   */
  settled(): Promise<void>;
  /**
   * Resolves when no cache contains anything of removed examples. Rejects with `ClassifierError` if training failed.
   */
  dropTraces(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Trains the embedded engine on the examples and the descriptions of the taxonomy, or loads it from the cache. All
 * heavy work is done in worker threads. Rejects with `ClassifierError` when the engine cannot be started.
 */
export async function createLocalClassifier(options: LocalClassifierOptions): Promise<LocalClassifier> {
  const { taxonomy, confidence, models = null, onProgress = () => undefined, onError = () => undefined } = options;
  const calibrator = createCalibrator({
    engine: 'local',
    calibrations: options.calibrations ?? noCalibrations,
    target: confidence,
  });
  const leaves = new Set(taxonomy.leaves.map(({ id }) => id));
  const intents = describeIntents(taxonomy);
  const names = new Map(intents.map(({ id, name }) => [id, name]));
  const nameOf = (intent: string) => names.get(intent) ?? intent;
  const isExample = (ticket: LabelledTicket): ticket is Example => ticket.intent !== null && leaves.has(ticket.intent);
  const examples = new Map<string, TaughtExample & { readonly example: Example }>();
  for (const example of options.examples) {
    if (isExample(example)) examples.set(example.id, { example, quotable: options.quotable?.has(example.id) ?? false });
  }
  const isOutsider = (ticket: LabelledTicket) => ticket.intent === null && ticket.outOfScope === true;
  const outsiders = new Map<string, TaughtExample>();
  for (const example of options.outOfScope ?? []) outsiders.set(example.id, { example, quotable: false });
  const turns = models === null ? null : createTrainingTurns({ cache: models, onProgress, onError });
  const client = new EngineClient({
    open: {
      taxonomyVersion: taxonomy.version,
      intents,
      cacheDir: options.cacheDir,
      sharesModels: models !== null,
      useEncoder: options.embedder !== 'none',
      confidence,
    },
    examples: () => [...examples.values(), ...outsiders.values()],
    onProgress,
    turns,
    ...(options.onStatus && { onStatus: options.onStatus }),
    onState: (latest) => {
      state = latest;
    },
  });
  let state: EngineState;
  const { signal } = options;
  const stop = () => void client.close();
  try {
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    state = await client.ready();
  } catch (error) {
    await client.close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }

  async function teach(added: readonly TaughtExample[]): Promise<void> {
    const usable = added.flatMap(({ example, quotable }) => (isExample(example) ? [{ example, quotable }] : []));
    for (const taught of usable) {
      examples.set(taught.example.id, taught);
      outsiders.delete(taught.example.id);
    }
    const turnedAway = added.filter(({ example }) => isOutsider(example));
    for (const taught of turnedAway) {
      outsiders.set(taught.example.id, taught);
      examples.delete(taught.example.id);
    }
    for (const batch of exampleBatches([...usable, ...turnedAway]))
      state = await client.call('upsert', { examples: batch });
  }

  const index: ExampleIndex = {
    get version() {
      return state.examplesVersion;
    },
    // Users of the index do not say where an example comes from, so it must not be quoted.
    upsert: (added) => teach(added.map((example) => ({ example, quotable: false }))),
    async remove(ids) {
      for (const id of ids) {
        examples.delete(id);
        outsiders.delete(id);
      }
      state = await client.call('remove', { ids });
    },
    async search({ signal, ticket: _, ...search }: ExampleSearch) {
      const { found, neighbours, byMeaning } = await client.call('search', search, signal);
      return {
        byMeaning,
        neighbours: neighbours.map((intent) => ({ intent })),
        found: found.flatMap(({ id, similarity }): FoundExample[] => {
          const taught = examples.get(id);
          return taught === undefined ? [] : [{ example: taught.example, similarity }];
        }),
      };
    },
  };

  const ask = async ({ ticket, taxonomy: asked, signal }: ClassifyRequest) => {
    if (asked.version !== taxonomy.version) {
      throw new ClassifierError({
        classifier: 'local',
        retryable: false,
        message: `The embedded engine was trained for taxonomy ${taxonomy.version} and cannot classify by ${asked.version}. Create one engine for each taxonomy.`,
      });
    }
    const startedAt = performance.now();
    const answer = await client.call('classify', { ticket }, signal);
    const latencyMs = performance.now() - startedAt;
    const classification = toClassification(answer, { taxonomyVersion: taxonomy.version, latencyMs });
    // A calibration replaces thresholds from training; what is like no example stays with people.
    const unjudged = answer.isUnfamiliar ? classification : withoutAbstaining(classification);
    const calibrated = calibrator.calibrate({ answer: unjudged, other: null }) ?? classification;
    const judged = answer.isExample ? asExample(calibrated, confidence) : calibrated;
    return { answer, classification: withReasons(judged, { ...answer, nameOf }) };
  };

  /** A cascade has just asked about the ticket on which Claude then gets the opinion. */
  const latest = new WeakMap<Ticket, Awaited<ReturnType<typeof ask>>>();

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
    async classify(request) {
      const asked = await ask(request);
      latest.set(request.ticket, asked);
      return asked.classification;
    },
    get heldOut() {
      return state.heldOut;
    },
    async opinionOf(request) {
      const { heldOut, exampleCount } = state;
      if (!knowsDesk({ heldOut, exampleCount, intentCount: taxonomy.leaves.length })) return null;
      const known = latest.get(request.ticket);
      const isCurrent = known?.classification.versions.examples === state.examplesVersion;
      const { answer, classification } = isCurrent ? known : await ask(request);
      const { intent, confidence, runnersUp } = classification;
      if (answer.isUnfamiliar || intent === null) return null;
      const calibration = (options.calibrations ?? noCalibrations).get('local');
      const record = calibration === null ? answer.record : recordAt(calibration.heldOut, confidence);
      return { intents: [{ intent, confidence }, ...runnersUp], record };
    },
    teach,
    async settled() {
      state = await client.call('settle', null);
    },
    async dropTraces() {
      const { key } = await client.call('dropTraces', null);
      // An older model may still be on its way to the cache.
      await turns?.shared();
      await models?.keepOnly(key);
    },
    close: () => client.close(),
  };
}

function trainingStatus({ trainingFailure }: EngineState): EngineStatus {
  if (trainingFailure === null) return { ok: true };
  const why = `It answers without the newest examples, because it failed to learn them: ${trainingFailure.why}.`;
  return { ok: false, why, since: new Date(trainingFailure.since) };
}

/**
 * Thresholds come from answers to texts that the engine had not learned. The words of an own example are no such text: the
 * company has said what they mean, so the answer counts, and as sure as the target asks for at least.
 */
function asExample(answer: Classification, target: ConfidenceTarget): Classification {
  const confidence = Math.max(answer.confidence, precisionWanted(target));
  const runnersUp = scaleRunnersUp(answer.runnersUp, { from: answer.confidence, to: confidence });
  return withoutAbstaining({ ...answer, confidence, runnersUp });
}

function withoutAbstaining({ abstainFacts: _, ...answer }: Classification): Classification {
  return { ...answer, abstained: false, abstainReason: null };
}

/** Says why, after any calibration, so that the reasons name the figures that count. */
function withReasons(
  judged: Classification,
  {
    intent,
    nearest,
    isExample,
    nameOf,
  }: Pick<EngineAnswer, 'intent' | 'nearest' | 'isExample'> & { nameOf: (intent: string) => string },
): Classification {
  const { abstained, decidingWords, runnersUp, isUnfamiliar } = judged;
  const notSure = isUnfamiliar
    ? say('engine.unfamiliar', 'The embedded engine does not answer tickets like this one.')
    : say('engine.not-sure', 'The embedded engine is not sure enough.');
  const stage = abstained
    ? notSure
    : isExample
      ? say('engine.is-example', 'One of your examples has the same words.')
      : say('engine.sure', 'The embedded engine is sure enough.');
  const reasoning = composeReasoning({
    ...{ intent, nearest, decidingWords, nameOf },
    runnerUp: runnersUp[0] ?? null,
    isSure: !abstained,
  });
  return {
    ...judged,
    reasoning: reasoning.text,
    reasoningFacts: reasoning.facts,
    stageReason: stage.text,
    stageFacts: stage.facts,
  };
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
    abstainReason: answer.abstainReason?.text ?? null,
    ...(answer.abstainReason !== null && { abstainFacts: answer.abstainReason.facts }),
    reasoning: '',
    decidingWords: [...answer.decidingWords],
    runnersUp: [...answer.runnersUp],
    nearestExamples: answer.nearest
      .slice(0, NEAREST_SHOWN)
      .map(({ id, intent, similarity }) => ({ id, intent, similarity })),
    secondaryIntents: [],
    urgency: null,
    sentiment: null,
    language: answer.language,
    stage: 'local',
    stageReason: '',
    model: answer.state.modelName,
    ...(answer.isUnfamiliar && { isUnfamiliar: true }),
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
