import type { Logger } from '../base/logger.ts';
import type { EngineStatus } from '../classifiers/local/engine-client.ts';
import type { Degradation } from '../classifiers/model-api/model-watch.ts';

/** What readiness says of the embedded engine. */
export function describeEmbedded(status: EngineStatus): readonly Degradation[] {
  if (status.ok) return [];
  return [{ part: 'embedded engine', why: status.why, since: status.since.toISOString() }];
}

/** Logs when the embedded engine goes away and when it is back, and not each start that fails in between. */
export function createEmbeddedLog({ logger }: { logger: Logger }): (status: EngineStatus) => void {
  let isAway = false;
  return (status) => {
    if (status.ok) {
      isAway = false;
      logger.info({}, 'the embedded engine is back');
    } else if (!isAway) {
      isAway = true;
      logger.error({ failure: status.why }, 'the embedded engine is away; it is started again until it works');
    }
  };
}
