// Creating a new store takes seconds, so tests start with a copy of one. It is cached below node_modules and created
// again when the migrations, the queue or a package changes.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyInto, createCacheFolder, makeOnce, root } from './template-cache.ts';

/** Hash of everything that determines a new store. */
export function hashStoreSources(): string {
  const migrations = join(root, 'src/store/migrations');
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  hash.update(readFileSync(join(root, 'src/queue/jobs.ts')));
  for (const name of readdirSync(migrations).sort()) {
    if (name.endsWith('.sql')) hash.update(readFileSync(join(migrations, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The cached file or folder of this name. */
export const templatePath = (name: string): string => join(createCacheFolder(), `${name}-${hashStoreSources()}`);

const storeTemplate = () => templatePath('store');

/** Vitest calls this once, before any test file. */
export default function prepareStoreTemplate(): Promise<void> {
  return makeOnce(storeTemplate(), async (dataDir) => {
    const { openStore } = await import('../store/open-store.ts');
    const { openQueue } = await import('../queue/open-queue.ts');
    const store = await openStore({ databaseUrl: null, dataDir });
    await (await openQueue({ connection: store.connection })).close();
    await store.close();
    return join(dataDir, 'store');
  });
}

/** Puts an empty store into a data folder. */
export function copyStoreTemplate(dataDir: string): void {
  copyInto(dataDir, 'store', storeTemplate());
}
