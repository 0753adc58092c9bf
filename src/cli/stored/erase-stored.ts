import { erasureSchema } from '../../http/contract.ts';
import type { Erased, EraseSelection } from '../../pipeline/erase.ts';
import { accountActor } from './account-actor.ts';
import { withStoreAccess } from './server-or-app.ts';
import type { StoreOptions } from './stored-examples.ts';

export type Eraser = {
  /** URL of the server that has the store open; null when the command opened the store itself. */
  readonly server: string | null;
  preview(what: EraseSelection): Promise<Erased>;
  erase(what: EraseSelection): Promise<Erased>;
};

/** Erases through the server that has the embedded store open; without one, directly in PostgreSQL or that store. */
export function withEraser<T>(options: StoreOptions, work: (eraser: Eraser) => Promise<T>): Promise<T> {
  return withStoreAccess(options, async (access) => {
    if (access.kind === 'nothing') {
      const nothing = async () => ({ ticketIds: [], examples: 0, ownExampleIds: [] });
      return work({ server: null, preview: nothing, erase: nothing });
    }
    if (access.kind === 'app') {
      const { app } = access;
      return work({
        server: null,
        preview: app.previewErasure,
        async erase(what) {
          const erased = await app.erase({ what, actor: accountActor() });
          await app.eraseTraces();
          return erased;
        },
      });
    }
    const send = async (what: EraseSelection, dryRun: boolean): Promise<Erased> => {
      const response = await access.call('/v1/erasures', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...what, dryRun }),
      });
      const { dryRun: _, ...erased } = erasureSchema.parse(await response.json());
      return erased;
    };
    return work({ server: access.url, preview: (what) => send(what, true), erase: (what) => send(what, false) });
  });
}
