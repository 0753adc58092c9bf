import { sha256, versionOf } from '../base/hash.ts';
import { count } from '../base/plural.ts';
import type { OnProgress } from '../base/progress.ts';
import type { Saying } from '../base/say.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { judgeAll, requiredBesides } from './criteria/all-criteria.ts';
import { type CriterionId, criterionIds } from './criteria/criterion.ts';
import type { Evidence } from './criteria/evidence.ts';
import { bareTicket } from './dataset/bare-ticket.ts';
import { dropLeaks } from './dataset/drop-leaks.ts';
import { type Dataset, hashTickets } from './dataset/load-dataset.ts';
import { packageVersion } from './package-version.ts';
import { type Answer, answerKey } from './run/answer.ts';
import { askAll, type Question, type StopReason } from './run/ask-all.ts';
import { openRun } from './run/open-run.ts';
import { adaptationTrial, type Launch } from './run/plan-adaptation.ts';
import { evidenceOf, type Plans, planQuestions } from './run/recall-evidence.ts';
import type { RunFolder } from './run/run-folder.ts';
import type { RunManifest } from './run/run-manifest.ts';
import type { CalibratedOn, EvaluationResult } from './score/evaluation-result.ts';
import { answersByKey } from './score/scored-ticket.ts';
import { summarise } from './score/summarise.ts';

/** The engine to score, with a function that builds it from examples as production does. */
export type Subject = {
  readonly engine: { readonly kind: string; readonly why: string; readonly whyFacts?: Saying['facts'] };
  /** Ids of the Claude models that it may ask: none of them may judge its explanations. */
  readonly models?: readonly string[];
  readonly taxonomy: Taxonomy;
  readonly taxonomyFile: string | null;
  readonly examples: readonly Example[];
  /** Builds the production classifier from only this taxonomy and these examples. The caller closes it. */
  build(options: {
    readonly taxonomy: Taxonomy;
    readonly examples: readonly Example[];
    readonly onProgress?: OnProgress;
  }): Promise<Classifier>;
  /** Other settings that affect answers (model, thresholds, …), without secrets. */
  readonly settings: unknown;
  /** Teams and rules; null to score intents only. */
  readonly routing: RoutingConfig | null;
};

export type EvaluateOptions = {
  readonly subject: Subject;
  readonly dataset: Dataset;
  /** The subject's examples that came from the store (imports and corrections); null when they were not used. */
  readonly stored?: readonly LabelledTicket[] | null;
  /** New intents for the criterion adaptation. Default: known intents are withheld. */
  readonly launch?: Launch | null;
  /** Default: all twelve. */
  readonly criteria?: readonly CriterionId[];
  readonly targets?: Readonly<Record<string, number>>;
  readonly required?: readonly string[];
  readonly currentCostUsd?: number | null;
  readonly targetPrecision?: number;
  /** Folder that holds the runs. */
  readonly runsDir: string;
  /** Id of a run to resume; questions that it has answers to are not asked again. */
  readonly resume?: string;
  /** Tickets of the data set that calibrations in use were fitted on; null or left out when there are none. */
  readonly calibratedOn?: CalibratedOn | null;
  /** The calibrations that the engine uses; none when left out. */
  readonly calibrations?: RunManifest['calibrations'];
  /** The file that the settings come from, to name it in the list of runs. */
  readonly configFile?: string | null;
  /** When resuming, asks again the questions that ended in an error or a timeout. */
  readonly retryFailed?: boolean;
  /** Returns answers obtained elsewhere, given the examples that may be used; then no engine is asked. */
  readonly replies?: (examples: readonly Example[]) => Promise<readonly Answer[]>;
  readonly maxUsd?: number | null;
  readonly concurrency?: number;
  readonly timeLimitMs?: number;
  readonly seed?: number;
  /** Default: the version of this package. */
  readonly codeVersion?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
};

export type Evaluation = {
  /** Null while the run is not complete. */
  readonly result: EvaluationResult | null;
  readonly evidence: Evidence;
  readonly manifest: RunManifest;
  readonly runPath: string;
  readonly subject: Subject;
  /** Why asking stopped early; null when everything was asked. */
  readonly stopped: StopReason | null;
  readonly answered: number;
};

const DEFAULTS = { timeLimitMs: 60_000, targetPrecision: 0.95, seed: 1 };
/** Requests at the same time for engines that wait for a network; the embedded engine gets one, as it has one thread. */
const CONCURRENCY = 6;

