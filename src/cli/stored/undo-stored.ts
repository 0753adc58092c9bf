import { NotFoundError } from '../../errors.ts';
import { deliveredSchema, MAX_DELIVERED, undoneDeliverySchema } from '../../http/contract.ts';
import type { UndoneDelivery } from '../../pipeline/undo-delivery.ts';
import { accountActor } from './account-actor.ts';
import { withStoreAccess } from './server-or-app.ts';
import type { StoreOptions } from './stored-examples.ts';

/** Which deliveries: those since a moment, those of a release, or both. */
export type DeliveredFilter = { readonly since?: Date; readonly release?: string };

export type Undoer = {
  /** Ids of the decisions that helpdesks have, newest first. */
  find(filter: DeliveredFilter): Promise<readonly string[]>;
  /** Throws NotFoundError, ConflictError. */
  undo(decisionId: string): Promise<UndoneDelivery>;
};

/** Works through the server that has the embedded store open; without one, directly on PostgreSQL or that store. */
export function withUndoer<T>(options: StoreOptions, work: (undoer: Undoer) => Promise<T>): Promise<T> {
  return withStoreAccess(options, async (access) => {
    if (access.kind === 'nothing') {
      return work({
        find: async () => [],
        undo: async (decisionId) => {
          throw new NotFoundError(`There is no decision "${decisionId}": nothing is stored yet.`);
        },
      });
    }
    if (access.kind === 'app') {
      const { app } = access;
      const actor = accountActor();
      return work({
        find: (filter) => app.findDelivered({ ...filter, limit: MAX_DELIVERED }),
        undo: (decisionId) => app.undoDelivery({ decisionId, actor }),
      });
    }
    const { call } = access;
    return work({
      async find({ since, release }) {
        const query = new URLSearchParams({ limit: String(MAX_DELIVERED) });
        if (since !== undefined) query.set('since', since.toISOString());
        if (release !== undefined) query.set('release', release);
        return deliveredSchema.parse(await (await call(`/v1/deliveries?${query}`)).json()).decisionIds;
      },
      async undo(decisionId) {
        const response = await call(`/v1/decisions/${encodeURIComponent(decisionId)}/undo`, { method: 'POST' });
        return undoneDeliverySchema.parse(await response.json());
      },
    });
  });
}
