import { explainFailure } from '../../base/safe-error.ts';
import { InputError } from '../../errors.ts';
import type { RefreshJob } from '../../queue/jobs.ts';
import type { FinishedWebhook, StoredWebhook } from '../../store/store.ts';
import { createGroupCommit, createGroupRead } from '../group-commit.ts';
import type { Intake } from '../intake.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { queueRefreshes, takeSignals } from './take-signals.ts';

/** Webhooks that are read at the same time are finished together: their helpdesks have their replies, so nobody waits. */
const GROUP_WAIT_MS = 5;
const MAX_GROUP = 100;

export type ReceiveStep = {
  /** Reads a stored webhook: stores its tickets, or queues jobs that read them. Running it again does nothing more. */
  receive(webhookId: number): Promise<void>;
};

type Read = { readonly webhook: StoredWebhook; readonly end: FinishedWebhook; readonly jobs: readonly RefreshJob[] };

export function createReceiveStep(context: PipelineContext, intake: Intake): ReceiveStep {
  const { store, logger } = context;
  const find = createGroupRead({
    read: (ids) => store.webhooks.getMany(ids.map(Number)),
    keyOf: ({ id }: StoredWebhook) => String(id),
  });
  const group = createGroupCommit<Read, undefined>({
    commit: (reads) => finishWebhooks(context, reads),
    waitMs: () => GROUP_WAIT_MS,
    maxItems: MAX_GROUP,
  });
  const ignore = (webhook: StoredWebhook, reason: string) => {
    const { id, connector } = webhook;
    logger.warn({ webhookId: id, connector, reason }, 'a webhook was ignored');
    return group.submit({ webhook, end: { id, state: 'ignored', reason, externalIds: [] }, jobs: [] });
  };

  return {
    async receive(webhookId) {
      const webhook = await find(String(webhookId));
      if (webhook === null || webhook.state !== 'waiting') return;
      const { id, connector, headers, body } = webhook;
      const configured = context.connectors.get(connector);
      const receiver = configured?.connector.webhook;
      if (configured === undefined || receiver === undefined) {
        await ignore(webhook, `no connector "${connector}" that receives webhooks is configured now`);
        return;
      }
      let signals: ReturnType<typeof receiver.read>;
      try {
        signals = receiver.read({ headers, body });
      } catch (error) {
        // What is stored stays as it is, so trying again would find the same.
        if (!(error instanceof InputError))
          logger.error({ webhookId, connector, failure: explainFailure(error) }, 'a webhook could not be read');
        await ignore(webhook, error instanceof InputError ? error.message : 'the connector could not read it');
        return;
      }
      const { jobs, refused } = await takeSignals(context, intake, {
        configured,
        signals,
        receivedAt: webhook.receivedAt,
      });
      const [first] = refused;
      if (first !== undefined && jobs.length === 0) {
        await ignore(webhook, first.reason);
        return;
      }
      const externalIds = [...new Set(signals.map(({ externalId }) => externalId))];
      const end = { id, state: 'handled' as const, reason: first?.reason ?? null, externalIds };
      await group.submit({ webhook, end, jobs });
    },
  };
}

async function finishWebhooks(context: PipelineContext, reads: readonly Read[]): Promise<undefined[]> {
  const ignored = reads.filter(({ end }) => end.state === 'ignored');
  await context.store.transaction(async (transaction) => {
    await transaction.webhooks.finishMany(reads.map(({ end }) => end));
    await queueRefreshes(
      context,
      transaction,
      reads.flatMap(({ jobs }) => jobs),
    );
    if (ignored.length === 0) return;
    await transaction.history.append(
      ignored.map(({ webhook: { id, connector }, end }) => ({
        ticketId: null,
        event: 'webhook-ignored',
        by: connector,
        actor: { kind: 'connector', id: connector },
        detail: end.reason ?? '',
        facts: { webhookId: id },
      })),
    );
  });
  return reads.map(() => undefined);
}
