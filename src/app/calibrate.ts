import { join } from 'node:path';
import { count } from '../base/plural.ts';
import type { OnProgress } from '../base/progress.ts';
import { calibrationFile, writeCalibration } from '../classifiers/calibration/calibration-file.ts';
import type { ConfidenceTarget } from '../classifiers/calibration/confidence-target.ts';
import {
  type CalibrationCase,
  curveOf,
  type EngineCalibration,
  fitEngineCalibration,
  judgeHeldOut,
  MIN_CALIBRATION_CASES,
} from '../classifiers/calibration/engine-calibration.ts';
import type { Classification, Classifier } from '../classifiers/classifier.ts';
import { createLocalClassifier } from '../classifiers/local/create-local-classifier.ts';
import { createModelUse } from '../classifiers/model-api/model-account.ts';
import { ModelError } from '../classifiers/model-api/model-error.ts';
import type { ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Workspace } from '../config/load-workspace.ts';
import { InputError } from '../errors.ts';
import { type LiveFigures, liveFigures } from '../evaluation/metrics/live.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { buildIndex } from './build-index.ts';

/** What one engine's calibration is expected to do, for people and as JSON. Shares are between 0 and 1. */
export type CalibrationReport = {
  readonly engine: string;
  readonly version: string;
  /** Where the calibration was written. */
  readonly file: string;
  /** Number of tickets that it was fitted on. */
  readonly cases: number;
  /** Share of these tickets for which the engine found the right intent. */
  readonly accuracy: number;
  /** What would go live at the target of the configuration, counted as `evaluate` does. */
  readonly expected: LiveFigures;
  /** The coverage at a few precisions; null where the precision cannot be reached. */
  readonly curve: readonly { readonly precision: number; readonly coverage: number | null }[];
};

export type CalibrateOptions = {
  readonly config: LoadedConfig;
  /** Its examples must not contain the tickets: an engine that has learned a ticket gets it right. */
  readonly workspace: Workspace;
  readonly tickets: readonly LabelledTicket[];
  /** No further ticket is classified once this much is spent; null is no limit. */
  readonly maxUsd: number | null;
  readonly onProgress?: OnProgress;
};

const CURVE_PRECISIONS = [0.8, 0.85, 0.9, 0.95, 0.97, 0.99];

type FittedEngine = { readonly id: string; readonly classifier: Classifier };

/**
 * Lets every engine of the configuration classify every ticket, fits a calibration for each, and writes them to the data
 * folder, where engines find them at their next start. Throws InputError when there are too few tickets.
 */
export async function calibrate(options: CalibrateOptions): Promise<CalibrationReport[]> {
  const { config, workspace, tickets, onProgress } = options;
  const { settings } = config;
  if (tickets.length < MIN_CALIBRATION_CASES) {
    throw new InputError({
      message: `${count(tickets.length, 'labelled ticket')} ${tickets.length === 1 ? 'is' : 'are'} too few to calibrate with. Give at least ${MIN_CALIBRATION_CASES}; a few hundred are good.`,
    });
  }
  const local = await createLocalClassifier({
    taxonomy: workspace.taxonomy,
    examples: workspace.examples,
    cacheDir: join(settings.dataDir, 'models'),
    confidence: settings.confidence,
    embedder: settings.retrieval.embedder === 'none' ? 'none' : 'embedded',
    onProgress,
  });
  const opened: { index: ExampleIndex | null } = { index: null };
  try {
    const engines: FittedEngine[] = [{ id: 'local', classifier: local }];
    if (asksClaude(config)) {
      const { buildClaude, connectClaude } = await import('./build-claude.ts');
      const modelUse = createModelUse({ dailyBudgetUsd: settings.claude.dailyBudgetUsd });
      const connection = connectClaude({ config, modelUse });
      const { index } = await buildIndex({ ...workspace, config, local, modelUse, onProgress });
      opened.index = index;
      const stages = settings.claude.secondOpinion === null ? (['claude'] as const) : claudeStages;
      for (const stage of stages) {
        engines.push({ id: stage, classifier: buildClaude({ config, stage, index, guesser: local, connection }) });
      }
    }
    const answered = await classifyAll({ ...options, engines });
    const reports: CalibrationReport[] = [];
    for (const [place, { id }] of engines.entries()) {
      // In a cascade, the confidence of an engine also depends on the answer of the engine before it, so both are given.
      const cases = answered.flatMap(({ ticket, answers }): CalibrationCase[] => {
        const answer = answers[place];
        if (answer?.stage !== id) return []; // the engine gave no answer
        const other = answers.slice(0, place).findLast(({ stage }) => stage !== 'none') ?? null;
        return [{ answer, other, intent: ticket.intent }];
      });
      const calibration = fitOrExplain({ engine: id, taxonomy: workspace.taxonomy.version, cases });
      const file = calibrationFile({ dataDir: settings.dataDir, engine: id });
      await writeCalibration(file, calibration);
      reports.push(describe({ calibration, file, target: settings.confidence }));
    }
    return reports;
  } finally {
    await opened.index?.close?.();
    await local.close();
  }
}

