import { startDeadline } from '../base/deadline.ts';
import type { Classifier } from '../classifiers/classifier.ts';

// The embedded engine needs milliseconds. When it hangs, the other half of the time limit is left for Claude.
const LOCAL_SHARE = 0.5;

/**
 * The embedded engine with a time limit, for engines that also call Claude. When it hangs, it throws the `ClassifierError`
 * of an engine that was stopped. `deadlineMs` is the limit of the whole ticket.
 */
export function boundedLocal({ local, deadlineMs }: { local: Classifier; deadlineMs: number }): Classifier {
  return {
    id: local.id,
    async classify(request) {
      using deadline = startDeadline({ timeoutMs: deadlineMs * LOCAL_SHARE, signal: request.signal });
      return await local.classify({ ...request, signal: deadline.signal });
    },
    close: async () => local.close?.(),
  };
}
