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
  /** Why what is spent is not booked in the store, for people; null where it is, or where there is no store. */
  readonly unbooked: string | null;
  close(): Promise<void>;
};

/**
 * The use of models by a command that runs beside a server: what it spends is booked in the store, and counts for the
 * daily budget of all. An embedded store that a server holds cannot be opened by another process: then the command keeps
 * to the budget on its own.
 */
export async function openCommandModelUse(
  config: LoadedConfig,
  /** For `doctor`: a store is neither migrated nor, where it is a folder, written to. */
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
        `What this costs is not booked in ${dataDir}, which process ${owner.pid} holds, and does not count for its daily budget.`,
      );
    }
    if (leavesStoreAsIs || !existsSync(join(dataDir, 'store'))) return alone(null);
  } else if (leavesStoreAsIs) {
    const isReady = await lookIntoStore({ databaseUrl, dataDir }, async ({ migrations }) => migrations.pending === 0);
    if (!isReady) return alone('What this costs is not booked: the tables of the store are not up to date.');
  }
  const store = await openStore({ databaseUrl, dataDir });
  // What cannot be corrected stays booked as it was set aside: no reason to fail a command that has its answer.
  const ledger = createStoreLedger({ store, limitUsd, onError: () => undefined });
  return { modelUse: createModelUse({ ledger }), unbooked: null, close: () => store.close() };
}
