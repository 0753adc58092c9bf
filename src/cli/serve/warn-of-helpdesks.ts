import type { Logger } from '../../base/logger.ts';
import { explainFailure } from '../../base/safe-error.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { describeHelpdesks } from '../../config/describe-helpdesks.ts';

/** Checks the helpdesks as `doctor` does, and warns of what must be fixed: a queue that does not exist, a refused key. */
export async function warnOfHelpdesks(config: LoadedConfig, logger: Logger): Promise<void> {
  if (describeHelpdesks(config).length === 0) return;
  try {
    const { checkConnectors } = await import('../../doctor/check-connectors.ts');
    for (const { check, status, detail } of await checkConnectors(config)) {
      if (status === 'failed') logger.warn({ check }, `${check}: ${detail}`);
    }
  } catch (error) {
    logger.warn({ failure: explainFailure(error) }, 'the helpdesks could not be checked');
  }
}
