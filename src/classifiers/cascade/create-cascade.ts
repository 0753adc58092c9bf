import { type Saying, say, sayAll, sayingOf, withText } from '../../base/say.ts';
import { ClassifierError } from '../../errors.ts';
import { type Calibrations, type Calibrator, createCalibrator, noCalibrations } from '../calibration/calibrations.ts';
import type { ConfidenceTarget } from '../calibration/confidence-target.ts';
import type { Classification, Classifier, ClassifyRequest } from '../classifier.ts';
import { formatPercent, shownShare } from '../format-percent.ts';
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
  readonly id: 'claude' | 'second-opinion';
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
  const stages: Stage[] = [{ classifier: claude, id: 'claude', name: 'Claude', calibrator: calibratorOf('claude') }];
  if (secondOpinion !== null) {
    const calibrator = calibratorOf('second-opinion');
    stages.push({ classifier: secondOpinion, id: 'second-opinion', name: 'The second opinion', calibrator });
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
  const reasons: Saying[] = [];
  const finish = (answer: Classification): Classification => {
    const { text, facts } = sayAll(reasons);
    const latencyMs = performance.now() - startedAt;
    return { ...answer, ...sumSpent(spent), stageReason: text, stageFacts: facts, latencyMs };
  };

  const failures: ClassifierError[] = [];

  const embedded = await askOrError(local, request);
  if (embedded instanceof ClassifierError) {
    failures.push(embedded);
    reasons.push(say('stage.local-failed', 'The embedded engine failed.'));
  } else {
    spent.push(embedded);
    const share = formatPercent(embedded.confidence);
    const values = { confidence: shownShare(embedded.confidence) };
    if (!embedded.abstained) {
      reasons.push(say('stage.local-sure', `The embedded engine was sure enough (${share}).`, values));
      return finish(embedded);
    }
    reasons.push(say('stage.local-unsure', `The embedded engine was not sure enough (${share}).`, values));
  }

  let previous = embedded instanceof ClassifierError ? null : embedded;
  let best = previous;
  let reading: Classification | null = null;
  let undecided: Classification | null = null;
  let declined: Saying | null = null;
  for (const stage of stages) {
    const result = await askOrError(stage.classifier, request);
    if (result instanceof ClassifierError) failures.push(result);
    if (result instanceof ModelError) {
      spent.push(result.undecided);
      const { stageReason, stageFacts } = result.undecided;
      reasons.push(withText(sayingOf(stageReason, stageFacts), `${stageReason}.`));
      undecided ??= result.undecided;
      if (result.failure.kind === 'declined') declined ??= whyAbstained(result.undecided);
      continue;
    }
    if (result instanceof ClassifierError) {
      reasons.push(say('stage.failed', `${stage.name} failed.`, { stage: stage.id }));
      continue;
    }
    spent.push(result);
    const answer = stage.calibrator.judge({ answer: result, other: previous });
    const values = { stage: stage.id, confidence: shownShare(answer.confidence) };
    if (!answer.abstained) {
      reasons.push(say('stage.sure', `${stage.name} was (${formatPercent(answer.confidence)}).`, values));
      return finish(answer);
    }
    reasons.push(
      answer.stated?.certainty === 'none_fits'
        ? say('stage.none-fits', `${stage.name} found that no intent fits.`, { stage: stage.id })
        : say(
            'stage.unsure',
            `${stage.name} was not sure enough either (${formatPercent(answer.confidence)}).`,
            values,
          ),
    );
    best = surer(best, answer);
    reading = answer;
    previous = answer;
  }
  const isOutage = failures.length > 0 && failures.every(({ unavailable }) => unavailable);
  const last = best ?? (isOutage ? null : undecided);
  if (last === null) throw nothingAnswered({ isOutage, reasons });
  reasons.push(say('stage.none-left', 'No other engine is left to ask.'));
  const why = declined ?? joinReasons(last, reading) ?? say('engine.none-sure', 'No engine was sure enough.');
  return finish({
    ...withReading({ answer: last, reading, taxonomy: request.taxonomy }),
    abstained: true,
    abstainReason: why.text,
    abstainFacts: why.facts,
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
function joinReasons(shown: Classification, reading: Classification | null): Saying | null {
  const [own, other] = [whyAbstained(shown), reading === null || reading === shown ? null : whyAbstained(reading)];
  if (own === null || other === null || reading === null) return own ?? other;
  return sayAll([whose(shown, own), whose(reading, other)]);
}

/** A reason with its engine, which some name themselves. */
function whose(answer: Classification, why: Saying): Saying {
  const who = nameEngine(answer);
  if (why.text.startsWith(`${who} `)) return why;
  return say('engine.says', `${who}: ${why.text}`, { stage: answer.stage, why });
}

const whyAbstained = ({ abstainReason, abstainFacts }: Classification): Saying | null =>
  abstainReason === null ? null : sayingOf(abstainReason, abstainFacts);

function nothingAnswered({ isOutage, reasons }: { isOutage: boolean; reasons: readonly Saying[] }): ClassifierError {
  return new ClassifierError({
    classifier: 'cascade',
    retryable: true,
    unavailable: isOutage,
    message: isOutage ? `No engine is available now. ${sayAll(reasons).text}` : 'Every engine of the cascade failed.',
  });
}