/**
 * Scores a classifier on labelled tickets against every criterion, and stores the run on disk so that it can be
 * resumed. Throws `NotFoundError` and `UsageError` when a run cannot be resumed, `ClassifierError` when the engine
 * cannot be built.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { subject, dataset } = options;
  const { examples, leakage } = dropLeaks({ examples: subject.examples, dataset: dataset.tickets });
  const run = await openRun({
    ...options,
    draft: {
      codeVersion: options.codeVersion ?? packageVersion(),
      nodeVersion: process.version,
      classifier: subject.engine,
      models: [...(subject.models ?? [])],
      config: options.configFile ?? null,
      calibrations: [...(options.calibrations ?? [])],
      settings: sha256(JSON.stringify(subject.settings)),
      taxonomy: { file: subject.taxonomyFile, name: subject.taxonomy.name, version: subject.taxonomy.version },
      dataset: [...dataset.files],
      examples: { count: examples.length, sha256: hashTickets(examples) },
      launch: options.launch ? hashTickets([...options.launch.train, ...(options.launch.test ?? [])]) : null,
      stored: options.stored ? { count: options.stored.length, version: versionOf(hashTickets(options.stored)) } : null,
      leakage,
      seed: options.seed ?? DEFAULTS.seed,
      criteria: [...(options.criteria ?? criterionIds)],
      timeLimitMs: options.timeLimitMs ?? DEFAULTS.timeLimitMs,
    },
  });
  try {
    return await evaluateInto(run, { ...options, examples });
  } finally {
    run.close();
  }
}

async function evaluateInto(run: RunFolder, options: EvaluateOptions & { readonly examples: readonly Example[] }) {
  const { manifest } = run;
  const ids = criterionIds.filter((id) => manifest.criteria.includes(id));
  const plans = planQuestions(manifest, options);
  const { answers, stopped } = await askEverything(run, { ...options, ...plans });
  const evidence = await evidenceOf(run, { ...options, ...plans, answers });
  const base = { evidence, manifest, runPath: run.path, subject: options.subject, stopped, answered: answers.size };
  if (stopped !== null) return { ...base, result: null };
  const result: EvaluationResult = {
    run: run.id,
    ...summarise({
      scored: evidence.main,
      targetPrecision: options.targetPrecision ?? DEFAULTS.targetPrecision,
      spentUsd: spentOn(answers),
    }),
    leakage: manifest.leakage.dropped,
    calibratedOn: options.calibratedOn ?? null,
    engine: manifest.classifier,
    criteria: judgeAll({ ids, evidence, targets: options.targets ?? {}, required: options.required ?? [] }),
    leftOut: requiredBesides(ids, options.required ?? []),
  };
  await run.writeResult(result);
  return { ...base, result };
}

/** Asks every question without an answer: the normal classifier first, then those that learned new intents. */
async function askEverything(
  run: RunFolder,
  options: EvaluateOptions & Plans & { readonly examples: readonly Example[] },
): Promise<{ answers: ReadonlyMap<string, Answer>; stopped: StopReason | null }> {
  const { subject, trials, adaptation } = options;
  const answers = answersByKey(options.retryFailed ? run.answers.filter(isFinal) : run.answers);
  const keep = (answer: Answer) => {
    run.append(answer);
    answers.set(answerKey(answer), answer);
  };
  if (options.replies) {
    for (const answer of await options.replies(options.examples)) if (!answers.has(answerKey(answer))) keep(answer);
    return { answers, stopped: null };
  }
  const isLocal = subject.engine.kind === 'local';
  for (const { step, taxonomy, examples, questions } of partsOf({ ...options, trials, adaptation })) {
    const open = questions.filter(({ trial, ticket }) => !answers.has(answerKey({ trial, ticketId: ticket.id })));
    if (open.length === 0) continue;
    const classifier = await subject.build({ taxonomy, examples, onProgress: options.onProgress });
    try {
      const stopped = await askAll({
        questions: open,
        ask: (ticket, signal) => classifier.classify({ ticket: bareTicket(ticket), taxonomy, signal }),
        onAnswer: keep,
        concurrency: options.concurrency ?? (isLocal ? 1 : CONCURRENCY),
        timeLimitMs: run.manifest.timeLimitMs,
        maxUsd: options.maxUsd ?? null,
        spentUsd: spentOn(answers),
        signal: options.signal,
        step,
        onProgress: options.onProgress,
      });
      if (stopped !== null) return { answers, stopped };
    } finally {
      await classifier.close?.();
    }
  }
  return { answers, stopped: null };
}

type Part = {
  readonly step: string;
  readonly taxonomy: Taxonomy;
  readonly examples: readonly Example[];
  readonly questions: readonly Question[];
};

/** Which questions each engine is asked: the normal one first, then those that learned from more and more tickets. */
function partsOf(options: EvaluateOptions & Plans & { readonly examples: readonly Example[] }): Part[] {
  const { subject, trials, adaptation, examples } = options;
  const asTheyStand = { step: 'Asking', taxonomy: subject.taxonomy, examples, questions: trials.questions };
  if ('why' in adaptation) return [asTheyStand];
  const learned = adaptation.steps.map((step) => ({
    step: `Adaptation: learning new intents from ${count(step.tickets, 'ticket')} each`,
    taxonomy: adaptation.taxonomy,
    examples: step.examples,
    questions: adaptation.tickets.map((ticket) => ({ trial: adaptationTrial(step.tickets), ticket })),
  }));
  return [asTheyStand, ...learned];
}

const isFinal = ({ outcome }: Answer): boolean => outcome === 'answered' || outcome === 'refused';

const spentOn = (answers: ReadonlyMap<string, Answer>): number =>
  [...answers.values()].reduce((sum, { classification }) => sum + (classification?.costUsd ?? 0), 0);
