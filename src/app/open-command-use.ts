import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createModelUse, type ModelUse } from '../classifiers/model-api/model-account.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { findFolderOwner } from '../store/folder-lock.ts';
import { lookIntoStore } from '../store/look-into-store.ts';
import { createStoreLedger } from '../store/model-use/create-store-ledger.ts';
import { openStore } from '../store/open-store.ts';

export type CommandModelUse = {
  readonly modelUse: ModelUse;
  /** A sentence for people when spend is not booked in the store; null when it is, or when there is no store. */
  readonly unbooked: string | null;
  close(): Promise<void>;
};

/**
 * What a command needs to call models. Its spend is booked in the store and counts for the daily budget of all processes.
 * While a server has an embedded store open, no other process can open it: the command then keeps a budget of its own.
 */
export async function openCommandModelUse(
  config: LoadedConfig,
  /** For `doctor`: migrates no store, and writes to no embedded store. */
  { leavesStoreAsIs = false }: { leavesStoreAsIs?: boolean } = {},
): Promise<CommandModelUse> {
  const { settings, secrets } = config;
  const { dataDir, claude } = settings;
  const { databaseUrl } = secrets;
  const limitUsd = claude.dailyBudgetUsd;
  const alone = (unbooked: string | null) => ({
    modelUse: createModelUse({ dailyBudgetUsd: limitUsd }),
    unbooked,
    close: async () => undefined,
  });
  if (databaseUrl === null) {
    const owner = await findFolderOwner({ dataDir });
    if (owner !== null) {
      return alone(
        `The cost of this command is not booked in ${dataDir}, because process ${owner.pid} has it open, and does not count for the daily budget there: this command keeps to the budget on its own. On PostgreSQL both share it.`,
      );
    }
    if (leavesStoreAsIs || !existsSync(join(dataDir, 'store'))) return alone(null);
  } else if (leavesStoreAsIs) {
    const isReady = await lookIntoStore({ databaseUrl, dataDir }, async ({ migrations }) => migrations.pending === 0);
    if (!isReady) return alone('The cost of this command is not booked: the tables of the store are not up to date.');
  }
  const store = await openStore({ databaseUrl, dataDir });
  // When a real cost cannot be written, the reserved amount stays booked: no reason to fail a command that has its answer.
  const ledger = createStoreLedger({ store, limitUsd, onError: () => undefined });
  return { modelUse: createModelUse({ ledger }), unbooked: null, close: () => store.close() };
}
