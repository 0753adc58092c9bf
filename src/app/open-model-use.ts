import type { Logger } from '../base/logger.ts';
import { createModelUse, type ModelUse } from '../classifiers/model-api/model-account.ts';
import type { ModelChange } from '../classifiers/model-api/model-watch.ts';
import { createMemoryLedger } from '../classifiers/model-api/spend-ledger.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Store } from '../store/store.ts';

/**
 * What all calls to models share in a server. What was spent since midnight UTC counts towards the daily budget, so
 * that a restart does not begin it anew. Changes are logged, once each.
 */
export async function openModelUse(options: { config: LoadedConfig; store: Store; logger: Logger }): Promise<ModelUse> {
  const { config, store, logger } = options;
  const { dailyBudgetUsd } = config.settings.claude;
  const midnight = new Date(new Date().setUTCHours(0, 0, 0, 0));
  const spentTodayUsd = dailyBudgetUsd === null ? 0 : await store.classifications.costSince(midnight);
  const ledger = createMemoryLedger({ limitUsd: dailyBudgetUsd, now: Date.now, spentTodayUsd });
  return createModelUse({ ledger, onChange: (change) => logChange(logger, change) });
}

const messages: Readonly<Record<ModelChange['change'], string>> = {
  'model-down': 'a model is left alone after failures: tickets are decided without it',
  'model-back': 'a model answers again',
  'budget-used-up': 'the daily budget for models is used up: tickets are decided without them',
  'budget-back': 'a new day has begun, and with it the budget for models',
};

function logChange(logger: Logger, change: ModelChange): void {
  const isBetter = change.change === 'model-back' || change.change === 'budget-back';
  logger[isBetter ? 'info' : 'warn'](change, messages[change.change]);
}
