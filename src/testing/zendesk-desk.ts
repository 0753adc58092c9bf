import { sharedFieldsSchema } from '../connectors/connector-settings.ts';
import { createZendeskConnector } from '../connectors/zendesk/create-zendesk-connector.ts';
import { type ZendeskSettings, zendeskConnector } from '../connectors/zendesk/definition.ts';
import { type FakeZendeskOptions, fakeZendeskEmail, fakeZendeskToken, startFakeZendesk } from './fake-zendesk.ts';

export const zendeskSecret = 'webhook-secret-1';

/** A clock that waiting moves on. */
export function createTestClock(start = Date.parse('2026-11-27T10:00:00Z')) {
  let ms = start;
  return {
    now: () => ms,
    advance(by: number) {
      ms += by;
    },
    sleep: async ({ ms: by }: { ms: number; signal: AbortSignal }) => {
      ms += by;
    },
  };
}

/** The fake of Zendesk with a small account, and ways to connect to it. */
export async function openZendeskDesk(options: Omit<FakeZendeskOptions, 'now'> & { startAt?: number } = {}) {
  const clock = createTestClock(options.startAt);
  const zendesk = await startFakeZendesk({ ...options, now: clock.now });
  const triage = zendesk.addGroup('Triage');
  const billing = zendesk.addGroup('Billing');
  const hidden = zendesk.addGroup('Archive', { assignable: false });
  const acme = zendesk.addOrganization({ name: 'Acme', organization_fields: { plan: 'gold' }, tags: ['partner'] });
  const lea = zendesk.addUser({
    name: 'Lea Customer',
    email: 'lea@customer.example',
    role: 'end-user',
    locale: 'de',
    organization_id: acme.id,
    tags: ['vip'],
    user_fields: { region: 'emea', level: null },
  });
  const ana = zendesk.addUser({
    name: 'Ana',
    email: 'ana@acme.example',
    role: 'agent',
    groups: [triage.id, billing.id],
  });
  const intent = zendesk.addField({
    type: 'tagger',
    title: 'Intent',
    options: [
      ['Billing::Double charge', 'billing_double_charge'],
      ['Orders::Status', 'orders_status'],
    ],
  });
  const confidence = zendesk.addField({ type: 'decimal', title: 'Confidence' });

  const connect = (
    given: {
      settings?: Partial<Record<keyof ZendeskSettings, unknown>>;
      shared?: object;
      name?: string;
      webhookSecret?: string | null;
      email?: string;
      token?: string;
    } = {},
  ) => {
    const settings = { url: zendesk.url, email: given.email ?? fakeZendeskEmail, ...given.settings };
    return createZendeskConnector(
      {
        name: given.name ?? 'desk',
        // The cast: the definition says that its settings are an object of any kind.
        settings: zendeskConnector.settings.parse(settings) as ZendeskSettings,
        shared: sharedFieldsSchema.parse({
          mode: 'auto',
          customFields: { intent: 'Intent', confidence: confidence.id },
          ...given.shared,
        }),
        secrets: {
          TOKEN: given.token ?? fakeZendeskToken,
          WEBHOOK_SECRET: given.webhookSecret === undefined ? zendeskSecret : given.webhookSecret,
        },
        dataDir: '/nowhere',
      },
      { now: clock.now, sleep: clock.sleep, random: () => 0 },
    );
  };
  /** A ticket of Lea's, half an hour old. */
  const ask = (body = 'I was charged twice', more: object = {}) => {
    const ticket = zendesk.tickets.create({
      requester_id: lea.id,
      subject: 'Charge',
      body,
      group_id: triage.id,
      ...more,
    });
    clock.advance(30 * 60_000);
    return ticket;
  };
  return {
    zendesk,
    clock,
    connect,
    ask,
    ...{ triage, billing, hidden, acme, lea, ana, intent, confidence },
    [Symbol.asyncDispose]: zendesk.close,
  };
}
export type ZendeskDesk = Awaited<ReturnType<typeof openZendeskDesk>>;
