import { createModelUse, type ModelUse } from '../classifiers/model-api/model-account.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Store } from '../store/store.ts';

/**
 * What all calls to models share. With a store, what was spent since midnight UTC counts towards the daily budget, so
 * that a restart does not begin it anew.
 */
export async function openModelUse({
  config,
  store,
}: {
  config: LoadedConfig;
  store: Store | null;
}): Promise<ModelUse> {
  const { dailyBudgetUsd } = config.settings.claude;
  if (store === null || dailyBudgetUsd === null) return createModelUse({ dailyBudgetUsd });
  const spentTodayUsd = await store.classifications.costSince(new Date(new Date().setUTCHours(0, 0, 0, 0)));
  return createModelUse({ dailyBudgetUsd, spentTodayUsd });
}
