import { ClassifierError } from '../../errors.ts';
import type { ConfidenceTarget } from '../calibration/confidence-target.ts';
import { calibrateAnswer, type EngineCalibration, thresholdsOf } from '../calibration/engine-calibration.ts';
import type { Thresholds } from '../calibration/thresholds.ts';
import { doubtUncalibrated } from '../calibration/uncalibrated.ts';
import type { Classification, Classifier, ClassifyRequest } from '../classifier.ts';
import { formatPercent } from '../format-percent.ts';
import { joinCosts } from './join-costs.ts';

export type CascadeOptions = {
  /** The embedded engine: it answers where its own thresholds for the target allow it. */
  readonly local: Classifier;
  readonly claude: Classifier;
  /** A stronger model, asked where Claude is not sure enough; null without. */
  readonly secondOpinion: Classifier | null;
  readonly target: ConfidenceTarget;
  /** Fitted by `switchboard calibrate`; without, an engine's own word is taken, if it is at least half sure. */
  readonly calibrations?: {
    readonly claude: EngineCalibration | null;
    readonly secondOpinion: EngineCalibration | null;
  };
};

type Stage = {
  readonly classifier: Classifier;
  readonly name: string;
  readonly calibration: { readonly fit: EngineCalibration; readonly thresholds: Thresholds } | null;
};

/**
 * The chain of engines: embedded, Claude, second opinion, triage. Each is asked only where those before it are not sure
 * enough; if none is, the surest answer is given with `abstained`. Costs, tokens and time of all that were asked are
 * added up; `stage` and `model` name the one whose answer it is, `stageReason` tells the way there.
 */
export function createCascade(options: CascadeOptions): Classifier {
  const { local, target, calibrations } = options;
  const stage = (classifier: Classifier, name: string, fit: EngineCalibration | null | undefined): Stage => ({
    classifier,
    name,
    calibration: fit ? { fit, thresholds: thresholdsOf(fit, target) } : null,
  });
  const stages = [stage(options.claude, 'Claude', calibrations?.claude)];
  if (options.secondOpinion !== null) {
    stages.push(stage(options.secondOpinion, 'the second opinion', calibrations?.secondOpinion));
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
  const asked: Classification[] = [];
  const story: string[] = [];
  const finish = (answer: Classification): Classification => ({
    ...answer,
    ...joinCosts(asked),
    stageReason: story.join(' '),
    latencyMs: performance.now() - startedAt,
  });

  const embedded = await askOrNull(local, request);
  if (embedded === null) story.push('The embedded engine failed.');
  else {
    asked.push(embedded);
    if (!embedded.abstained) {
      story.push(`The embedded engine was sure enough (${formatPercent(embedded.confidence)}).`);
      return finish(embedded);
    }
    story.push(`The embedded engine was not sure enough (${formatPercent(embedded.confidence)}).`);
  }

  let previous = embedded;
  let best = embedded;
  for (const stage of stages) {
    const raw = await askOrNull(stage.classifier, request);
    if (raw === null) {
      story.push(`${capitalised(stage.name)} failed.`);
      continue;
    }
    asked.push(raw);
    // An engine that could not answer hands on what its fallback said: that has been heard already.
    if (raw.stage === 'local' || raw.stage === 'none') {
      story.push(asSentence(raw.stageReason));
      best ??= raw;
      continue;
    }
    const answer = judge(stage, raw, previous);
    if (!answer.abstained) {
      story.push(`${capitalised(stage.name)} was (${formatPercent(answer.confidence)}).`);
      return finish(answer);
    }
    story.push(`${capitalised(stage.name)} was not either (${formatPercent(answer.confidence)}).`);
    best = surer(best, answer);
    previous = answer;
  }
  if (best === null) throw nothingAnswered();
  story.push('No other engine is left to ask.');
  return finish({ ...best, abstained: true, abstainReason: best.abstainReason ?? 'No engine was sure enough.' });
}

/** Null when the engine failed; a signal that ends the work ends the cascade too. */
async function askOrNull(classifier: Classifier, request: ClassifyRequest): Promise<Classification | null> {
  try {
    return await classifier.classify(request);
  } catch (error) {
    if (request.signal?.aborted || !(error instanceof ClassifierError)) throw error;
    return null;
  }
}

function judge(stage: Stage, answer: Classification, other: Classification | null): Classification {
  if (stage.calibration !== null) {
    const { fit, thresholds } = stage.calibration;
    return calibrateAnswer({ answer, other, calibration: fit, thresholds });
  }
  // Two engines that agree without being sure are surer together than either; by how much, only calibration can tell.
  const agrees = other !== null && other.intent !== null && other.intent === answer.intent;
  return agrees ? answer : doubtUncalibrated(answer);
}

function surer(a: Classification | null, b: Classification): Classification {
  return a === null || a.intent === null || (b.intent !== null && b.confidence > a.confidence) ? b : a;
}

function nothingAnswered(): ClassifierError {
  return new ClassifierError({
    classifier: 'cascade',
    retryable: true,
    message: 'Every engine of the cascade failed.',
  });
}

const asSentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
