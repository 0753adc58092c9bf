import type { Saying } from '../../base/say.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { Evidence } from '../criteria/evidence.ts';
import type { Dataset } from '../dataset/load-dataset.ts';
import type { Subject } from '../evaluate.ts';
import type { Judgement } from '../rate/judgements.ts';
import type { Rating } from '../rate/ratings.ts';
import { scoreTickets } from '../score/scored-ticket.ts';
import { createTeamFor } from '../score/team-for.ts';
import { type Answer, answerKey, MAIN_TRIAL } from './answer.ts';
import { type AdaptationPlan, adaptationTrial } from './plan-adaptation.ts';
import { OPENING_SENTENCES, openingTrial, REPEATS, repeatTrial, type TrialPlan } from './plan-trials.ts';

/** Groups the answers of a run by what they are evidence of. */
export function gatherEvidence(options: {
  readonly dataset: Dataset;
  readonly subject: Pick<Subject, 'routing'>;
  readonly examples: readonly Example[];
  readonly answers: ReadonlyMap<string, Answer>;
  readonly trials: TrialPlan;
  readonly adaptation: AdaptationPlan | { readonly why: Saying };
  readonly ratings: readonly Rating[];
  readonly judgements: readonly Judgement[];
  readonly currentCostUsd?: number | null;
  readonly seed: number;
}): Evidence {
  const { answers, trials, adaptation, subject } = options;
  const { tickets } = options.dataset;
  return {
    main: scoreTickets({ tickets, answers, trial: MAIN_TRIAL }),
    repeats: new Map(trials.repeated.map(({ id }) => [id, repeatsOf(id, answers)])),
    openings: openings(trials, answers),
    adaptation:
      'why' in adaptation
        ? adaptation
        : {
            areNew: adaptation.areNew,
            intents: adaptation.intents,
            available: adaptation.available,
            steps: adaptation.steps.map(({ tickets: size }) => ({
              tickets: size,
              scored: scoreTickets({ tickets: adaptation.tickets, answers, trial: adaptationTrial(size) }),
            })),
          },
    ratings: options.ratings,
    judgements: options.judgements,
    teamFor: subject.routing === null ? null : createTeamFor(subject.routing),
    currentCostUsd: options.currentCostUsd ?? null,
    seed: options.seed,
  };
}

function repeatsOf(ticketId: string, answers: ReadonlyMap<string, Answer>): Answer[] {
  return Array.from({ length: REPEATS - 1 }, (_, i) =>
    answers.get(answerKey({ trial: repeatTrial(i + 2), ticketId })),
  ).filter((answer) => answer !== undefined);
}

/** Tickets that a level does not shorten were not asked again: their answer to the whole ticket is used. */
function openings({ opened }: TrialPlan, answers: ReadonlyMap<string, Answer>): Evidence['openings'] {
  if (opened.length === 0) return [];
  const whole = scoreTickets({ tickets: opened, answers, trial: MAIN_TRIAL });
  const levels = OPENING_SENTENCES.map((sentences) => {
    const cut = scoreTickets({ tickets: opened, answers, trial: openingTrial(sentences) });
    const cutIds = new Set(cut.map(({ ticket }) => ticket.id));
    return { sentences, scored: [...cut, ...whole.filter(({ ticket }) => !cutIds.has(ticket.id))] };
  });
  return [...levels, { sentences: null, scored: whole }];
}
