import type { Connector } from '../connector.ts';
import type { ConnectorContext } from '../definition.ts';
import { createCheck } from './check.ts';
import { createZendeskClient } from './client.ts';
import type { ZendeskSecrets, ZendeskSettings } from './definition.ts';
import { createDeliver } from './deliver.ts';
import { createDirectory } from './directory.ts';
import type { ClientParts } from './limits.ts';
import { createListChanged } from './list-changed.ts';
import { mapTicket } from './map-ticket.ts';
import { createReceiver } from './receive.ts';
import { createSetUp } from './set-up.ts';
import { createUndo } from './undo.ts';

/** A connector for Zendesk Support. `parts` are replaced by tests. */
export function createZendeskConnector(
  context: ConnectorContext<ZendeskSettings, ZendeskSecrets>,
  parts: ClientParts = {},
): Connector {
  const { name, settings, shared, secrets } = context;
  const { now = Date.now, sleep } = parts;
  const client = createZendeskClient({ name, settings, token: secrets.TOKEN, parts });
  const directory = createDirectory({ client, shared, now });
  const writing = { client, directory, settings, sleep };
  return {
    name,
    type: 'zendesk',
    ...(secrets.WEBHOOK_SECRET !== null && {
      webhook: createReceiver({ secret: secrets.WEBHOOK_SECRET, toleranceMs: settings.signatureTolerance }),
    }),
    listChanged: createListChanged({ client, directory, now }),
    async readTicket(externalId, signal) {
      const read = await client.readTicket(externalId, signal);
      if (read === null) return null;
      const audits = await client.readAudits(externalId, signal);
      return mapTicket(read, audits, {
        name,
        settings,
        intentField: (await directory.fieldFor('intent', signal)) ?? null,
        ownId: (await directory.me(signal)).id ?? null,
        names: await directory.namesOf(read.ticket, signal),
      });
    },
    deliver: createDeliver(writing),
    undo: createUndo({ ...writing, noteLanguage: shared.noteLanguage }),
    check: createCheck({ client, directory, connector: context, now }),
    ...createSetUp({ client, directory }),
  };
}
