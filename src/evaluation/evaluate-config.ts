import { join } from 'node:path';
import type { OnProgress } from '../base/progress.ts';
import { say } from '../base/say.ts';
import { readCalibrationFiles } from '../classifiers/calibration/calibration-file.ts';
import { calibratedEngines } from '../classifiers/calibration/calibrations.ts';
import { precisionWanted } from '../classifiers/calibration/confidence-target.ts';
import { guessWith } from '../classifiers/claude/guess-intents.ts';
import { createLocalClassifier } from '../classifiers/local/create-local-classifier.ts';
import { createModelUse } from '../classifiers/model-api/model-account.ts';
import type { Example, ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import { openExampleIndex } from '../classifiers/retrieval/open-example-index.ts';
import { askedPrompts } from '../config/asked-prompts.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { describeEngine, modelsAsked } from '../config/describe-engine.ts';
import { loadWorkspace, type Workspace } from '../config/load-workspace.ts';
import { UsageError } from '../errors.ts';
import { extendTaxonomy } from '../taxonomy/extend-taxonomy.ts';
import { loadTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { redact } from '../ticket/redact-ticket.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { type BuildClassifier, createSubject } from './create-subject.ts';
import type { CriterionId } from './criteria/criterion.ts';
import { dropLeaks } from './dataset/drop-leaks.ts';
import { findCalibrated } from './dataset/find-calibrated.ts';
import { loadDataset } from './dataset/load-dataset.ts';
import { type EvaluateOptions, type Evaluation, evaluate, type Subject } from './evaluate.ts';
import { loadReplies, readReplies } from './replies/read-replies.ts';
import type { Answer } from './run/answer.ts';
import type { Launch } from './run/plan-adaptation.ts';
import { readRun } from './run/run-folder.ts';
import type { RunManifest } from './run/run-manifest.ts';

export type EvaluateConfigOptions = Omit<
  EvaluateOptions,
  | 'subject'
  | 'dataset'
  | 'launch'
  | 'calibratedOn'
  | 'calibrations'
  | 'configFile'
  | 'targets'
  | 'required'
  | 'currentCostUsd'
  | 'targetPrecision'
  | 'replies'
> & {
  readonly config: LoadedConfig;
  readonly buildClassifier: BuildClassifier;
  /** Default: the workspace that the configuration points to. */
  readonly workspace?: Workspace;
  /** Default: those of the resumed run, else `evaluation.dataset`. */
  readonly datasetFiles?: readonly string[];
  /** Model replies in the batch result format; they are scored and no engine is asked. */
  readonly repliesFile?: string;
  readonly criteria?: readonly CriterionId[];
};

/** What a calling program may choose: data set, criteria, limits, where runs are kept. */
export type LibraryEvaluateOptions = Partial<
  Omit<EvaluateConfigOptions, 'config' | 'buildClassifier' | 'workspace' | 'stored'>
>;

/** Evaluates the engine of a configuration. Throws `ConfigurationError`, `UsageError` and what `evaluate` throws. */
export async function evaluateConfig(options: EvaluateConfigOptions): Promise<Evaluation> {
  const { config } = options;
  const { evaluation, confidence } = config.settings;
  const resumed = options.datasetFiles === undefined ? await manifestOf(options) : null;
  const files = options.datasetFiles ?? resumed?.dataset.map(({ path }) => path) ?? evaluation.dataset ?? [];
  if (files.length === 0) {
    throw new UsageError(
      'There is nothing to score. Name labelled tickets (--dataset tickets.jsonl), or set them in switchboard.yaml (evaluation: { dataset: tickets.jsonl }).',
    );
  }
  const given = options.workspace ?? (await loadWorkspace(config));
  const { taxonomy } = given;
  const dataset = await loadDataset({ files, taxonomy });
  const { examples: turnedAway } = dropLeaks({ examples: given.turnedAway ?? [], dataset: dataset.tickets });
  const workspace = { ...given, turnedAway };
  // The new intents of a configuration are only used with its own data set.
  const isConfigured = resumed === null ? options.datasetFiles === undefined : resumed.launch !== null;
  const launch = isConfigured ? await loadLaunch(config, taxonomy) : null;
  const { repliesFile } = options;
  // Read first, so that a missing file is reported before an engine is trained.
  const replies = repliesFile === undefined ? null : await loadReplies(repliesFile);
  const engine = repliesFile === undefined ? describeEngine(config) : repliesFrom(repliesFile);
  return evaluate({
    ...options,
    subject: createSubject({
      config,
      workspace,
      engine,
      models: repliesFile === undefined ? modelsAsked(config) : [],
      buildClassifier: options.buildClassifier,
    }),
    dataset,
    launch,
    targets: evaluation.targets,
    required: evaluation.required,
    currentCostUsd: evaluation.currentMethod.costUsdPerTicket,
    targetPrecision: precisionWanted(confidence),
    ...(repliesFile === undefined && (await describeCalibrations(config, taxonomy, dataset.tickets))),
    configFile: config.file,
    replies:
      replies === null
        ? undefined
        : (examples) => repliesOf({ ...options, replies, taxonomy, examples, tickets: dataset.tickets }),
  });
}

/** In place of an engine. */
function repliesFrom(file: string): Subject['engine'] {
  const { text, facts } = say('run.replies', `answers from ${file}`, { file });
  return { kind: 'replies', why: text, whyFacts: facts };
}

/** The calibrations that the engine uses, and the tickets that they were fitted on. */
async function describeCalibrations(config: LoadedConfig, taxonomy: Taxonomy, tickets: readonly LabelledTicket[]) {
  const { dataDir, classifier } = config.settings;
  if (typeof classifier === 'object') return {};
  const asked = await askedPrompts({ config, taxonomy });
  const calibrations = await readCalibrationFiles({ dataDir, taxonomy: taxonomy.version, asked });
  const engines = calibratedEngines.filter((engine) => engine === 'local' || asked[engine] !== undefined);
  return {
    calibratedOn: findCalibrated({ calibrations, asked: engines }, tickets),
    calibrations: engines.flatMap((engine) => {
      const found = calibrations.get(engine);
      return found === null ? [] : [{ engine, version: found.version }];
    }),
  };
}

/** The manifest of the run to resume; null when a new run starts. */
async function manifestOf({ resume, runsDir }: EvaluateConfigOptions): Promise<RunManifest | null> {
  return resume === undefined ? null : (await readRun({ runsDir, id: resume })).manifest;
}

/** Reads replies, with the examples that `prompt --dataset` used for the requests. */
async function repliesOf(options: {
  readonly replies: Awaited<ReturnType<typeof loadReplies>>;
  readonly config: LoadedConfig;
  readonly taxonomy: Taxonomy;
  readonly examples: readonly Example[];
  readonly tickets: readonly LabelledTicket[];
  readonly onProgress?: OnProgress;
}): Promise<Answer[]> {
  const { config, examples, onProgress } = options;
  const { claude, confidence, dataDir, redaction, retrieval } = config.settings;
  const local = await createLocalClassifier({
    ...options,
    confidence,
    cacheDir: join(dataDir, 'models'),
    embedder: retrieval.embedder === 'none' ? 'none' : 'embedded',
  });
  let index: ExampleIndex | null = null;
  try {
    index = await openExampleIndex({
      settings: retrieval.embedder,
      voyageApiKey: config.secrets.voyageApiKey,
      redaction,
      modelUse: createModelUse({ dailyBudgetUsd: claude.dailyBudgetUsd }),
      prices: claude.prices,
      local,
      examples,
      dataDir,
      onProgress,
    });
    const guess = guessWith({ classifier: local, taxonomy: options.taxonomy });
    return await readReplies({ ...options, index, guess, embedded: local, redact: redaction ? redact : null });
  } finally {
    await index?.close?.();
    await local.close();
  }
}

async function loadLaunch({ settings }: LoadedConfig, base: Taxonomy): Promise<Launch | null> {
  const { adaptation } = settings.evaluation;
  if (adaptation === undefined) return null;
  const added = adaptation.taxonomy === undefined ? null : await loadTaxonomy(adaptation.taxonomy);
  const taxonomy = added === null ? base : extendTaxonomy(base, added);
  const train = await loadDataset({ files: [adaptation.train], taxonomy });
  const test = adaptation.test === undefined ? null : await loadDataset({ files: [adaptation.test], taxonomy });
  return {
    taxonomy,
    train: train.tickets.flatMap((ticket) => (ticket.intent === null ? [] : [{ ...ticket, intent: ticket.intent }])),
    test: test?.tickets ?? null,
  };
}
