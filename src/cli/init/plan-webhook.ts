import { raceSignal, startDeadline } from '../../base/deadline.ts';
import { explainFailure } from '../../base/safe-error.ts';
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
  readonly secrets: Variables;
  /** Whether the connector can make it. */
  readonly isMade: boolean;
};
export type WebhookResult = {
  readonly url: string;
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
      ? 'Shall it send webhooks as well? Tickets arrive at once then, but it must be able to reach this server'
      : 'Shall it send webhooks? No tickets arrive otherwise',
    initial: !isPolled && asker.canAskAgain,
  });
  if (!wants) return null;
  const base = await asker.text({
    name: 'webhookUrl',
    message: 'Where does it reach this server? For example https://hooks.acme.example',
    findFault: (text) =>
      /^https?:$/.test(URL.parse(text)?.protocol ?? '')
        ? null
        : 'Write an address that begins with https:// or http://.',
  });
  const path = `/webhooks/${name}`;
  const url = base.endsWith(path) ? base : `${base.replace(/\/+$/, '')}${path}`;
  const isMade = connector.createWebhook !== undefined;
  if (secrets[WEBHOOK_SECRET] !== undefined) return { url, secrets, isMade };
  // A helpdesk that chooses the secret itself does so when the webhook is made.
  const secret = isMade ? context.createSecret() : await askWebhookSecret({ context, definition, name });
  return { url, secrets: { ...secrets, [WEBHOOK_SECRET]: secret }, isMade };
}

/** Makes the webhook where the connector can. Returns the secrets with the one that the helpdesk chose. */
export async function makeWebhook(
  context: InitContext,
  { connected, plan }: { connected: Connected; plan: WebhookPlan },
): Promise<{ readonly result: WebhookResult; readonly secrets: Variables }> {
  const { definition, name, settings } = connected;
  const { url, secrets } = plan;
  const byHand = `src/connectors/${definition.type}/README.md says how it is made in ${definition.about.title}`;
  if (!plan.isMade) return { result: { url, state: 'by-hand', detail: byHand }, secrets };
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
      result: { url, state: 'created', detail: '' },
      secrets: chosen === null ? secrets : { ...secrets, [WEBHOOK_SECRET]: chosen },
    };
  } catch (error) {
    const why = deadline.passed() ? 'it did not reply in time.' : explainFailure(error);
    return { result: { url, state: 'failed', detail: `${why} ${byHand}` }, secrets };
  } finally {
    await connector.close?.();
  }
}
