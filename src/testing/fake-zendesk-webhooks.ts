// Webhooks of the fake of Zendesk (fake-zendesk.ts): subscriptions, events as they are sent, signatures.
import { createHmac, randomUUID } from 'node:crypto';
import type { FakeTicket } from './fake-zendesk-records.ts';
import { inSeconds } from './fake-zendesk-records.ts';
import type { TicketEvent } from './fake-zendesk-tickets.ts';

export type FakeWebhook = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly endpoint: string;
  readonly http_method: string;
  readonly request_format: string;
  readonly subscriptions: readonly string[];
  readonly secret: string;
};

/** One webhook that waits to be sent. Sent again, it has the same invocation id and a new signature. */
export type FakePush = {
  readonly url: string;
  readonly ticketId: number;
  /** For example `zen:event-type:ticket.created`; `conditional_ticket_events` for one of a trigger. */
  readonly type: string;
  readonly invocationId: string;
  readonly body: string;
  /** Headers as Zendesk sends them at its present time. */
  headers(): Record<string, string>;
};

export function createFakeWebhooks(now: () => number) {
  const webhooks: FakeWebhook[] = [];
  let waiting: FakePush[] = [];

  const push = (webhook: FakeWebhook, given: { type: string; ticketId: number; body: unknown }) => {
    const body = JSON.stringify(given.body);
    const invocationId = randomUUID();
    waiting.push({
      url: webhook.endpoint,
      ticketId: given.ticketId,
      type: given.type,
      invocationId,
      body,
      headers() {
        const timestamp = inSeconds(now());
        const signature = createHmac('sha256', webhook.secret).update(`${timestamp}${body}`).digest('base64');
        return {
          'content-type': 'application/json; charset=utf-8',
          'x-zendesk-account-id': '4711',
          'x-zendesk-webhook-id': webhook.id,
          'x-zendesk-webhook-invocation-id': invocationId,
          'x-zendesk-webhook-signature': signature,
          'x-zendesk-webhook-signature-timestamp': timestamp,
        };
      },
    });
  };

  return {
    webhooks,
    add(given: Omit<FakeWebhook, 'id' | 'secret'> & { secret?: string }): FakeWebhook {
      const id = `01${randomUUID().replaceAll('-', '').slice(0, 24).toUpperCase()}`;
      const webhook = { secret: Buffer.from(randomUUID()).toString('base64'), ...given, id };
      webhooks.push(webhook);
      return webhook;
    },
    onEvents(events: readonly TicketEvent[]) {
      for (const webhook of webhooks.filter(({ status }) => status === 'active')) {
        for (const event of events) {
          const type = `zen:event-type:ticket.${event.type}`;
          if (webhook.subscriptions.includes(type)) {
            push(webhook, { type, ticketId: event.ticket.id, body: envelope(type, event, now()) });
          }
        }
        if (webhook.subscriptions.includes('conditional_ticket_events') && events[0] !== undefined) {
          // Placeholders are text.
          const { id } = events[0].ticket;
          push(webhook, { type: 'conditional_ticket_events', ticketId: id, body: { ticket_id: String(id) } });
        }
      }
    },
    /** Returns what waits to be sent, and forgets it: the test decides about order, doubles and losses. */
    take(): FakePush[] {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}

/** Ids are text and words of enumerations in capitals here, other than in the API. */
function envelope(type: string, { ticket, actorId }: TicketEvent, nowMs: number) {
  return {
    type,
    account_id: 4711,
    id: randomUUID(),
    time: new Date(nowMs).toISOString(),
    zendesk_event_version: '2022-11-06',
    subject: `zen:ticket:${ticket.id}`,
    detail: detailOf(ticket, actorId),
    event: { meta: { sequence: { id: randomUUID(), position: 1, total: 1 } } },
  };
}

function detailOf(ticket: FakeTicket, actorId: number) {
  const id = (value: number | null) => (value === null ? null : String(value));
  return {
    actor_id: String(actorId),
    assignee_id: id(ticket.assignee_id),
    brand_id: id(ticket.brand_id),
    created_at: ticket.created_at,
    custom_status: id(ticket.custom_status_id),
    description: ticket.description,
    external_id: null,
    form_id: null,
    group_id: id(ticket.group_id),
    id: String(ticket.id),
    is_public: true,
    organization_id: id(ticket.organization_id),
    priority: ticket.priority?.toUpperCase() ?? null,
    requester_id: String(ticket.requester_id),
    status: ticket.status.toUpperCase(),
    subject: ticket.subject,
    submitter_id: String(ticket.submitter_id),
    tags: ticket.tags,
    type: ticket.type?.toUpperCase() ?? null,
    updated_at: ticket.updated_at,
    via: { channel: ticket.via.channel },
  };
}
