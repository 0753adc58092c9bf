import { ClassifierError } from '../../errors.ts';
import { type Calibrations, type Calibrator, createCalibrator, noCalibrations } from '../calibration/calibrations.ts';
import type { ConfidenceTarget } from '../calibration/confidence-target.ts';
import type { Classification, Classifier, ClassifyRequest } from '../classifier.ts';
import { formatPercent } from '../format-percent.ts';
import { ModelError } from '../model-api/model-error.ts';
import { type Spent, sumSpent } from '../model-api/spent.ts';
import { nameEngine } from '../name-engine.ts';
import { withReading } from './with-reading.ts';

export type CascadeOptions = {
  /** The embedded engine: its answer is used where it does not abstain by its own thresholds. */
  readonly local: Classifier;
  readonly claude: Classifier;
  /** A stronger model, called where Claude is not sure enough; null for none. */
  readonly secondOpinion: Classifier | null;
  readonly target: ConfidenceTarget;
  /**
   * Fitted by `switchboard calibrate`; an engine without one abstains where its own confidence is below the target.
   */
  readonly calibrations?: Calibrations;
};

type Stage = {
  readonly classifier: Classifier;
  readonly name: string;
  readonly calibrator: Calibrator;
};

/**
 * Creates the chain of engines: embedded, Claude, second opinion, triage. Each engine is called only where those before
 * it are not sure enough, and at most once. If none is sure, the answer that is likelier right is returned, abstained,
 * with what a model has read in the ticket. Costs, tokens and time of all called engines are added up, failed ones
 * included. `stage` and `model` name the engine of the answer, and `stageReason` says what happened before.
 *
 * `classify` rejects with `ClassifierError` when every engine fails and when the caller's signal aborts.
 */
export function createCascade(options: CascadeOptions): Classifier {
  const { local, claude, secondOpinion, target, calibrations = noCalibrations } = options;
  const calibratorOf = (engine: 'claude' | 'second-opinion') => createCalibrator({ engine, calibrations, target });
  const stages: Stage[] = [{ classifier: claude, name: 'Claude', calibrator: calibratorOf('claude') }];
  if (secondOpinion !== null) {
    const calibrator = calibratorOf('second-opinion');
    stages.push({ classifier: secondOpinion, name: 'the second opinion', calibrator });
  }
  return {
    id: 'cascade',
    classify: (request) => runCascade({ local, stages }, request),
    async close() {
      await Promise.all([local, ...stages.map(({ classifier }) => classifier)].map((engine) => engine.close?.()));
    },
  };
}

async function runCascade(
  { local, stages }: { local: Classifier; stages: readonly Stage[] },
  request: ClassifyRequest,
): Promise<Classification> {
  const startedAt = performance.now();
  const spent: Spent[] = [];
  const reasons: string[] = [];
  const finish = (answer: Classification): Classification => ({
    ...answer,
    ...sumSpent(spent),
    stageReason: reasons.join(' '),
    latencyMs: performance.now() - startedAt,
  });

  const failures: ClassifierError[] = [];

  const embedded = await askOrError(local, request);
  if (embedded instanceof ClassifierError) {
    failures.push(embedded);
    reasons.push('The embedded engine failed.');
  } else {
    spent.push(embedded);
    if (!embedded.abstained) {
      reasons.push(`The embedded engine was sure enough (${formatPercent(embedded.confidence)}).`);
      return finish(embedded);
    }
    reasons.push(`The embedded engine was not sure enough (${formatPercent(embedded.confidence)}).`);
  }

  let previous = embedded instanceof ClassifierError ? null : embedded;
  let best = previous;
  let reading: Classification | null = null;
  let undecided: Classification | null = null;
  let declined: string | null = null;
  for (const stage of stages) {
    const result = await askOrError(stage.classifier, request);
    if (result instanceof ClassifierError) failures.push(result);
    if (result instanceof ModelError) {
      spent.push(result.undecided);
      reasons.push(`${result.undecided.stageReason}.`);
      undecided ??= result.undecided;
      if (result.failure.kind === 'declined') declined ??= result.undecided.abstainReason;
      continue;
    }
    if (result instanceof ClassifierError) {
      reasons.push(`${capitalised(stage.name)} failed.`);
      continue;
    }
    spent.push(result);
    const answer = stage.calibrator.judge({ answer: result, other: previous });
    if (!answer.abstained) {
      reasons.push(`${capitalised(stage.name)} was (${formatPercent(answer.confidence)}).`);
      return finish(answer);
    }
    const found =
      answer.stated?.certainty === 'none_fits'
        ? 'found that no intent fits'
        : `was not sure enough either (${formatPercent(answer.confidence)})`;
    reasons.push(`${capitalised(stage.name)} ${found}.`);
    best = surer(best, answer);
    reading = answer;
    previous = answer;
  }
  const isOutage = failures.length > 0 && failures.every(({ unavailable }) => unavailable);
  const last = best ?? (isOutage ? null : undecided);
  if (last === null) throw nothingAnswered({ isOutage, reasons });
  reasons.push('No other engine is left to ask.');
  const abstainReason = declined ?? joinReasons(last, reading) ?? 'No engine was sure enough.';
  return finish({
    ...withReading({ answer: last, reading, taxonomy: request.taxonomy }),
    abstained: true,
    abstainReason,
  });
}

/** Returns the error where the engine failed. Throws it where the caller's signal aborted, which ends the cascade. */
async function askOrError(classifier: Classifier, request: ClassifyRequest): Promise<Classification | ClassifierError> {
  try {
    return await classifier.classify(request);
  } catch (error) {
    if (request.signal?.aborted || !(error instanceof ClassifierError)) throw error;
    return error;
  }
}

function surer(a: Classification | null, b: Classification): Classification {
  return a === null || a.intent === null || (b.intent !== null && b.confidence > a.confidence) ? b : a;
}

/** The reason of the answer that is shown, and that of the model where it is another one: each with whose it is. */
function joinReasons(shown: Classification, reading: Classification | null): string | null {
  if (reading === null || reading === shown || reading.abstainReason === null) return shown.abstainReason;
  if (shown.abstainReason === null) return reading.abstainReason;
  return `${whose(nameEngine(shown), shown.abstainReason)} ${whose(nameEngine(reading), reading.abstainReason)}`;
}

/** A reason with its engine, which some name themselves. */
const whose = (who: string, reason: string) => (reason.startsWith(`${who} `) ? reason : `${who}: ${reason}`);

function nothingAnswered({ isOutage, reasons }: { isOutage: boolean; reasons: readonly string[] }): ClassifierError {
  return new ClassifierError({
    classifier: 'cascade',
    retryable: true,
    unavailable: isOutage,
    message: isOutage ? `No engine is available now. ${reasons.join(' ')}` : 'Every engine of the cascade failed.',
  });
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
