import { say } from '../../base/say.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import { type CriterionId, criterionIds } from '../criteria/criterion.ts';
import type { Evidence } from '../criteria/evidence.ts';
import { dropLeaks } from '../dataset/drop-leaks.ts';
import type { EvaluateOptions, Subject } from '../evaluate.ts';
import { readJudgements } from '../rate/judgements.ts';
import { readRatings } from '../rate/ratings.ts';
import { answersByKey } from '../score/scored-ticket.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { planAdaptation } from './plan-adaptation.ts';
import { planTrials } from './plan-trials.ts';
import type { RunFolder, StoredRun } from './run-folder.ts';
import type { RunManifest } from './run-manifest.ts';

/** What is asked in a run: of the normal classifier, and of those that learn new intents. */
export type Plans = {
  readonly trials: ReturnType<typeof planTrials>;
  readonly adaptation: ReturnType<typeof planWithheld>;
};

/** What the questions of a run are planned from. */
type PlanOptions = Pick<EvaluateOptions, 'dataset' | 'launch' | 'replies' | 'criteria'> & {
  readonly subject: Pick<Subject, 'taxonomy'>;
  readonly examples: readonly Example[];
};

/** The same run and the same examples give the same questions. */
export function planQuestions({ criteria, seed }: RunManifest, options: PlanOptions): Plans {
  const ids = criterionIds.filter((id) => criteria.includes(id));
  const { tickets } = options.dataset;
  return {
    trials: planTrials({ tickets, criteria: options.replies ? [] : ids, seed }),
    adaptation: planWithheld(options, ids, seed),
  };
}

/** The evidence of a run, with the ratings in its folder. */
export async function evidenceOf(
  { path, manifest: { seed } }: Pick<RunFolder, 'path' | 'manifest'>,
  options: Plans & Omit<Parameters<typeof gatherEvidence>[0], 'ratings' | 'judgements' | 'seed'>,
): Promise<Evidence> {
  return gatherEvidence({
    ...options,
    ratings: await readRatings(path),
    judgements: await readJudgements(path),
    seed,
  });
}

/**
 * Gathers the evidence of a run from the answers in its folder, and asks nothing. What examples that have changed since
 * were asked about is left out.
 */
export async function recallEvidence(
  run: StoredRun,
  options: Pick<PlanOptions, 'dataset'> & {
    readonly subject: Pick<Subject, 'taxonomy' | 'examples' | 'routing'>;
    readonly currentCostUsd: number | null;
  },
): Promise<Evidence> {
  const { examples } = dropLeaks({ examples: options.subject.examples, dataset: options.dataset.tickets });
  const plans = planQuestions(run.manifest, { ...options, examples });
  return evidenceOf(run, { ...options, ...plans, examples, answers: answersByKey(run.answers) });
}

function planWithheld(options: PlanOptions, ids: readonly CriterionId[], seed: number) {
  if (!ids.includes('adaptation')) return { why: say('criterion.not-requested', 'Not requested.') };
  if (options.replies) {
    return { why: say('criterion.only-replies', 'Replies obtained elsewhere cannot show how an engine learns.') };
  }
  return planAdaptation({
    tickets: options.dataset.tickets,
    examples: options.examples,
    taxonomy: options.subject.taxonomy,
    launch: options.launch ?? null,
    seed,
    isAskedFor: options.criteria?.includes('adaptation') ?? false,
  });
}
