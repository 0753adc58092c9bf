import { stages } from '../../classifiers/classifier.ts';
import { areaUnderRoc, recallAtAcceptance } from '../metrics/area-under-roc.ts';
import { expectedCalibrationError } from '../metrics/calibration-error.ts';
import { macroF1, scoreIntents } from '../metrics/intent-scores.ts';
import { liveFiguresOf } from '../metrics/live.ts';
import { mean, percentile } from '../metrics/percentile.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { countCorrect, type InScope, isInScope, isOutOfScope, type ScoredTicket, timesOf } from './scored-ticket.ts';

type Summary = Omit<EvaluationResult, 'run' | 'leakage' | 'calibratedOn' | 'engine' | 'criteria' | 'leftOut'>;

/** Computes all figures from the answers to the unchanged tickets. */
export function summarise(options: {
  readonly scored: readonly ScoredTicket[];
  readonly targetPrecision: number;
  readonly spentUsd: number;
}): Summary {
  const { scored } = options;
  const inScope = scored.filter(isInScope);
  const intents = scoreIntents(inScope.map(judge));
  const answered = scored.filter(({ classification }) => classification !== null);
  const elapsed = timesOf(answered);
  const totalUsd = scored.reduce((sum, { answer }) => sum + (answer.classification?.costUsd ?? 0), 0);
  return {
    count: inScope.length,
    correct: countCorrect(inScope),
    accuracy: wilsonInterval({ successes: countCorrect(inScope), count: inScope.length }),
    macroF1: macroF1(intents),
    live: live(answered),
    selective: { targetPrecision: options.targetPrecision, ...selective(inScope) },
    outOfScope: outOfScope(inScope, scored.filter(isOutOfScope)),
    calibrationError: expectedCalibrationError(inScope.map(sureAnswer)),
    latencyMs: { p50: percentile(elapsed, 0.5), p95: percentile(elapsed, 0.95), p99: percentile(elapsed, 0.99) },
    cost: {
      totalUsd,
      perTicketUsd: answered.length === 0 ? 0 : totalUsd / answered.length,
      spentUsd: options.spentUsd,
    },
    unanswered: {
      timeout: scored.filter(({ answer }) => answer.outcome === 'timeout').length,
      refused: scored.filter(({ answer }) => answer.outcome === 'refused').length,
      error: scored.filter(({ answer }) => answer.outcome === 'error').length,
    },
    perIntent: intents,
    stages: stageShares(answered),
    failures: failures(scored),
  };
}

const judge = ({ ticket, predicted }: InScope) => ({ expected: ticket.intent, predicted });

export const sureAnswer = ({ classification, correct }: InScope) => ({
  confidence: classification.confidence,
  correct,
});

/** Coverage and precision over all tickets; a ticket that fits no intent must not be answered. */
export function live(answered: readonly ScoredTicket[]): NonNullable<EvaluationResult['live']> {
  const judged = answered.map((scored) => ({
    abstained: scored.classification?.abstained ?? true,
    correct: isInScope(scored) && scored.correct,
    isOutside: isOutOfScope(scored),
  }));
  return liveFiguresOf(judged);
}

/** Coverage and precision of the tickets in scope on which the engine did not abstain. */
export function selective(inScope: readonly InScope[]) {
  const live = inScope.filter(({ classification }) => !classification.abstained);
  const precision = wilsonInterval({ successes: countCorrect(live), count: live.length });
  return {
    coverage: inScope.length === 0 ? 0 : live.length / inScope.length,
    precision: precision?.value ?? null,
    low: precision?.low ?? null,
    high: precision?.high ?? null,
  };
}

/** How well confidence separates tickets in scope from out-of-scope ones; null when none is out of scope. */
export function outOfScope(inScope: readonly InScope[], outside: readonly ScoredTicket[]) {
  if (outside.length === 0) return null;
  const positives = inScope.map(({ classification }) => classification.confidence);
  const negatives = outside.map(({ classification }) => classification?.confidence ?? 0);
  return {
    count: outside.length,
    auroc: areaUnderRoc({ positives, negatives }),
    recallAt95Acceptance: recallAtAcceptance({ positives, negatives, acceptance: 0.95 }),
    rejected: outside.filter(({ classification }) => classification?.abstained).length / outside.length,
  };
}

/** For each engine: how many tickets it answered, how accurately and at what cost. */
function stageShares(answered: readonly ScoredTicket[]): Summary['stages'] {
  return stages.flatMap((stage) => {
    const own = answered.filter(({ classification }) => classification?.stage === stage);
    if (own.length === 0) return [];
    const inScope = own.filter(isInScope);
    return [
      {
        stage,
        count: own.length,
        correct: countCorrect(inScope),
        accuracy: inScope.length === 0 ? null : countCorrect(inScope) / inScope.length,
        abstained: own.filter(({ classification }) => classification?.abstained).length,
        perTicketUsd: mean(own.map(({ classification }) => classification?.costUsd ?? 0)),
        p50Ms: percentile(timesOf(own), 0.5),
      },
    ];
  });
}

/** Wrong answers in scope, answers to out-of-scope tickets, and tickets without an answer. */
function failures(scored: readonly ScoredTicket[]): Summary['failures'] {
  return scored
    .filter((one) => {
      if (one.classification === null) return true;
      return one.ticket.intent === null ? !one.classification.abstained : !one.correct;
    })
    .map(({ ticket, predicted, classification, answer }) => ({
      id: ticket.id,
      expected: ticket.intent,
      predicted,
      confidence: classification?.confidence ?? null,
      reasoning: classification?.reasoning ?? '',
      error: answer.error,
    }));
}
