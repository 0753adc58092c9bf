import type { Logger } from '../base/logger.ts';
import type { EngineStatus } from '../classifiers/local/engine-client.ts';
import type { Degradation } from '../classifiers/model-api/model-watch.ts';

/** What `/readyz` says about an embedded engine that does not work; empty when it works. */
export function describeEmbedded(status: EngineStatus): readonly Degradation[] {
  if (status.ok) return [];
  return [{ part: 'embedded engine', why: status.why, since: status.since.toISOString() }];
}

/** Logs when the embedded engine stops working and when it works again, but not each restart that fails in between. */
export function createEmbeddedLog({ logger }: { logger: Logger }): (status: EngineStatus) => void {
  let isAway = false;
  return (status) => {
    if (status.ok) {
      isAway = false;
      logger.info({}, 'the embedded engine works again');
    } else if (!isAway) {
      isAway = true;
      logger.error({ failure: status.why }, 'the embedded engine does not work; it is restarted until it does');
    }
  };
}
