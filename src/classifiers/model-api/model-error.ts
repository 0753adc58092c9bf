import { ClassifierError } from '../../errors.ts';
import type { Classification } from '../classifier.ts';
import type { FailureKind, ModelFailure } from './model-failure.ts';

/** Failures that would occur again with the same ticket. */
const lasting: ReadonlySet<FailureKind> = new Set(['rejected', 'declined', 'unsendable']);

/** Failures of the service or the account, which do not depend on the ticket. */
const away: ReadonlySet<FailureKind> = new Set([
  'timeout',
  'unavailable',
  'rate-limited',
  'access',
  'spend-limit',
  'budget',
  'paused',
]);

/** Thrown when a model gave no usable answer for a ticket. Its facts help the caller to choose another engine. */
export class ModelError extends ClassifierError {
  readonly failure: ModelFailure;
  /**
   * The classification to use if no other engine has an answer: abstained, with stage `none`, and with the tokens,
   * money and time that the failed calls took.
   */
  readonly undecided: Classification;

  constructor(options: { classifier: string; failure: ModelFailure; undecided: Classification }) {
    const { classifier, failure, undecided } = options;
    super({
      classifier,
      retryable: !lasting.has(failure.kind),
      unavailable: away.has(failure.kind),
      message: `${undecided.stageReason}.`,
    });
    this.failure = failure;
    this.undecided = undecided;
  }
}
