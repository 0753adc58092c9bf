import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../config/config-schema.ts';
import { loadWorkspace, type Workspace, withStoredExamples } from '../config/load-workspace.ts';
import { hashCorrections } from '../pipeline/learn/hash-corrections.ts';
import type { CorrectionStore } from '../store/store.ts';

export type StoredLearning = {
  /** With the imports and corrections of the store. */
  readonly workspace: Workspace;
  readonly corrections: Pick<CorrectionStore, 'ofWords'>;
  close(): Promise<void>;
};

/** What the store has learned, for a program that decides without a server; null where there is no store yet. */
export async function openStored(config: LoadedConfig): Promise<StoredLearning | null> {
  const { databaseUrl } = config.secrets;
  const { dataDir } = config.settings;
  if (databaseUrl === null && !existsSync(join(dataDir, 'store'))) return null;
  const { openStore } = await import('../store/open-store.ts');
  const store = await openStore({ databaseUrl, dataDir });
  try {
    await hashCorrections(store.corrections);
    const learned = (await store.examples.all()).filter(({ source }) => source !== 'file');
    const examples = learned.map(({ example }) => example);
    const { workspace } = withStoredExamples(await loadWorkspace(config), examples);
    return { workspace, corrections: store.corrections, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}
