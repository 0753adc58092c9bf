import { z } from 'zod';
import { sha256 } from '../../base/hash.ts';
import type { Connector, DeliverRequest, DeliverResult, WebhookReceiver } from '../connector.ts';
import type { ConnectorContext } from '../definition.ts';
import { createHttpClient, type HttpClient } from '../http-client.ts';
import { findSignatureFault, type SignatureScheme, signatureHeaders } from '../signature.ts';
import type { DeliverSettings, ReceiveSettings } from './definition.ts';
import { fieldsOf, fillTemplate, fillText } from './fill-template.ts';
import { mapWebhook } from './map-webhook.ts';
import { readPath } from './read-path.ts';

type Settings = {
  readonly receive?: ReceiveSettings | undefined;
  readonly deliver?: DeliverSettings | undefined;
  readonly assist?: DeliverSettings | undefined;
};
type Secrets = { readonly TOKEN: string | null; readonly WEBHOOK_SECRET: string | null };

/** A connector for any system that sends and takes JSON. */
export function createWebhookConnector({ name, settings, secrets }: ConnectorContext<Settings, Secrets>): Connector {
  const { receive, deliver, assist } = settings;
  const { TOKEN: token } = secrets;
  const sendDecision = deliver && createDelivery({ name, deliver, token });
  const sendNote = assist && createDelivery({ name, deliver: assist, token });
  const webhook = receive === undefined ? undefined : createReceiver(receive, secrets.WEBHOOK_SECRET ?? '');
  return {
    name,
    type: 'webhook',
    ...(webhook && { webhook }),
    async deliver(request) {
      const isAssist = request.decision.mode === 'assist';
      const send = isAssist ? sendNote : sendDecision;
      const missing = isAssist ? 'assist' : 'deliver';
      return send?.(request) ?? { state: 'refused', detail: `the connector has no \`${missing}\`, so nothing is sent` };
    },
  };
}

function createReceiver(receive: ReceiveSettings, secret: string): WebhookReceiver {
  const { signature, deliveryId } = receive;
  const scheme: SignatureScheme | null =
    signature === 'unsigned'
      ? null
      : {
          ...signature,
          timestamp:
            signature.timestamp === undefined
              ? null
              : { ...signature.timestamp, toleranceMs: signature.timestamp.tolerance },
        };
  const names = [deliveryId, scheme?.header, scheme?.timestamp?.header].filter((header) => header !== undefined);
  return {
    headers: names,
    findFault: (request, now) => (scheme === null ? null : findSignatureFault({ scheme, secret, request, now })),
    deduplicationKey({ headers, body }) {
      // The id is not signed: alone it would let a recorded webhook take the place of one that is still to come.
      const id = deliveryId === undefined ? undefined : headers[deliveryId];
      // Without an id the same content is the same webhook, unless it was signed at another time.
      const signedAt = scheme?.timestamp == null ? '' : (headers[scheme.timestamp.header] ?? '');
      return id === undefined || id === ''
        ? `body ${sha256(`${signedAt}\n${body.toString('base64')}`)}`
        : `id ${sha256(`${id}\n${body.toString('base64')}`)}`;
    },
    read: ({ body }) => [mapWebhook(body, receive)],
    sign: (body, at) => (scheme === null ? {} : signatureHeaders({ scheme, secret, body, at })),
  };
}

function createDelivery(options: { name: string; deliver: DeliverSettings; token: string | null }) {
  const { name, deliver, token } = options;
  const withToken = (text: string) => text.replaceAll('{TOKEN}', token ?? '');
  const usesToken = Object.values(deliver.headers).some((value) => value.includes('{TOKEN}'));
  const headers = {
    ...(token !== null && !usesToken ? { authorization: `Bearer ${token}` } : {}),
    ...Object.fromEntries(Object.entries(deliver.headers).map(([header, value]) => [header, withToken(value)])),
  };
  const clientFor = (url: string): HttpClient =>
    createHttpClient({ connector: name, baseUrl: new URL(url.replace(/\{.*$/, '')).origin, headers });
  const writer = clientFor(deliver.url);
  const reader = deliver.readBack === undefined ? null : clientFor(deliver.readBack.url);

  return async (request: DeliverRequest): Promise<DeliverResult> => {
    const fields = fieldsOf(request);
    const { signal } = request;
    const address = (url: string) => fillText(url, fields, encodeURIComponent);
    await writer.call({
      method: deliver.method,
      path: address(deliver.url),
      body: fillTemplate(deliver.body, fields),
      // Systems that know it do the same write once.
      headers: { 'idempotency-key': request.decision.id },
      schema: null,
      signal,
    });
    const { readBack } = deliver;
    if (readBack === undefined || reader === null) return { state: 'delivered' };
    const reply = await reader.call({ method: 'GET', path: address(readBack.url), schema: z.unknown(), signal });
    const found = reply.ok ? readPath(reply.body, readBack.path) : undefined;
    const wanted = fillText(readBack.equals, fields);
    if (String(found ?? '') === wanted)
      return { state: 'delivered', detail: `read back: ${readBack.path} is ${wanted}` };
    const what = found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 100);
    return {
      state: 'refused',
      detail: `the system took the decision, but ${readBack.path} is ${what} and not ${wanted}`,
    };
  };
}
