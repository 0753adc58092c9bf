import { sha256, versionOf } from '../base/hash.ts';
import { count } from '../base/plural.ts';
import type { OnProgress } from '../base/progress.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { judgeAll } from './criteria/all-criteria.ts';
import { type CriterionId, criterionIds } from './criteria/criterion.ts';
import type { Evidence } from './criteria/evidence.ts';
import { bareTicket } from './dataset/bare-ticket.ts';
import { dropLeaks } from './dataset/drop-leaks.ts';
import { type Dataset, hashTickets } from './dataset/load-dataset.ts';
import { packageVersion } from './package-version.ts';
import { readJudgements } from './rate/judgements.ts';
import { readRatings } from './rate/ratings.ts';
import { type Answer, answerKey } from './run/answer.ts';
import { askAll, type Question, type StopReason } from './run/ask-all.ts';
import { gatherEvidence } from './run/gather-evidence.ts';
import { openRun } from './run/open-run.ts';
import { adaptationTrial, type Launch, planAdaptation } from './run/plan-adaptation.ts';
import { planTrials } from './run/plan-trials.ts';
import type { RunFolder } from './run/run-folder.ts';
import type { RunManifest } from './run/run-manifest.ts';
import type { EvaluationResult } from './score/evaluation-result.ts';
import { answersByKey } from './score/scored-ticket.ts';
import { summarise } from './score/summarise.ts';

/** What is scored: an engine that can be built from examples, as production builds it. */
export type Subject = {
  readonly engine: { readonly kind: string; readonly why: string };
  /** Ids of the models of Claude that it may ask: none of them may judge its explanations. */
  readonly models?: readonly string[];
  readonly taxonomy: Taxonomy;
  readonly taxonomyFile: string | null;
  readonly examples: readonly Example[];
  /** The production classifier, knowing this tree, these examples and no others. The caller closes it. */
  build(options: {
    readonly taxonomy: Taxonomy;
    readonly examples: readonly Example[];
    readonly onProgress?: OnProgress;
  }): Promise<Classifier>;
  /** What shapes answers beyond taxonomy and examples (model, thresholds, …), without secrets. */
  readonly settings: unknown;
  /** Teams and rules; null scores intents only. */
  readonly routing: RoutingConfig | null;
};

export type EvaluateOptions = {
  readonly subject: Subject;
  readonly dataset: Dataset;
  /** Those of the subject's examples that came from the store: imports and corrections. Null: none were taken. */
  readonly stored?: readonly Example[] | null;
  /** New intents, for the criterion adaptation; known ones are withheld when left out. */
  readonly launch?: Launch | null;
  /** All twelve when left out. */
  readonly criteria?: readonly CriterionId[];
  readonly targets?: Readonly<Record<string, number>>;
  readonly required?: readonly string[];
  readonly currentCostUsd?: number | null;
  readonly targetPrecision?: number;
  /** Folder that holds the runs. */
  readonly runsDir: string;
  /** Goes on with this run; what it has answers for is not asked again. */
  readonly resume?: string;
  /** Asks again, when resuming, what ended in an error or in no answer in time. */
  readonly retryFailed?: boolean;
  /** Answers that were got elsewhere, given the examples that may be used; nothing is asked. */
  readonly replies?: (examples: readonly Example[]) => Promise<readonly Answer[]>;
  readonly maxUsd?: number | null;
  readonly concurrency?: number;
  readonly timeLimitMs?: number;
  readonly seed?: number;
  /** Version of the package when left out. */
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
  /** Why not everything was asked. */
  readonly stopped: StopReason | null;
  readonly answered: number;
};

const DEFAULTS = { timeLimitMs: 60_000, targetPrecision: 0.95, seed: 1 };
/** Requests under way at once for engines that wait for a network. The embedded one has a thread to itself: one. */
const CONCURRENCY = 6;

/**
 * Scores a classifier on labelled tickets, against every criterion, as a run on disk that can be resumed.
 * Throws `NotFoundError` and `UsageError` for a run that cannot be resumed, `ClassifierError` when the engine cannot
 * be built.
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
  const { tickets } = options.dataset;
  const ids = criterionIds.filter((id) => manifest.criteria.includes(id));
  const trials = planTrials({ tickets, criteria: options.replies ? [] : ids, seed: manifest.seed });
  const adaptation = planWithheld(options, ids, manifest.seed);
  const { answers, stopped } = await askEverything(run, { ...options, trials, adaptation });

  const evidence = gatherEvidence({
    ...options,
    answers,
    trials,
    adaptation,
    ratings: await readRatings(run.path),
    judgements: await readJudgements(run.path),
    seed: manifest.seed,
  });
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
    engine: manifest.classifier,
    criteria: judgeAll({ ids, evidence, targets: options.targets ?? {}, required: options.required ?? [] }),
  };
  await run.writeResult(result);
  return { ...base, result };
}

function planWithheld(
  options: EvaluateOptions & { readonly examples: readonly Example[] },
  ids: readonly CriterionId[],
  seed: number,
) {
  if (!ids.includes('adaptation')) return { why: 'Not asked for.' };
  if (options.replies) return { why: 'Replies that were got elsewhere cannot show how an engine learns.' };
  return planAdaptation({
    tickets: options.dataset.tickets,
    examples: options.examples,
    taxonomy: options.subject.taxonomy,
    launch: options.launch ?? null,
    seed,
    isAskedFor: options.criteria?.includes('adaptation') ?? false,
  });
}

type Plans = {
  readonly trials: ReturnType<typeof planTrials>;
  readonly adaptation: ReturnType<typeof planWithheld>;
};

/** Asks whatever has no answer yet: the classifier as it stands, then those that learned step by step. */
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

/** What is asked of which engine: the one as it stands first, then those that learned a little more each. */
function partsOf(options: EvaluateOptions & Plans & { readonly examples: readonly Example[] }): Part[] {
  const { subject, trials, adaptation, examples } = options;
  const asTheyStand = { step: 'Asking', taxonomy: subject.taxonomy, examples, questions: trials.questions };
  if ('why' in adaptation) return [asTheyStand];
  const learned = adaptation.steps.map((step) => ({
    step: `Learning new intents from ${count(step.tickets, 'ticket')} each`,
    taxonomy: adaptation.taxonomy,
    examples: step.examples,
    questions: adaptation.tickets.map((ticket) => ({ trial: adaptationTrial(step.tickets), ticket })),
  }));
  return [asTheyStand, ...learned];
}

const isFinal = ({ outcome }: Answer): boolean => outcome === 'answered' || outcome === 'refused';

const spentOn = (answers: ReadonlyMap<string, Answer>): number =>
  [...answers.values()].reduce((sum, { classification }) => sum + (classification?.costUsd ?? 0), 0);
