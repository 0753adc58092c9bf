import { InputError } from '../../errors.ts';
import type { StoredWebhook } from '../../store/store.ts';
import type { Intake } from '../intake.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { queueRefreshes, takeSignals } from './take-signals.ts';

export type ReceiveStep = {
  /** Reads a stored webhook: stores its tickets, or queues jobs that read them. Running it again does nothing more. */
  receive(webhookId: number): Promise<void>;
};

export function createReceiveStep(context: PipelineContext, intake: Intake): ReceiveStep {
  const { store, logger } = context;
  const ignore = async (webhook: StoredWebhook, reason: string) => {
    const { id, connector } = webhook;
    logger.warn({ webhookId: id, connector, reason }, 'a webhook was ignored');
    await store.transaction(async (transaction) => {
      await transaction.webhooks.finish(id, { state: 'ignored', reason, externalIds: [] });
      await transaction.history.append([
        {
          ticketId: null,
          event: 'webhook-ignored',
          by: connector,
          actor: { kind: 'connector', id: connector },
          detail: reason,
          facts: { webhookId: id },
        },
      ]);
    });
  };

  return {
    async receive(webhookId) {
      const webhook = await store.webhooks.get(webhookId);
      if (webhook === null || webhook.state !== 'waiting') return;
      const { connector, headers, body } = webhook;
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
        if (!(error instanceof InputError)) throw error;
        await ignore(webhook, error.message);
        return;
      }
      const { jobs, refused } = await takeSignals(context, intake, { configured, signals });
      const [first] = refused;
      if (first !== undefined && jobs.length === 0) {
        await ignore(webhook, first.reason);
        return;
      }
      const externalIds = [...new Set(signals.map(({ externalId }) => externalId))];
      await store.transaction(async (transaction) => {
        await transaction.webhooks.finish(webhookId, { state: 'handled', reason: first?.reason ?? null, externalIds });
        await queueRefreshes(context, transaction, jobs);
      });
    },
  };
}
