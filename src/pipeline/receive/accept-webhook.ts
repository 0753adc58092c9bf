import { type Saying, say } from '../../base/say.ts';
import { NotFoundError, SignatureError } from '../../errors.ts';
import type { NewWebhook } from '../../store/store.ts';
import { createGroupCommit } from '../group-commit.ts';
import type { Pace } from '../pace.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import type { RefusedCount } from './count-refused.ts';

/** As for tickets (intake.ts): helpdesks wait for the reply. */
const GROUP_WAIT_MS = 2;
const MAX_GROUP = 100;
/** One warning of wrong signatures for each connector in this time. */
const WARN_EVERY_MS = 60_000;
const URGENT = { urgent: true };

export type WebhookRequest = {
  /** Name of the connector. */
  readonly connector: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it arrived. */
  readonly body: Buffer;
};

/**
 * Checks where a webhook is from and stores it as it arrived, with a job that reads it. Resolves once that is committed;
 * with `repeated` when the same webhook is stored already. Throws NotFoundError for a connector that receives none,
 * SignatureError, StoreUnavailableError.
 */
export type AcceptWebhook = (request: WebhookRequest) => Promise<{ readonly status: 'accepted' | 'repeated' }>;

export function createAcceptWebhook(
  context: PipelineContext,
  { stored, refused }: Pick<Pace, 'stored'> & { readonly refused: Pick<RefusedCount, 'add'> },
): AcceptWebhook {
  const group = createGroupCommit<NewWebhook, { status: 'accepted' | 'repeated' }>({
    commit: (webhooks) => storeWebhooks(context, webhooks),
    waitMs: () => GROUP_WAIT_MS,
    maxItems: MAX_GROUP,
  });
  const warnedAt = new Map<string, number>();
  /** The helpdesk may show nobody what it was told. Whoever forges webhooks must not fill the log. */
  const warnOfFault = (connector: string, fault: string) => {
    const now = context.now().getTime();
    if (now - (warnedAt.get(connector) ?? Number.NEGATIVE_INFINITY) < WARN_EVERY_MS) return;
    warnedAt.set(connector, now);
    context.logger.warn({ connector, fault }, 'a webhook was not accepted; check the secret on both sides');
  };
  return async ({ connector, headers, body }) => {
    const webhook = context.connectors.get(connector)?.connector.webhook;
    if (webhook === undefined) {
      refused.add({ connector: null, why: noConnector(connector) });
      throw new NotFoundError(
        `No connector "${connector}" receives webhooks here. Check the name in the address, and \`connectors\` in the configuration.`,
      );
    }
    const fault = webhook.findFault({ headers, body }, context.now());
    if (fault !== null) {
      refused.add({ connector, why: fault });
      warnOfFault(connector, fault.text);
      throw new SignatureError(
        `The webhook was not accepted: ${fault.text}. Check that the helpdesk signs with the secret of the connector "${connector}", and the clocks of both machines.`,
      );
    }
    const kept = webhook.headers.flatMap((name): [string, string][] => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    });
    const from = performance.now();
    const result = await group.submit({
      connector,
      deduplicationKey: webhook.deduplicationKey({ headers, body }),
      headers: Object.fromEntries(kept),
      body,
    });
    stored(performance.now() - from);
    return result;
  };
}

/** Whoever sends a webhook chooses the name in its address: what no connector can be called is not repeated. */
function noConnector(connector: string): Saying {
  if (!/^[a-z0-9-]+$/.test(connector)) {
    return say('webhook.unknown-name', 'no connector of this name receives webhooks here');
  }
  return say('webhook.no-connector', `no connector "${connector}" receives webhooks here`, { connector });
}

async function storeWebhooks({ store, queue }: PipelineContext, webhooks: readonly NewWebhook[]) {
  return store.transaction(async (transaction) => {
    const ids = await transaction.webhooks.insertMany(webhooks);
    const jobs = ids.flatMap((id) => (id === null ? [] : [{ webhookId: id }]));
    if (jobs.length > 0) await transaction.finish(() => queue.enqueue('receive', jobs, transaction.executor));
    return ids.map((id) => ({ status: id === null ? ('repeated' as const) : ('accepted' as const) }));
  }, URGENT);
}
