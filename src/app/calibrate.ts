import { count } from '../base/plural.ts';
import type { OnProgress } from '../base/progress.ts';
import { calibrationFile, writeCalibration } from '../classifiers/calibration/calibration-file.ts';
import type { CalibratedEngine } from '../classifiers/calibration/calibrations.ts';
import type { ConfidenceTarget } from '../classifiers/calibration/confidence-target.ts';
import { type AnswersFrom, answersFrom } from '../classifiers/calibration/describe-calibration.ts';
import {
  abstainsAnyway,
  accuracyOf,
  type CalibrationCase,
  calibrateAnswer,
  type EngineCalibration,
  fitEngineCalibration,
  judgeHeldOut,
  MIN_CALIBRATION_CASES,
  thresholdsOf,
} from '../classifiers/calibration/engine-calibration.ts';
import { ticketKeys } from '../classifiers/calibration/ticket-keys.ts';
import type { Classification, Classifier } from '../classifiers/classifier.ts';
import type { LocalClassifier } from '../classifiers/local/create-local-classifier.ts';
import { createModelUse } from '../classifiers/model-api/model-account.ts';
import { ModelError } from '../classifiers/model-api/model-error.ts';
import type { ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import { askedPrompts } from '../config/asked-prompts.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Workspace } from '../config/load-workspace.ts';
import { InputError } from '../errors.ts';
import { bareTicket } from '../evaluation/dataset/bare-ticket.ts';
import { answersToShow, balancedFigures, type LiveFigures, liveFigures } from '../evaluation/metrics/live.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { buildIndex } from './build-index.ts';
import { crossFit, crossFitFolder, type Round, removeCrossFitFolder, wholeRound } from './cross-fit.ts';

/** What one engine's calibration is expected to do, for people and as JSON. Shares are between 0 and 1. */
export type CalibrationReport = {
  readonly engine: string;
  readonly version: string;
  /** Where the calibration is written. */
  readonly file: string;
  /** Number of tickets that it was fitted on. */
  readonly cases: number;
  /** Share of those in scope for which the engine found the right intent. */
  readonly accuracy: number;
  /** The confidences from which answers count at the target of the configuration. */
  readonly answersFrom: AnswersFrom;
  /** What would go live at the target of the configuration, counted as `evaluate` does. */
  readonly expected: LiveFigures;
  /** The same with every intent counted alike, however many of the tickets have it. */
  readonly everyIntentAlike: LiveFigures;
  /** What would go live at other targets, computed in the same way. */
  readonly curve: readonly OtherTarget[];
};

export type OtherTarget = {
  /** The target. */
  readonly precision: number;
  /** Share of the tickets that are answered; null where they are too few to show so high a precision. */
  readonly coverage: number | null;
  /** Share of the answers that are right; null without answers. */
  readonly right: number | null;
  readonly intervals: LiveFigures['intervals'] | null;
};

/** A calibration that is not in use yet. */
export type FittedCalibration = { readonly calibration: EngineCalibration; readonly report: CalibrationReport };

export type CalibrateOptions = {
  readonly config: LoadedConfig;
  readonly workspace: Workspace;
  /**
   * Labelled tickets, which the examples of the workspace must not contain: an engine that has learned a ticket gets it
   * right. Null cross-fits on the examples: each is classified by engines that were trained without it.
   */
  readonly tickets: readonly LabelledTicket[] | null;
  /** No further ticket is classified once this much is spent; null is no limit. */
  readonly maxUsd: number | null;
  readonly onProgress?: OnProgress;
};

const CURVE_PRECISIONS = [0.8, 0.85, 0.9, 0.95, 0.97, 0.99];

type FittedEngine = { readonly id: CalibratedEngine; readonly classifier: Classifier };

/**
 * Lets every engine of the configuration classify every ticket and fits a calibration for each. Nothing uses them before
 * `writeCalibrations`. Throws InputError when there are too few tickets.
 */
export async function calibrate(options: CalibrateOptions): Promise<FittedCalibration[]> {
  const { config, workspace, tickets, onProgress } = options;
  const { settings } = config;
  const rounds =
    tickets === null
      ? crossFit({ config, workspace, folder: crossFitFolder(config) })
      : [wholeRound({ config, workspace, tickets })];
  assertEnough({ tickets: rounds.flatMap((round) => round.tickets), isCrossFit: tickets === null });
  const asked = await askedPrompts({ config, taxonomy: workspace.taxonomy });
  const opened: { index: ExampleIndex | null; local: LocalClassifier | null } = { index: null, local: null };
  try {
    let claudeFor: ((stage: ModelStage, round: Round, local: LocalClassifier) => Classifier) | null = null;
    if (asked.claude !== undefined) {
      const { buildClaude, connectClaude } = await import('./build-claude.ts');
      const modelUse = createModelUse({ dailyBudgetUsd: settings.claude.dailyBudgetUsd });
      const connection = connectClaude({ config, modelUse });
      opened.local = await wholeRound({ config, workspace, tickets: [] }).open(onProgress);
      const { index } = await buildIndex({ ...workspace, config, local: opened.local, modelUse, onProgress });
      opened.index = index;
      claudeFor = (stage, round, embedded) =>
        buildClaude({ config, stage, index: round.withoutThem(index), embedded, connection });
    }
    const stages = claudeFor === null ? [] : modelStages.filter((stage) => asked[stage] !== undefined);
    const answered: Answered[] = [];
    for (const round of rounds) {
      const local = await round.open(onProgress);
      try {
        const engines: FittedEngine[] = [{ id: 'local', classifier: local }];
        for (const stage of stages) {
          if (claudeFor !== null) engines.push({ id: stage, classifier: claudeFor(stage, round, local) });
        }
        const total = rounds.reduce((sum, { tickets: own }) => sum + own.length, 0);
        await classifyAll({ ...options, tickets: round.tickets, engines, answered, total });
      } finally {
        await local.close();
      }
    }
    const fitted: FittedCalibration[] = [];
    // In a cascade, the confidence of an engine also depends on the calibrated answer of the engine before it.
    const before = new Map<LabelledTicket, Classification>();
    for (const [place, engine] of (['local', ...stages] as const).entries()) {
      const own = answered.flatMap(({ ticket, answers }) => {
        const answer = answers[place];
        return answer?.stage === engine ? [{ ticket, answer, other: before.get(ticket) ?? null }] : [];
      });
      const cases = own.map(({ ticket, ...rest }): CalibrationCase => ({ ...rest, intent: ticket.intent }));
      const calibration = fitOrExplain({
        engine,
        taxonomy: workspace.taxonomy.version,
        asked: asked[engine] ?? null,
        tickets: [...new Set(own.flatMap(({ ticket }) => ticketKeys(ticket)))],
        cases,
      });
      const thresholds = thresholdsOf(calibration, settings.confidence);
      for (const { ticket, ...given } of own) {
        before.set(ticket, calibrateAnswer({ ...given, calibration, thresholds, target: settings.confidence }));
      }
      const file = calibrationFile({ dataDir: settings.dataDir, engine });
      fitted.push({ calibration, report: describe({ calibration, file, target: settings.confidence }) });
    }
    return fitted;
  } finally {
    await opened.index?.close?.();
    await opened.local?.close();
    if (tickets === null) await removeCrossFitFolder(config);
  }
}

/** Writes calibrations to the data folder, where engines find them at their next start. */
export async function writeCalibrations(fitted: readonly FittedCalibration[]): Promise<void> {
  for (const { calibration, report } of fitted) await writeCalibration(report.file, calibration);
}

function assertEnough({ tickets, isCrossFit }: { tickets: readonly LabelledTicket[]; isCrossFit: boolean }): void {
  if (tickets.length >= MIN_CALIBRATION_CASES) return;
  const what = isCrossFit ? 'example' : 'labelled ticket';
  const cure = isCrossFit
    ? `Add examples, or name a file of other labelled tickets: switchboard calibrate --dataset labelled.jsonl. At least ${MIN_CALIBRATION_CASES} are needed; a few hundred are good.`
    : `Give at least ${MIN_CALIBRATION_CASES}; a few hundred are good.`;
  throw new InputError({
    message: `${count(tickets.length, what)} ${tickets.length === 1 ? 'is' : 'are'} too few to calibrate with. ${cure}`,
  });
}

const modelStages = ['claude', 'second-opinion'] as const;
type ModelStage = (typeof modelStages)[number];

/** `answers` are in the order of the engines. */
type Answered = { readonly ticket: LabelledTicket; readonly answers: readonly Classification[] };

/** Appends to `answered` until the money is spent. `total` is the number of tickets of all rounds. */
async function classifyAll(options: {
  readonly tickets: readonly LabelledTicket[];
  readonly engines: readonly FittedEngine[];
  readonly workspace: Workspace;
  readonly maxUsd: number | null;
  readonly answered: Answered[];
  readonly total: number;
  readonly onProgress?: OnProgress;
}): Promise<void> {
  const { tickets, engines, workspace, maxUsd, answered, total, onProgress } = options;
  let spentUsd = answered.flatMap(({ answers }) => answers).reduce((sum, { costUsd }) => sum + costUsd, 0);
  for (const ticket of tickets) {
    if (maxUsd !== null && spentUsd >= maxUsd) return;
    const answers: Classification[] = [];
    for (const { classifier } of engines) {
      const answer = await classifier
        .classify({ ticket: bareTicket(ticket), taxonomy: workspace.taxonomy })
        .catch((error: unknown) => (error instanceof ModelError ? error.undecided : Promise.reject(error)));
      spentUsd += answer.costUsd;
      answers.push(answer);
    }
    answered.push({ ticket, answers });
    onProgress?.({ step: 'classifying labelled tickets', done: answered.length, total });
  }
}

function fitOrExplain(options: Omit<Parameters<typeof fitEngineCalibration>[0], 'fittedAt'>): EngineCalibration {
  const usable = options.cases.filter(({ answer }) => !abstainsAnyway(answer)).length;
  if (usable >= MIN_CALIBRATION_CASES) {
    return fitEngineCalibration({ ...options, fittedAt: new Date() });
  }
  throw new InputError({
    message: `The engine "${options.engine}" has an answer to ${usable} of ${count(options.cases.length, 'ticket')}, which is too few to calibrate it: ${MIN_CALIBRATION_CASES} are needed. Check it with a single ticket: switchboard route --classifier ${options.engine === 'local' ? 'local' : 'claude'}`,
  });
}

function describe(options: {
  calibration: EngineCalibration;
  file: string;
  target: ConfidenceTarget;
}): CalibrationReport {
  const { calibration, file, target } = options;
  const { heldOut } = calibration;
  const judged = judgeHeldOut(calibration, target);
  return {
    engine: calibration.engine,
    version: calibration.version,
    file,
    cases: heldOut.length,
    accuracy: accuracyOf(calibration),
    answersFrom: answersFrom(calibration, target),
    expected: liveFigures(judged),
    everyIntentAlike: balancedFigures(judged),
    curve: CURVE_PRECISIONS.map((precision) => atTarget(calibration, precision)),
  };
}

function atTarget(calibration: EngineCalibration, targetPrecision: number): OtherTarget {
  const usable = calibration.heldOut.filter(({ abstained }) => abstained !== true).length;
  if (usable < answersToShow(targetPrecision))
    return { precision: targetPrecision, coverage: null, right: null, intervals: null };
  const { coverage, precision, intervals } = liveFigures(judgeHeldOut(calibration, { targetPrecision }));
  return { precision: targetPrecision, coverage, right: precision, intervals };
}
