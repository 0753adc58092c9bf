import { raceSignal, startDeadline } from '../../base/deadline.ts';
import { type Saying, say, sayAll, sayingOf, withText } from '../../base/say.ts';
import { ClassifierError } from '../../errors.ts';
import type { Classification, Classifier, ClassifyRequest } from '../classifier.ts';
import { ModelError } from '../model-api/model-error.ts';

// The last part of the deadline is reserved for the fallback, so that it can still answer when the model hangs.
const FALLBACK_SHARE = 0.1;
const FALLBACK_MAXIMUM_MS = 1_000;

/**
 * Combines a model with a fallback, the embedded engine. Where the model gives no answer, the fallback's answer is
 * used; after a refusal of the model that answer abstains, so that a person looks at the ticket. Where the fallback
 * fails as well, the ticket is undecided (stage `none`, abstained). Every ticket ends within `deadlineMs`, or by
 * `deadlineAt` of the request if that is earlier. `stageReason` says what happened.
 *
 * `classify` rejects with `ClassifierError` when the caller's signal aborts, and when both engines are unavailable: the
 * ticket is not the cause and can wait.
 */
export function createFallbackClassifier(options: {
  model: Classifier;
  fallback: Classifier;
  deadlineMs: number;
}): Classifier {
  const { model, fallback, deadlineMs } = options;
  return {
    id: model.id,
    async classify(request) {
      const startedAt = performance.now();
      const timeoutMs = Math.max(0, Math.min(deadlineMs, (request.deadlineAt ?? Infinity) - startedAt));
      using whole = startDeadline({ timeoutMs, signal: request.signal });
      const keptMs = Math.min(timeoutMs * FALLBACK_SHARE, FALLBACK_MAXIMUM_MS);
      try {
        return await model.classify({ ...request, deadlineAt: startedAt + timeoutMs - keptMs });
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        const { signal } = whole;
        const answer = await askFallback({ fallback, request, signal, isModelUnavailable: error.unavailable });
        if (answer instanceof ClassifierError) throw answer;
        if (request.signal?.aborted) throw cancelled(model.id, request.signal.reason);
        return { ...merge(error, answer), latencyMs: performance.now() - startedAt };
      }
    },
    close: async () => {
      await Promise.all([model.close?.(), fallback.close?.()]);
    },
  };
}

/** Returns the fallback's classification, or the reason why there is none; the error where both are unavailable. */
async function askFallback(options: {
  fallback: Classifier;
  request: ClassifyRequest;
  signal: AbortSignal;
  /** True when the model is unavailable for every ticket. */
  isModelUnavailable: boolean;
}): Promise<Classification | ClassifierError | Saying> {
  const { fallback, request, signal, isModelUnavailable } = options;
  if (signal.aborted) return say('stage.no-time-left', 'No time was left for the embedded engine');
  try {
    return await raceSignal({ work: fallback.classify({ ...request, signal }), signal });
  } catch (error) {
    if (isModelUnavailable && error instanceof ClassifierError && error.unavailable) return error;
    return signal.aborted
      ? say('stage.local-late', 'The embedded engine did not answer in time')
      : say('stage.local-failed-too', 'The embedded engine failed as well');
  }
}

function merge({ failure, undecided }: ModelError, answer: Classification | Saying): Classification {
  const why = sentence(sayingOf(undecided.stageReason, undecided.stageFacts));
  if ('facts' in answer) {
    const unread = sayAll([say('engine.none-read', 'No engine could read this ticket.'), why]);
    return {
      ...undecided,
      ...stageSaid(sayAll([why, sentence(answer)])),
      abstainReason: unread.text,
      abstainFacts: unread.facts,
    };
  }
  const { usage, costUsd } = undecided;
  const base = { ...answer, usage, costUsd: costUsd + answer.costUsd };
  if (failure.kind !== 'declined') {
    return { ...base, ...stageSaid(sayAll([why, say('stage.local-answered', 'The embedded engine answered.')])) };
  }
  const hint = "The embedded engine's best guess is kept as a hint for the person who looks.";
  const declined = `${failure.detail}, so a person should look. The intent is the embedded engine's best guess.`;
  const look = say('engine.declined-with-guess', declined);
  return {
    ...base,
    abstained: true,
    abstainReason: look.text,
    abstainFacts: look.facts,
    ...stageSaid(sayAll([why, say('stage.local-hint', hint)])),
  };
}

/** Engines give their reasons without a full stop. */
const sentence = (saying: Saying) => withText(saying, `${saying.text}.`);

const stageSaid = ({ text, facts }: Saying) => ({ stageReason: text, stageFacts: facts });

function cancelled(classifier: string, cause: unknown): ClassifierError {
  return new ClassifierError({
    classifier,
    retryable: true,
    message: 'The classification was cancelled before the model answered.',
    cause,
  });
}
