import { say, sayAll, withText } from '../../base/say.ts';
import type { Classification } from '../classifier.ts';
import { independent } from './answer-features.ts';
import { belowThreshold, type ConfidenceTarget, precisionWanted } from './confidence-target.ts';
import { logOdds } from './logistic.ts';
import { scaleRunnersUp } from './scale-runners-up.ts';

/**
 * How much of the embedded engine's log-odds an agreement adds, or a contradiction takes away. Two engines that read the
 * same words are often wrong together, so it is not all of it. Not measured; a calibration measures it.
 */
const AGREEMENT_WEIGHT = 0.5;

/**
 * Judges an answer of a model that is not calibrated: its confidence moves by the opinion of the embedded engine
 * (`other`), unless the model was shown it, and it abstains below the target.
 */
export function judgeUncalibrated(options: {
  answer: Classification;
  other: Classification | null;
  target: ConfidenceTarget;
}): Classification {
  const { target } = options;
  const answer = withAgreement(options.answer, options.other);
  const wanted = precisionWanted(target);
  if (answer.abstained || answer.intent === null || answer.confidence >= wanted) return answer;
  const below = belowThreshold({ stage: answer.stage, confidence: answer.confidence, threshold: wanted, target });
  const { text, facts } = withText(
    sayAll([below, say('engine.not-calibrated', 'It is not calibrated yet.')]),
    `${below.text.replace(/\.$/, '')}, and it is not calibrated yet.`,
  );
  return { ...answer, abstained: true, abstainReason: text, abstainFacts: facts };
}

function withAgreement(answer: Classification, given: Classification | null): Classification {
  const other = independent(answer, given);
  // Where no intent fits, the other engine, which always names one, says nothing about it.
  if (other?.stage !== 'local' || other.intent === null || answer.intent === null) return answer;
  if (answer.stated?.certainty === 'none_fits') return answer;
  const sign = other.intent === answer.intent ? 1 : -1;
  const moved = logOdds(answer.confidence) + sign * AGREEMENT_WEIGHT * Math.max(0, logOdds(other.confidence));
  const confidence = 1 / (1 + Math.exp(-moved));
  const runnersUp = scaleRunnersUp(answer.runnersUp, { from: answer.confidence, to: confidence });
  return { ...answer, confidence, runnersUp };
}
