import { startDeadline } from '../base/deadline.ts';
import type { Classifier } from '../classifiers/classifier.ts';

// The embedded engine answers in milliseconds. One that hangs leaves Claude this share of the time.
const LOCAL_SHARE = 0.5;

/** The embedded engine beside Claude: one that hangs fails in time, with the `ClassifierError` of an engine that was stopped. */
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
