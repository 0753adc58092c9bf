// Trains the production engine on a split and scores it, one ticket at a time, as in production.
import type { Classification } from '../../src/classifiers/classifier.ts';
import { createLocalClassifier } from '../../src/classifiers/local/create-local-classifier.ts';
import { areaUnderRoc, recallAtAcceptance } from '../../src/evaluation/metrics/area-under-roc.ts';
import { expectedCalibrationError } from '../../src/evaluation/metrics/calibration-error.ts';
import { percentile } from '../../src/evaluation/metrics/percentile.ts';
import { precisionCoverage } from '../../src/evaluation/metrics/selective.ts';
import { type Interval, wilsonInterval } from '../../src/evaluation/metrics/wilson-interval.ts';
import type { LabelledTicket } from '../../src/ticket/ticket.ts';
import type { Split } from './data-sets.ts';

export const TARGET_PRECISION = 0.95;

export type Measurement = {
  readonly name: string;
  readonly set: string;
  readonly correct: number;
  readonly count: number;
  readonly accuracy: Interval;
  readonly calibrationError: number;
  /** Tickets that would go live at the target precision. */
  readonly selective: { readonly coverage: number; readonly precision: number };
  readonly outOfScope: { readonly count: number; readonly auroc: number; readonly recallAt95Acceptance: number } | null;
  readonly trainSeconds: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  readonly curve: readonly { readonly coverage: number; readonly precision: number }[];
  /** Whether each ticket of the test was classified right, by its id. */
  readonly right: Readonly<Record<string, boolean>>;
};

export async function measureSplit(split: Split, onProgress: (line: string) => void): Promise<Measurement> {
  const startedAt = performance.now();
  const classifier = await createLocalClassifier({
    taxonomy: split.taxonomy,
    examples: split.train,
    cacheDir: null,
    confidence: { targetPrecision: TARGET_PRECISION },
    onProgress: ({ step, done, total }) => onProgress(`${split.name}: ${step} ${done}/${total ?? '?'}`),
  });
  const trainSeconds = (performance.now() - startedAt) / 1000;
  const askAll = async (tickets: readonly LabelledTicket[]): Promise<Classification[]> => {
    const answers: Classification[] = [];
    for (const ticket of tickets) {
      answers.push(await classifier.classify({ ticket, taxonomy: split.taxonomy }));
      if (answers.length % 100 === 0) onProgress(`${split.name}: asked ${answers.length} of ${tickets.length}`);
    }
    return answers;
  };
  const answers = await askAll(split.test);
  const validation = await askAll(split.outOfScope.length > 0 ? split.validation : []);
  const strangers = await askAll(split.outOfScope);
  await classifier.close();

  const judged = answers.map(({ confidence, intent, abstained }, i) => ({
    confidence,
    abstained,
    correct: intent === split.test[i]?.intent,
  }));
  const correct = judged.filter((answer) => answer.correct).length;
  const live = judged.filter(({ abstained }) => !abstained);
  const latencies = answers.map(({ latencyMs }) => latencyMs);
  const confidences = (list: readonly Classification[]) => list.map(({ confidence }) => confidence);
  return {
    name: split.name,
    set: split.set,
    correct,
    count: judged.length,
    accuracy: wilsonInterval({ successes: correct, count: judged.length }) ?? { value: 0, low: 0, high: 1 },
    calibrationError: expectedCalibrationError(judged),
    selective: {
      coverage: live.length / judged.length,
      precision: live.filter((answer) => answer.correct).length / Math.max(1, live.length),
    },
    outOfScope:
      strangers.length === 0
        ? null
        : {
            count: strangers.length,
            auroc: areaUnderRoc({ positives: confidences(answers), negatives: confidences(strangers) }) ?? 0,
            // The threshold is computed on validation tickets if the set has them, so that the test tickets do not influence it.
            recallAt95Acceptance:
              recallAtAcceptance({
                positives: confidences(validation.length > 0 ? validation : answers),
                negatives: confidences(strangers),
                acceptance: 0.95,
              }) ?? 0,
          },
    trainSeconds,
    latencyMs: { p50: percentile(latencies, 0.5) ?? 0, p95: percentile(latencies, 0.95) ?? 0 },
    right: Object.fromEntries(judged.map(({ correct: isRight }, i) => [split.test[i]?.id ?? '', isRight])),
    curve: precisionCoverage(judged).map(({ coverage, precision }) => ({ coverage, precision })),
  };
}