const claudeStages = ['claude', 'second-opinion'] as const;

const asksClaude = ({ settings, secrets }: LoadedConfig) =>
  settings.classifier === 'claude' ||
  settings.classifier === 'cascade' ||
  (settings.classifier === 'auto' && secrets.anthropicApiKey !== null);

/** `answers` are in the order of the engines. */
type Answered = { readonly ticket: LabelledTicket; readonly answers: readonly Classification[] };

async function classifyAll(options: CalibrateOptions & { engines: readonly FittedEngine[] }): Promise<Answered[]> {
  const { tickets, engines, workspace, maxUsd, onProgress } = options;
  const answered: Answered[] = [];
  let spentUsd = 0;
  for (const ticket of tickets) {
    if (maxUsd !== null && spentUsd >= maxUsd) break;
    const answers: Classification[] = [];
    for (const { classifier } of engines) {
      const answer = await classifier
        .classify({ ticket, taxonomy: workspace.taxonomy })
        .catch((error: unknown) => (error instanceof ModelError ? error.undecided : Promise.reject(error)));
      spentUsd += answer.costUsd;
      answers.push(answer);
    }
    answered.push({ ticket, answers });
    onProgress?.({ step: 'classifying labelled tickets', done: answered.length, total: tickets.length });
  }
  return answered;
}

function fitOrExplain(options: Omit<Parameters<typeof fitEngineCalibration>[0], 'fittedAt'>): EngineCalibration {
  if (options.cases.filter(({ answer }) => answer.intent !== null).length >= MIN_CALIBRATION_CASES) {
    return fitEngineCalibration({ ...options, fittedAt: new Date() });
  }
  throw new InputError({
    message: `The engine "${options.engine}" classified ${count(options.cases.length, 'ticket')}, which is too few to calibrate it: ${MIN_CALIBRATION_CASES} are needed. Check it with a single ticket: switchboard route --classifier claude`,
  });
}

function describe(options: {
  calibration: EngineCalibration;
  file: string;
  target: ConfidenceTarget;
}): CalibrationReport {
  const { calibration, file, target } = options;
  const { heldOut } = calibration;
  const curve = curveOf(calibration);
  return {
    engine: calibration.engine,
    version: calibration.version,
    file,
    cases: heldOut.length,
    accuracy: heldOut.filter(({ correct }) => correct).length / heldOut.length,
    expected: liveFigures(judgeHeldOut(calibration, target)),
    curve: CURVE_PRECISIONS.map((precision) => ({
      precision,
      coverage: curve.reduce<number | null>(
        (best, point) => (point.precision >= precision ? Math.max(best ?? 0, point.coverage) : best),
        null,
      ),
    })),
  };
}
