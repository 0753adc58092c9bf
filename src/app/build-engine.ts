import { join } from 'node:path';
import { onFirstUse } from '../base/on-first-use.ts';
import type { OnProgress } from '../base/progress.ts';
import { type Calibrations, createCalibrator } from '../classifiers/calibration/calibrations.ts';
import { createCalibratedClassifier } from '../classifiers/calibration/create-calibrated-classifier.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import { createHttpClassifier } from '../classifiers/http-classifier.ts';
import { createLocalClassifier } from '../classifiers/local/create-local-classifier.ts';
import type { EngineStatus } from '../classifiers/local/engine-client.ts';
import type { ModelCache } from '../classifiers/local/model-cache.ts';
import type { TaughtExample } from '../classifiers/local/protocol.ts';
import { createModelUse, type ModelUse } from '../classifiers/model-api/model-account.ts';
import type { Degradation } from '../classifiers/model-api/model-watch.ts';
import { assertEmbedderReady } from '../classifiers/retrieval/create-embedder.ts';
import type { Example, ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import { removeVectorFiles } from '../classifiers/retrieval/scan-index/vector-file.ts';
import { skipAutomatic } from '../classifiers/skip-automatic.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { describeEngine, type EngineChoice } from '../config/describe-engine.ts';
import type { Store } from '../store/store.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { boundedLocal } from './bounded-local.ts';
import { buildIndex } from './build-index.ts';
import { describeEmbedded } from './embedded-status.ts';
import { removeEngineCaches } from './engine-caches.ts';
import type { RequestMaker } from './request-maker.ts';

export type { EngineChoice } from '../config/describe-engine.ts';

export type BuiltEngine = {
  readonly classifier: Classifier;
  readonly engine: EngineChoice;
  /** What makes the requests that Claude would get, also where it is not asked; null for a classifier of your own. */
  readonly requests: (() => Promise<RequestMaker>) | null;
  /** Adds examples, or replaces those of the same id; the next classifications use them. */
  teach(examples: readonly TaughtExample[]): Promise<void>;
  /** Removes examples by id, and ignores ids that it does not have. */
  forget(ids: readonly string[]): Promise<void>;
  /** Removes the examples that it has forgotten from its files too. */
  dropTraces(): Promise<void>;
  /** The parts that do not work as they should now. */
  degradations(): readonly Degradation[];
  close(): Promise<void>;
};

type BuildOptions = {
  config: LoadedConfig;
  taxonomy: Taxonomy;
  examples: readonly Example[];
  /** Corrections that say that a ticket belongs to nobody. */
  outOfScope?: readonly LabelledTicket[];
  /** Ids of the examples whose words may be quoted in a reasoning; none when left out. */
  quotable?: ReadonlySet<string>;
  /** Contains the examples already; null when nothing is stored. */
  store?: Store | null;
  calibrations: Calibrations;
  /** Shared by everything in this process that calls models; a new one when left out. */
  modelUse?: ModelUse;
  onProgress?: OnProgress;
  /** Ends a start that is under way; it then rejects. */
  signal?: AbortSignal;
  /** Called when the embedder failed to embed examples. */
  onError?: (error: unknown) => void;
  /** Called when the embedded engine has crashed, when a restart has failed, and when it works again. */
  onStatus?: (status: EngineStatus) => void;
};

/** Builds the engine that the configuration asks for. It is not asked about automatic mail. */
export async function buildEngine(options: BuildOptions): Promise<BuiltEngine> {
  const built = await buildAsked(options);
  return { ...built, classifier: skipAutomatic(built.classifier) };
}

async function buildAsked(options: BuildOptions): Promise<BuiltEngine> {
  const { config, taxonomy, examples, outOfScope = [], quotable = new Set(), calibrations, onProgress } = options;
  const { classifier: wanted, confidence, dataDir, claude } = config.settings;
  const engine = describeEngine(config);
  if (typeof wanted === 'object') {
    const redacts = wanted.redaction ?? config.settings.redaction;
    const redact = redacts ? (await import('../ticket/redact-ticket.ts')).redactInTurns : null;
    return {
      classifier: createHttpClassifier({ url: wanted.http, redact, deadlineMs: claude.deadlineMs }),
      engine,
      requests: null,
      teach: async () => {},
      forget: async () => {},
      dropTraces: () => removeEngineCaches(dataDir),
      degradations: () => [],
      close: async () => {},
    };
  }
  const isLocal = engine.kind === 'local';
  if (!isLocal) {
    const { voyageApiKey } = config.secrets;
    // Before the engine is trained: nobody should wait for that and then see the start fail.
    await assertEmbedderReady({ settings: config.settings.retrieval.embedder, voyageApiKey });
  }
  const local = await createLocalClassifier({
    taxonomy,
    examples,
    outOfScope,
    quotable,
    cacheDir: join(dataDir, 'models'),
    models: await openModelCache(options.store ?? null),
    confidence,
    calibrations,
    embedder: config.settings.retrieval.embedder === 'none' ? 'none' : 'embedded',
    onProgress,
    ...(options.signal && { signal: options.signal }),
    ...(options.onError && { onError: options.onError }),
    ...(options.onStatus && { onStatus: options.onStatus }),
  });
  const common = {
    teach: (more: readonly TaughtExample[]) => local.teach(more),
    forget: (ids: readonly string[]) => local.index.remove(ids),
    async dropTraces() {
      await local.dropTraces();
      await removeVectorFiles({ folder: join(dataDir, 'embeddings'), exceptEmbedder: null });
    },
    degradations: () => describeEmbedded(local.status),
    close: () => local.close(),
  };
  const requestsWith = (index: ExampleIndex) =>
    onFirstUse(async () => {
      // Only who tries a ticket needs it, and with it what writes prompts.
      const { createRequestMaker } = await import('./request-maker.ts');
      return createRequestMaker({ config, taxonomy, local, index });
    });
  if (isLocal) return { ...common, classifier: local, engine, requests: requestsWith(local.index) };
  const opened: { index: ExampleIndex | null } = { index: null };
  try {
    const modelUse = options.modelUse ?? createModelUse({ dailyBudgetUsd: claude.dailyBudgetUsd });
    const { index, upsert, remove } = await buildIndex({ ...options, local, modelUse });
    opened.index = index;
    const withIndex = {
      degradations: common.degradations,
      async teach(more: readonly TaughtExample[]) {
        await local.teach(more);
        await upsert(more.map(({ example }) => example));
      },
      async forget(ids: readonly string[]) {
        await local.index.remove(ids);
        await remove(ids);
      },
      async dropTraces() {
        if (index.dropTraces === undefined) return common.dropTraces();
        await local.dropTraces();
        await index.dropTraces();
      },
      async close() {
        await index.close?.();
        await local.close();
      },
    };
    // Loaded only here: the SDK and the redaction are 400 modules, a third of the time that a start without a key takes.
    const { buildClaudeAlone, connectClaude } = await import('./build-claude.ts');
    const connection = connectClaude({ config, modelUse });
    if (engine.kind !== 'claude') {
      const { buildCascade } = await import('./build-cascade.ts');
      const classifier = buildCascade({ config, local, index, connection, calibrations });
      return { ...withIndex, classifier, engine, requests: requestsWith(index) };
    }
    const classifier = createCalibratedClassifier({
      classifier: buildClaudeAlone({ config, local, index, connection }),
      reference: boundedLocal({ local, deadlineMs: claude.deadlineMs }),
      calibrator: createCalibrator({ engine: 'claude', calibrations, target: confidence }),
    });
    return { ...withIndex, classifier, engine, requests: requestsWith(index) };
  } catch (error) {
    await opened.index?.close?.();
    await local.close();
    throw error;
  }
}

/** Processes on one PostgreSQL share the models that they train. An embedded store has one process: null. */
async function openModelCache(store: Store | null): Promise<ModelCache | null> {
  if (store?.connection.kind !== 'postgresql') return null;
  const { createModelStore } = await import('../store/models.ts');
  return createModelStore(store.connection.pool);
}
