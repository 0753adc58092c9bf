import { isSameName } from '../../base/same-name.ts';
import { ConnectorError } from '../../errors.ts';
import type { Connector, Named } from '../connector.ts';
import type { ConnectorContext } from '../definition.ts';
import type { HttpClientOptions } from '../http-client.ts';
import { checkAccount } from './check-account.ts';
import { createRtClient } from './client.ts';
import { type RtSettings, tokenPattern } from './definition.ts';
import { deliverDecision } from './deliver-decision.ts';
import { listChanged } from './list-changed.ts';
import type { PlaceSettings } from './map-place.ts';
import { mapTicket } from './map-ticket.ts';
import { createPeopleReader } from './people.ts';
import { createThreadReader } from './read-thread.ts';
import { undoDelivery } from './undo-delivery.ts';
import { createWebhookReceiver } from './webhook-receiver.ts';
import type { WriteContext } from './write-context.ts';

const QUEUES_KEPT_MS = 5 * 60_000;

type Secrets = { readonly TOKEN: string; readonly WEBHOOK_SECRET: string | null };
type Options = ConnectorContext<RtSettings, Secrets> & { readonly fetch?: HttpClientOptions['fetch'] };

/** Connects Request Tracker 5. */
export function createRequestTrackerConnector(options: Options): Connector {
  const { name, settings, shared, secrets, fetch } = options;
  const { url, closed, tagsField, priorities } = settings;
  const { customFields, noteLanguage } = shared;
  const client = createRtClient({ connector: name, url, token: secrets.TOKEN, ...(fetch !== undefined && { fetch }) });
  const threads = createThreadReader(client);
  const people = createPeopleReader(client);
  const place: PlaceSettings = { intentField: customFields.intent, tagsField, closed };
  const writtenFields = [...Object.values(customFields), tagsField].filter((field) => field !== undefined);

  let selfName: string | null = null;
  const self = async (signal: AbortSignal): Promise<string> => {
    if (selfName !== null) return selfName;
    const id = tokenPattern.exec(secrets.TOKEN)?.[1];
    const user = id === undefined ? null : await client.getUser({ user: id, signal });
    if (user === null) {
      const message = `RT at ${url} does not know the user of the token. Create another one for the connector "${name}"`;
      throw new ConnectorError({ connector: name, retryable: true, unavailable: true, message });
    }
    selfName = user.Name;
    return selfName;
  };

  let kept: { readonly queues: readonly Named[]; readonly until: number } | null = null;
  const getQueues = async (signal: AbortSignal): Promise<readonly Named[]> => {
    if (kept === null || kept.until < performance.now()) {
      kept = { queues: await client.getQueues(signal), until: performance.now() + QUEUES_KEPT_MS };
    }
    return kept.queues;
  };
  const findQueue = async (queue: string, signal: AbortSignal): Promise<Named | null> => {
    const queues = await getQueues(signal);
    return queues.find(({ id }) => id === queue) ?? queues.find((one) => isSameName(one.name, queue)) ?? null;
  };
  const context: WriteContext = { client, threads, place, priorities, customFields, noteLanguage, self, findQueue };

  return {
    name,
    type: 'request-tracker',
    ...(secrets.WEBHOOK_SECRET !== null && { webhook: createWebhookReceiver(secrets.WEBHOOK_SECRET) }),
    listChanged: (request) => listChanged(client, request),
    async readTicket(externalId, signal) {
      const thread = await threads.read(externalId, signal);
      if (thread === null) return null;
      const mapping = { connector: name, url, self: await self(signal), place, ownFields: writtenFields };
      if (thread.kind === 'thread') {
        return mapTicket({ thread, people: await people.read(thread, signal), context: mapping });
      }
      const merged = { ...thread.into, id: externalId };
      const empty = { kind: 'thread', etag: thread.etag, ticket: merged, transactions: [], texts: new Map() } as const;
      const mapped = mapTicket({ thread: empty, people: await people.read(empty, signal), context: mapping });
      return { ...mapped, state: 'merged' };
    },
    async deliver({ signal = neverAborted(), ...request }) {
      const externalId = request.ticket.source?.externalId;
      if (externalId === undefined || !/^\d+$/.test(externalId)) {
        return { state: 'refused', detail: 'the ticket has no number of RT as its external id' };
      }
      return deliverDecision(context, { ...request, externalId, signal });
    },
    undo: ({ signal = neverAborted(), ...request }) => undoDelivery(context, { ...request, signal }),
    async check({ groups, signal }) {
      const queues = await getQueues(signal);
      const intake = [...shared.groups, ...shared.queues];
      const named = [...groups, ...intake];
      return checkAccount({ client, self: await self(signal), queues, named, intake, fields: writtenFields, signal });
    },
    listGroups: getQueues,
    async listCategories(signal) {
      const { intent } = customFields;
      const values = intent === undefined ? [] : await client.getFieldValues({ field: intent, signal });
      return values.length > 0 ? values.map((value) => ({ id: value, name: value })) : getQueues(signal);
    },
    async close() {
      threads.clear();
    },
  };
}

const neverAborted = () => new AbortController().signal;
