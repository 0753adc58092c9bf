// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectorsSchema, sharedFieldsSchema } from '../../connectors/connector-settings.ts';
import { createConnectors } from '../../connectors/create-connectors.ts';
import { NotFoundError, SignatureError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import { createPipelineFixture } from '../../testing/pipeline-fixture.ts';
import { sampleTicket } from '../../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../../testing/test-stores.ts';
import { eraseTickets } from '../erase.ts';
import { keepRetention } from '../keep-retention.ts';
import { createPipeline } from '../pipeline.ts';

const actor = { kind: 'user', id: 'ana' } as const;
const settings = {
  type: 'webhook',
  receive: {
    id: 'id',
    body: 'text',
    requester: { email: 'from' },
    deliveryId: 'X-Delivery',
    signature: { header: 'X-Signature' },
  },
};

describe.each(storeKinds)('webhooks on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    let fixture: ReturnType<typeof createPipelineFixture>;
    let pipeline: ReturnType<typeof createPipeline>;
    let counter = 0;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
      fixture = createPipelineFixture({ store });
      const built = await createConnectors({
        settings: connectorsSchema.parse({ hook: settings }),
        secrets: { hook: { WEBHOOK_SECRET: 'secret' } },
        dataDir: '/nowhere',
        file: 'switchboard.yaml',
      });
      const connector = built.get('hook');
      if (connector === undefined) throw new TypeError('no connector was built');
      const connectors = new Map([
        ...fixture.context.connectors,
        ['hook', { ...sharedFieldsSchema.parse({ mode: 'auto' }), connector }] as const,
      ]);
      fixture = { ...fixture, context: { ...fixture.context, connectors } };
      pipeline = createPipeline(fixture.context);
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    const webhookOf = async (id: number) => (await store.webhooks.getMany([id]))[0] ?? null;
    const sign = (body: Buffer, delivery: string) => {
      const webhook = fixture.context.connectors.get('hook')?.connector.webhook;
      return { ...webhook?.sign(body, fixture.context.now()), 'x-delivery': delivery };
    };
    const send = (value: unknown, delivery = `d-${++counter}`) => {
      const body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
      return pipeline.acceptWebhook({ connector: 'hook', headers: sign(body, delivery), body });
    };
    /** Ids of the webhooks whose jobs were queued since the last call. */
    const queued = () =>
      fixture.jobs
        .splice(0)
        .flatMap(({ name, payload }) => (name === 'receive' ? [(payload as { webhookId: number }).webhookId] : []));

    test('a webhook is stored as it arrived, and its job stores the ticket', async () => {
      const text = '{ "id": 7,\n  "text": "Wo ist mein Paket? ü", "from": "ana@acme.example" }';
      expect(await send(text, 'first')).toEqual({ status: 'accepted' });
      const [id = 0] = queued();
      const stored = await webhookOf(id);
      expect(stored).toMatchObject({ connector: 'hook', state: 'waiting', headers: { 'x-delivery': 'first' } });
      expect(stored?.body.toString()).toBe(text);
      await pipeline.receive.receive(id);
      expect(await store.tickets.get('hook:7')).toMatchObject({
        connector: 'hook',
        externalId: '7',
        revision: 1,
        ticket: { body: 'Wo ist mein Paket? ü', requester: { email: 'ana@acme.example' } },
      });
      expect(fixture.jobs.splice(0)).toEqual([
        { name: 'decide', payload: { ticketId: 'hook:7', revision: 1, lane: 'live' } },
      ]);
      expect(await webhookOf(id)).toMatchObject({ state: 'handled' });
      await pipeline.receive.receive(id);
      expect(fixture.jobs).toEqual([]);
    });

    test('the same webhook is stored once, however often and at the same time it arrives', async () => {
      const same = { id: 8, text: 'Hello' };
      const results = await Promise.all(Array.from({ length: 5 }, () => send(same, 'twice')));
      expect(results.map(({ status }) => status).sort()).toEqual([
        'accepted',
        ...Array.from({ length: 4 }, () => 'repeated'),
      ]);
      expect(await send(same, 'twice')).toEqual({ status: 'repeated' });
      expect(queued()).toHaveLength(1);
    });

    test('two webhooks about the same words give one revision, other words a second', async () => {
      await Promise.all([send({ id: 9, text: 'One' }), send({ id: 9, text: 'One' })]);
      for (const id of queued()) await pipeline.receive.receive(id);
      await send({ id: 9, text: 'Two' });
      for (const id of queued()) await pipeline.receive.receive(id);
      expect(await fixture.eventsOf('hook:9')).toEqual(['accepted', 'revised']);
    });

    test('what is not signed, or is for nobody, is not stored', async () => {
      const body = Buffer.from('{"id":10,"text":"x"}');
      const forged = { ...sign(body, 'forged'), 'x-signature': '0'.repeat(64) };
      const sending = pipeline.acceptWebhook({ connector: 'hook', headers: forged, body });
      await expect(sending).rejects.toBeInstanceOf(SignatureError);
      for (const connector of ['api', 'nobody']) {
        await expect(pipeline.acceptWebhook({ connector, headers: {}, body })).rejects.toBeInstanceOf(NotFoundError);
      }
      await expect(pipeline.acceptWebhook({ connector: 'a\nb', headers: {}, body })).rejects.toThrow();
      expect(queued()).toEqual([]);
      expect(pipeline.refused.all()).toMatchObject([
        { connector: 'hook', today: 1, lastWhy: 'the signature does not fit the body and the secret' },
        { connector: null, today: 3, lastWhy: 'no connector of this name receives webhooks here' },
      ]);
    });

    test('a body that is no ticket is kept with the reason, and the history says so', async () => {
      await send({ id: 11 });
      const [id = 0] = queued();
      await pipeline.receive.receive(id);
      expect(await webhookOf(id)).toMatchObject({
        state: 'ignored',
        reason: expect.stringMatching(/needs a subject or a body/),
      });
      const [entry] = await store.history.after((await store.history.lastSeq()) - 1, 1);
      expect(entry).toMatchObject({ ticketId: null, event: 'webhook-ignored', by: 'hook', facts: { webhookId: id } });
    });

    test('a webhook whose id belongs to a ticket of another connector is kept with the reason', async () => {
      await store.tickets.insertMany([sampleTicket({ id: 'hook:77', connector: 'api', externalId: 'hook:77' })]);
      await send({ id: 77, text: 'Hello' });
      const [id = 0] = queued();
      await pipeline.receive.receive(id);
      expect(await webhookOf(id)).toMatchObject({
        state: 'ignored',
        reason: expect.stringContaining('belongs to a ticket of another connector'),
      });
    });

    test('erasing a ticket or a customer erases the webhooks as well', async () => {
      await send({ id: 12, text: 'Hi', from: 'lea@acme.example' });
      await send({ id: 13, text: 'Hi', from: 'bob@acme.example' });
      const ids = queued();
      for (const id of ids) await pipeline.receive.receive(id);
      await send({ id: 14, from: 'bob@acme.example' });
      const [unread = 0] = queued();
      await pipeline.receive.receive(unread);
      await eraseTickets(fixture.context, { what: { ticketId: 'hook:12' }, actor });
      expect(await Promise.all(ids.map((id) => webhookOf(id)))).toEqual([null, expect.anything()]);
      await eraseTickets(fixture.context, { what: { requester: 'bob@acme.example' }, actor });
      expect(await Promise.all([...ids, unread].map((id) => webhookOf(id)))).toEqual([null, null, null]);
    });

    test('an id with characters that no database stores is stored without them', async () => {
      await send({ id: '1\u00007', text: 'Hi' });
      for (const id of queued()) await pipeline.receive.receive(id);
      expect(await store.tickets.get('hook:17')).not.toBeNull();
    });

    test('a webhook that waits does not bring back a ticket that was erased after it arrived', async () => {
      await send({ id: 18, text: 'Hi' });
      for (const id of queued()) await pipeline.receive.receive(id);
      await send({ id: 18, text: 'Again' });
      const [waiting = 0] = queued();
      await eraseTickets(fixture.context, { what: { ticketId: 'hook:18' }, actor });
      await pipeline.receive.receive(waiting);
      expect(await store.tickets.get('hook:18')).toBeNull();
      expect(await webhookOf(waiting)).toMatchObject({
        state: 'ignored',
        reason: expect.stringContaining('erased'),
      });
      await send({ id: 18, text: 'A new question' });
      for (const id of queued()) await pipeline.receive.receive(id);
      expect(await store.tickets.get('hook:18')).not.toBeNull();
    });

    test('a webhook at which the connector fails is kept with that reason, and not read for ever', async () => {
      const configured = fixture.context.connectors.get('hook');
      if (configured?.connector.webhook === undefined) throw new TypeError('no receiver');
      const broken = {
        ...configured.connector.webhook,
        read: () => {
          throw new TypeError('a secret text');
        },
      };
      await send({ id: 19, text: 'Hi' });
      const [id = 0] = queued();
      const connectors = new Map([
        ['hook', { ...configured, connector: { ...configured.connector, webhook: broken } }],
      ]);
      await createPipeline({ ...fixture.context, connectors }).receive.receive(id);
      expect(await webhookOf(id)).toMatchObject({
        state: 'ignored',
        reason: 'the connector could not read it',
      });
    });

    test('erasing a customer erases unread webhooks that write the address in capitals', async () => {
      await send({ id: 20, from: 'Zoe@Acme.example' });
      const [id = 0] = queued();
      await eraseTickets(fixture.context, { what: { requester: 'zoe@acme.EXAMPLE' }, actor });
      expect(await webhookOf(id)).toBeNull();
    });

    test('webhooks are kept for a week, and those that wait for longer', async () => {
      await send({ id: 15, text: 'Hi' });
      await send({ id: 16, text: 'Hi' });
      const [read = 0, waiting = 0] = queued();
      await pipeline.receive.receive(read);
      const keep = (days: number) => {
        const now = () => new Date(Date.now() + days * 24 * 3_600_000);
        const { signal } = new AbortController();
        return keepRetention({ ...fixture.context, now }, { retentionMs: null, signal });
      };
      await keep(6.9);
      expect(await webhookOf(read)).not.toBeNull();
      await keep(7.1);
      expect(await webhookOf(read)).toBeNull();
      expect(await webhookOf(waiting)).not.toBeNull();
    });
  });
});
