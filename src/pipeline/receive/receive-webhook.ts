import { ConflictError, InputError } from '../../errors.ts';
import type { StoredWebhook } from '../../store/store.ts';
import type { Intake } from '../intake.ts';
import type { PipelineContext } from '../pipeline-context.ts';

export type ReceiveStep = {
  /** Reads a stored webhook and stores its tickets. Running it again does nothing more. */
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
      const receiver = context.connectors.get(connector)?.connector.webhook;
      if (receiver === undefined) {
        await ignore(webhook, `no connector "${connector}" that receives webhooks is configured now`);
        return;
      }
      try {
        const tickets = receiver.read({ headers, body });
        for (const { ticket } of tickets) {
          if (ticket !== undefined) await intake({ connector, ticket, actor: { kind: 'connector', id: connector } });
        }
        const externalIds = [...new Set(tickets.map(({ externalId }) => externalId))];
        await store.webhooks.finish(webhookId, { state: 'handled', reason: null, externalIds });
      } catch (error) {
        // The body is what it is, and so is the ticket that has its id: trying again would find the same.
        if (!(error instanceof InputError || error instanceof ConflictError)) throw error;
        await ignore(webhook, error.message);
      }
    },
  };
}
