import { ClassifierError } from '../../errors.ts';
import type { Classification } from '../classifier.ts';
import type { FailureKind, ModelFailure } from './model-failure.ts';

/** Failures that the same ticket would meet again. */
const lasting: ReadonlySet<FailureKind> = new Set(['rejected', 'declined', 'unsendable']);

/** Failures of the service or of the account, whichever ticket is asked about. */
const away: ReadonlySet<FailureKind> = new Set([
  'timeout',
  'unavailable',
  'rate-limited',
  'access',
  'spend-limit',
  'budget',
  'paused',
]);

/** A model gave no answer for a ticket that can be used. By these facts a caller may ask another engine. */
export class ModelError extends ClassifierError {
  readonly failure: ModelFailure;
  /**
   * What the ticket becomes if no other engine knows more: abstained, with stage `none`, and with the tokens, the money
   * and the time that the failure has cost.
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
