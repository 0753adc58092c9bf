import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { erasureSchema } from '../../http/contract.ts';
import type { Erased, EraseSelection } from '../../pipeline/erase.ts';
import { createProgress } from '../io.ts';
import { findServer, type StoreOptions } from './stored-examples.ts';

export type Eraser = {
  /** URL of the server that has the store open; null when the command opened the store itself. */
  readonly server: string | null;
  preview(what: EraseSelection): Promise<Erased>;
  erase(what: EraseSelection): Promise<Erased>;
};

/** Erases through the server that has the embedded store open; without one, directly in PostgreSQL or that store. */
export async function withEraser<T>(options: StoreOptions, work: (eraser: Eraser) => Promise<T>): Promise<T> {
  const { secrets, settings } = options.config;
  const serverUrl = await findServer(options.config);
  if (serverUrl !== null) {
    const { createCall } = await import('./server-examples.ts');
    const call = createCall({ serverUrl, token: secrets.token });
    const send = async (what: EraseSelection, dryRun: boolean): Promise<Erased> => {
      const response = await call('/v1/erasures', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...what, dryRun }),
      });
      const { dryRun: _, ...erased } = erasureSchema.parse(await response.json());
      return erased;
    };
    return work({ server: serverUrl, preview: (what) => send(what, true), erase: (what) => send(what, false) });
  }
  if (secrets.databaseUrl === null && !existsSync(join(settings.dataDir, 'store'))) {
    const nothing = async () => ({ ticketIds: [], examples: 0, ownExampleIds: [] });
    return work({ server: null, preview: nothing, erase: nothing });
  }
  return withStore(options, work);
}

async function withStore<T>({ io, config }: StoreOptions, work: (eraser: Eraser) => Promise<T>): Promise<T> {
  const { createApp } = await import('../../app.ts');
  const progress = createProgress(io);
  // Without an engine, which would be trained only to forget examples.
  const app = await createApp({ config, onProgress: progress, hasEngine: false }).finally(progress.finish);
  try {
    return await work({
      server: null,
      preview: app.previewErasure,
      async erase(what) {
        const erased = await app.erase({ what, actor: { kind: 'user', id: userInfo().username } });
        await app.eraseTraces();
        return erased;
      },
    });
  } finally {
    await app.close();
  }
}
