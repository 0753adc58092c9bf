import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { createProgress } from '../io.ts';
import type { createCall } from './server-examples.ts';
import { findServer, type StoreOptions } from './stored-examples.ts';

/** How a command reaches the store. */
export type StoreAccess =
  /** Through the server that has the embedded store open. */
  | { readonly kind: 'server'; readonly url: string; readonly call: ReturnType<typeof createCall> }
  /** Directly, in PostgreSQL or in an embedded store that nobody has open. The app has no engine. */
  | { readonly kind: 'app'; readonly app: App }
  /** Nothing was stored yet. */
  | { readonly kind: 'nothing' };

/** Opens the store for a command, or finds the server that has it open, and closes what it opened afterwards. */
export async function withStoreAccess<T>(
  { io, config }: StoreOptions,
  work: (access: StoreAccess) => Promise<T>,
): Promise<T> {
  const { secrets, settings } = config;
  const url = await findServer(config);
  if (url !== null) {
    const { createCall } = await import('./server-examples.ts');
    return work({ kind: 'server', url, call: createCall({ serverUrl: url, token: secrets.token }) });
  }
  if (secrets.databaseUrl === null && !existsSync(join(settings.dataDir, 'store'))) return work({ kind: 'nothing' });
  const { createApp } = await import('../../app.ts');
  const progress = createProgress(io);
  // An engine would be trained only to be closed again.
  const app = await createApp({ config, onProgress: progress, hasEngine: false }).finally(progress.finish);
  try {
    return await work({ kind: 'app', app });
  } finally {
    await app.close();
  }
}
