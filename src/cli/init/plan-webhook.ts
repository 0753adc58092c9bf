import { raceSignal, startDeadline } from '../../base/deadline.ts';
import { explainFailure } from '../../base/safe-error.ts';
import { DEFAULT_PORT } from '../../config/server-settings.ts';
import {
  askWebhookSecret,
  buildConnector,
  type Connected,
  type InitContext,
  WEBHOOK_SECRET,
} from './connect-helpdesk.ts';
import type { Variables } from './secret-lines.ts';

const TIMEOUT_MS = 30_000;

export type WebhookPlan = {
  /** Where the helpdesk sends to. */
  readonly url: string;
  /** Where `serve` must listen for it; null where something else must forward what arrives there. */
  readonly server: { readonly host?: string; readonly port: number } | null;
  readonly secrets: Variables;
  /** Whether the connector can make it. */
  readonly isMade: boolean;
};
export type WebhookResult = {
  readonly url: string;
  /** How what is sent to `url` gets to `serve`. */
  readonly reach: string;
  readonly state: 'created' | 'by-hand' | 'failed';
  /** Why it failed, or how it is made by hand. */
  readonly detail: string;
};

/** Asks whether the helpdesk shall push tickets, and where to; null when it shall not, or cannot. */
export async function planWebhook(context: InitContext, connected: Connected): Promise<WebhookPlan | null> {
  const { asker } = context;
  const { definition, name, connector, secrets } = connected;
  if (!definition.secrets.some((secret) => secret.name === WEBHOOK_SECRET)) return null;
  const isPolled = connector.listChanged !== undefined;
  const wants = await asker.confirm({
    name: 'webhook',
    message: isPolled
      ? 'Shall the helpdesk send webhooks as well? Tickets arrive at once then, but the helpdesk must be able to reach this server'
      : 'Shall the helpdesk send webhooks? No tickets arrive otherwise',
    initial: !isPolled && asker.canAskAgain,
  });
  if (!wants) return null;
  const base = await asker.text({
    name: 'webhookUrl',
    message: 'At which address does the helpdesk reach this server? For example https://hooks.acme.example',
    findFault: (text) =>
      /^https?:$/.test(URL.parse(text)?.protocol ?? '')
        ? null
        : 'Write an address that begins with https:// or http://.',
  });
  const path = `/webhooks/${name}`;
  const url = base.endsWith(path) ? base : `${base.replace(/\/+$/, '')}${path}`;
  const server = listenerFor({ url, path });
  const isMade = connector.createWebhook !== undefined;
  if (secrets[WEBHOOK_SECRET] !== undefined) return { url, server, secrets, isMade };
  // A helpdesk that chooses the secret itself does so when the webhook is made.
  const secret = isMade ? context.createSecret() : await askWebhookSecret({ context, definition, name });
  return { url, server, secrets: { ...secrets, [WEBHOOK_SECRET]: secret }, isMade };
}

/** Where the server must listen to get what is sent to an address on this machine; null when that is not for it alone to do. */
function listenerFor({ url, path }: { url: string; path: string }): WebhookPlan['server'] {
  const { protocol, hostname, port, pathname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isHere = host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
  // Encryption, the port of web servers or another path belong to a proxy.
  if (!isHere || protocol !== 'http:' || port === '' || pathname !== path) return null;
  const isDefault = host === 'localhost' || host === '127.0.0.1';
  return { ...(isDefault ? {} : { host }), port: Number(port) };
}

function describeReach({ server }: WebhookPlan): string {
  if (server !== null) return `\`serve\` listens on port ${server.port} for it`;
  const example = 'server: { host: 0.0.0.0, port: 8080 }';
  return `\`serve\` listens on 127.0.0.1:${DEFAULT_PORT}: have a proxy at that address forward to it, or let it listen there itself with \`${example}\` and SWITCHBOARD_TOKEN (docs/deploy.md)`;
}

/** Makes the webhook where the connector can. Returns the secrets with the one that the helpdesk chose. */
export async function makeWebhook(
  context: InitContext,
  { connected, plan }: { connected: Connected; plan: WebhookPlan },
): Promise<{ readonly result: WebhookResult; readonly secrets: Variables }> {
  const { definition, name, settings } = connected;
  const { url, secrets } = plan;
  const reach = describeReach(plan);
  const byHand = `src/connectors/${definition.type}/README.md says how it is made`;
  if (!plan.isMade) return { result: { url, reach, state: 'by-hand', detail: byHand }, secrets };
  using deadline = startDeadline({ timeoutMs: TIMEOUT_MS });
  const { signal } = deadline;
  const entry = {
    definitions: context.definitions,
    name,
    type: definition.type,
    settings,
    secrets,
    dir: context.dir,
  };
  const connector = await buildConnector(entry);
  try {
    const made = await raceSignal({ work: Promise.resolve(connector.createWebhook?.({ url, signal })), signal });
    const chosen = made?.secret ?? null;
    return {
      result: { url, reach, state: 'created', detail: '' },
      secrets: chosen === null ? secrets : { ...secrets, [WEBHOOK_SECRET]: chosen },
    };
  } catch (error) {
    const why = deadline.passed() ? 'it did not reply in time.' : explainFailure(error);
    return { result: { url, reach, state: 'failed', detail: `${why} ${byHand}` }, secrets };
  } finally {
    await connector.close?.();
  }
}
