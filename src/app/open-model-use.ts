import { createId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import { createModelUse, type ModelUse } from '../classifiers/model-api/model-account.ts';
import type { ModelChange } from '../classifiers/model-api/model-watch.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { createStoreLedger } from '../store/model-use/create-store-ledger.ts';
import { openProcessRegistry } from '../store/model-use/open-process-registry.ts';
import { openStoreBoard } from '../store/model-use/open-store-board.ts';
import type { Store } from '../store/store.ts';
import { createErrorLog } from './error-log.ts';

/** How often a process reports itself. It counts as live for three times as long (src/store/processes.ts). */
const BEAT_MS = 5_000;

export type OpenedModelUse = ModelUse & { close(): Promise<void> };

/**
 * What all calls to models share in a server. Spend is booked in the store. On PostgreSQL, processes also share circuit
 * breakers and the number of calls that an account allows at the same time. Each change is logged once.
 */
export async function openModelUse(options: {
  config: LoadedConfig;
  store: Store;
  logger: Logger;
  /** False for a process that calls no model: it gets no share of the calls at the same time. */
  hasEngine: boolean;
}): Promise<OpenedModelUse> {
  const { config, store, logger, hasEngine } = options;
  const onError = createErrorLog({ logger, what: 'the shared state of models could not be read or written' });
  const shared = {
    ledger: createStoreLedger({ store, limitUsd: config.settings.claude.dailyBudgetUsd, onError }),
    onChange: (change: ModelChange) => logChange(logger, change),
  };
  // An embedded store has one process, and nobody to share with.
  if (store.kind === 'embedded') return { ...createModelUse(shared), close: async () => undefined };

  await using opened = new AsyncDisposableStack();
  const breakers = await openStoreBoard({ store, now: Date.now, onError });
  opened.defer(breakers.close);
  const kind = hasEngine ? 'engine' : 'door';
  const processes = await openProcessRegistry({ store, id: createId('p'), kind, onError });
  opened.defer(processes.close);
  const timer = setInterval(() => {
    void processes.beat();
    void breakers.refresh();
  }, BEAT_MS);
  timer.unref();
  opened.defer(() => clearInterval(timer));
  const resources = opened.move();
  return { ...createModelUse({ ...shared, breakers, processes }), close: () => resources.disposeAsync() };
}

const messages: Readonly<Record<ModelChange['change'], string>> = {
  'model-down': 'calls to a model are paused after failures: tickets are decided without it',
  'model-back': 'a model answers again',
  'budget-used-up': 'the daily budget for models is used up: tickets are decided without them',
  'budget-back': 'a new day has begun: the budget for models is available again',
};

function logChange(logger: Logger, change: ModelChange): void {
  const isBetter = change.change === 'model-back' || change.change === 'budget-back';
  logger[isBetter ? 'info' : 'warn'](change, messages[change.change]);
}
