import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError, InputError } from '../../errors.ts';
import { describeConnector } from '../../testing/connector-suite.ts';
import { sampleClassification, sampleDecision } from '../../testing/sample-values.ts';
import type { Connector } from '../connector.ts';
import { connectorsSchema } from '../connector-settings.ts';
import { createConnectors } from '../create-connectors.ts';

const receive = {
  id: 'ticket.id',
  subject: 'ticket.title',
  body: 'ticket.comments[0].text',
  tags: 'ticket.labels',
  group: 'ticket.queue.name',
  url: 'ticket.link',
  createdAt: 'ticket.created',
  requester: {
    email: 'ticket.from.mail',
    organisation: 'ticket.from.company',
    attributes: { plan: 'ticket.from.plan' },
  },
  signature: { header: 'X-Signature', prefix: 'sha256=' },
};
const pushed = {
  ticket: {
    id: 4711,
    title: 'Parcel',
    comments: [{ text: 'Where is my parcel?' }, { text: 'Hello?' }],
    labels: ['vip', 7],
    queue: { name: 'Incoming' },
    link: 'https://desk.example/4711',
    created: '2026-11-27T10:00:00+01:00',
    from: { mail: 'ana@acme.example', company: 'Acme', plan: 'gold' },
  },
};
const bodyOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const at = new Date('2026-11-27T10:00:00Z');

async function connect(settings: object, secrets: Record<string, string> = {}): Promise<Connector> {
  const connectors = await createConnectors({
    settings: connectorsSchema.parse({ other: { type: 'webhook', mode: 'auto', ...settings } }),
    secrets: { other: secrets },
    dataDir: '/nowhere',
    file: 'switchboard.yaml',
  });
  const connector = connectors.get('other');
  if (connector === undefined) throw new TypeError('the connector was not built');
  return connector;
}
const receiver = async (settings: object = receive, secrets: Record<string, string> = { WEBHOOK_SECRET: 's-1' }) => {
  const { webhook } = await connect({ receive: settings }, secrets);
  if (webhook === undefined) throw new TypeError('the connector receives nothing');
  return webhook;
};

describe('receiving', () => {
  test('a signed webhook is accepted, and its ticket is read by the paths', async () => {
    const webhook = await receiver();
    const body = bodyOf(pushed);
    const headers = webhook.sign(body, at);
    expect(headers).toEqual({ 'x-signature': expect.stringMatching(/^sha256=[0-9a-f]{64}$/) });
    expect(webhook.findFault({ headers, body }, at)).toBeNull();
    expect(webhook.findFault({ headers, body: bodyOf({}) }, at)?.text).toMatch(/does not fit/);
    expect(webhook.read({ headers, body })).toEqual([
      {
        externalId: '4711',
        ticket: {
          subject: 'Parcel',
          body: 'Where is my parcel?',
          createdAt: '2026-11-27T09:00:00.000Z',
          tags: ['vip', '7'],
          requester: { email: 'ana@acme.example', organisation: 'Acme', attributes: { plan: 'gold' } },
          source: { connector: 'webhook', externalId: '4711', url: 'https://desk.example/4711', group: 'Incoming' },
        },
      },
    ]);
  });

  test.each([
    ['no JSON', Buffer.from('{"ticket":'), /not JSON in UTF-8/],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), /not JSON in UTF-8/],
    [
      'an id that would change the address to write to',
      bodyOf({ ticket: { id: '..', title: 'x' } }),
      /cannot be part of/,
    ],
    ['no id', bodyOf({ ticket: { title: 'x' } }), /no id of a ticket at ticket\.id/],
    ['no text', bodyOf({ ticket: { id: 1 } }), /needs a subject or a body/],
    ['inherited names', bodyOf({ ticket: { __proto__: null, id: { toString: 1 } } }), /no id of a ticket/],
  ])('a body with %s is no ticket', async (_, body, message) => {
    const webhook = await receiver();
    expect(() => webhook.read({ headers: {}, body })).toThrow(InputError);
    expect(() => webhook.read({ headers: {}, body })).toThrow(message);
  });

  test('the same webhook has the same key: by its delivery id where there is one, else by its content', async () => {
    const byContent = await receiver();
    const key = (body: Buffer, headers = {}) => byContent.deduplicationKey({ headers, body });
    expect(key(bodyOf(pushed))).toBe(key(bodyOf(pushed)));
    expect(key(bodyOf(pushed))).not.toBe(key(bodyOf({ ...pushed, more: 1 })));
    const byId = await receiver({ ...receive, deliveryId: 'X-Delivery' });
    const keyOf = (id: string, body: unknown) =>
      byId.deduplicationKey({ headers: { 'x-delivery': id }, body: bodyOf(body) });
    expect(keyOf('a', pushed)).toBe(keyOf('a', pushed));
    expect(keyOf('a', pushed)).not.toBe(keyOf('b', pushed));
    // The id is not signed: a recorded webhook must not take the place of one that is still to come.
    expect(keyOf('a', pushed)).not.toBe(keyOf('a', {}));
    expect(byId.headers).toEqual(['x-delivery', 'x-signature']);
  });

  test('a signed time is checked, and the same content at another time is another webhook', async () => {
    const timestamp = { header: 'X-Time', format: 'seconds', separator: '.', tolerance: '5m' };
    const webhook = await receiver({ ...receive, signature: { ...receive.signature, timestamp } });
    const body = bodyOf(pushed);
    const headers = webhook.sign(body, at);
    expect(webhook.findFault({ headers, body }, new Date(at.getTime() + 301_000))?.text).toMatch(/more than 5 minutes/);
    const later = webhook.sign(body, new Date(at.getTime() + 60_000));
    const keyOf = (given: Readonly<Record<string, string>>) => webhook.deduplicationKey({ headers: given, body });
    expect(keyOf(headers)).not.toBe(keyOf(later));
  });

  test('unsigned webhooks are accepted only where the configuration says so', async () => {
    const webhook = await receiver({ ...receive, signature: 'unsigned' }, {});
    expect(webhook.findFault({ headers: {}, body: bodyOf(pushed) }, at)).toBeNull();
    await expect(receiver(receive, {})).rejects.toBeInstanceOf(ConfigurationError);
    const { signature: _, ...silent } = receive;
    expect(connectorsSchema.safeParse({ other: { type: 'webhook', receive: silent } }).success).toBe(false);
  });
});

describe('delivering', () => {
  let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: unknown }[];
  let answer: (request: IncomingMessage) => { status: number; body?: unknown };
  let url: string;
  let close: () => Promise<void>;

  beforeEach(async () => {
    seen = [];
    answer = () => ({ status: 200 });
    const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { method = '', url: path = '', headers } = request;
      seen.push({ method, url: path, headers, body: body === '' ? null : JSON.parse(body) });
      const { status, body: reply } = answer(request);
      response.writeHead(status).end(reply === undefined ? '' : JSON.stringify(reply));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('a port expected');
    url = `http://127.0.0.1:${address.port}`;
    close = () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
  });
  afterEach(() => close());

  const request = {
    ticket: { id: 'other:47/11', body: 'x', source: { connector: 'other', externalId: '47/11' } },
    classification: sampleClassification({ confidence: 0.91 }),
    decision: sampleDecision({ id: 'd-1', team: 'billing', tags: ['vip'], assignee: null, mode: 'auto' }),
    owner: '36001',
    based: null,
    note: '',
  };
  const deliver = () => ({
    method: 'PUT',
    url: `${url}/tickets/{externalId}`,
    headers: { 'X-Key': 'key {TOKEN}' },
    body: {
      group: '{owner}',
      tags: '{tags}',
      sure: '{confidence}',
      who: '{assignee}',
      note: 'To {team}: {unknown text}',
    },
  });

  test('the filled template is sent once with the key and the id of the decision', async () => {
    const connector = await connect({ deliver: deliver() }, { TOKEN: 't-1' });
    expect(await connector.deliver(request)).toEqual({ state: 'delivered' });
    expect(seen).toMatchObject([
      {
        method: 'PUT',
        url: '/tickets/47%2F11',
        headers: { 'x-key': 'key t-1', 'idempotency-key': 'd-1' },
        body: { group: '36001', tags: ['vip'], sure: 0.91, who: null, note: 'To billing: {unknown text}' },
      },
    ]);
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  test('what was written is read back, because a 200 may mean nothing', async () => {
    const readBack = { url: `${url}/tickets/{externalId}`, path: 'ticket.group' };
    const connector = await connect({ deliver: { ...deliver(), readBack } }, { TOKEN: 't-1' });
    answer = ({ method }) => ({ status: 200, ...(method === 'GET' && { body: { ticket: { group: 36001 } } }) });
    expect(await connector.deliver(request)).toMatchObject({ state: 'delivered' });
    answer = ({ method }) => ({ status: 200, ...(method === 'GET' && { body: { ticket: { group: 'old' } } }) });
    expect(await connector.deliver(request)).toEqual({
      state: 'refused',
      detail: 'the system took the decision, but ticket.group is "old" and not 36001',
    });
  });

  test('in the mode assist only what is configured for it is sent', async () => {
    const assist = { ...request, decision: { ...request.decision, mode: 'assist' as const } };
    const silent = await connect({ deliver: deliver() }, { TOKEN: 't-1' });
    expect(await silent.deliver(assist)).toMatchObject({
      state: 'refused',
      detail: expect.stringContaining('`assist`'),
    });
    const helping = await connect(
      { deliver: deliver(), assist: { url: `${url}/notes`, body: '{because}' } },
      { TOKEN: 't-1' },
    );
    expect(await helping.deliver(assist)).toEqual({ state: 'delivered' });
    expect(seen.map(({ method, url: path }) => [method, path])).toEqual([['POST', '/notes']]);
  });

  test('a system that is away is no fault of the ticket', async () => {
    const connector = await connect({ deliver: deliver() }, { TOKEN: 't-1' });
    answer = () => ({ status: 503 });
    await expect(connector.deliver(request)).rejects.toMatchObject({ unavailable: true, retryable: true });
    answer = () => ({ status: 422 });
    await expect(connector.deliver(request)).rejects.toMatchObject({ unavailable: false, retryable: false });
  });

  test('a host that depends on the ticket is refused', () => {
    const url = 'https://{team}.desk.example/tickets/{externalId}';
    const parsed = connectorsSchema.safeParse({ other: { type: 'webhook', deliver: { ...deliver(), url } } });
    expect(JSON.stringify(parsed.error?.issues)).toContain('whose host has no field');
  });

  test('a header with the key is refused without the key, because an empty one would be sent', async () => {
    await expect(connect({ deliver: deliver() })).rejects.toMatchObject({
      problems: [
        {
          message:
            'connectors.other.deliver.headers.X-Key: it has {TOKEN}, and SWITCHBOARD_CONNECTORS__OTHER__TOKEN is not set',
        },
      ],
    });
  });

  test('a field that does not exist is refused when the program starts', async () => {
    const wrong = { ...deliver(), url: `${url}/{ticket}`, body: { group: ['{owener}'] } };
    await expect(connect({ deliver: wrong }, { TOKEN: 't-1' })).rejects.toMatchObject({
      problems: [
        { message: 'connectors.other.deliver.url: there is no field {ticket}' },
        { message: 'connectors.other.deliver.body: there is no field {owener}' },
      ],
    });
  });
});

describe.each([
  ['with a signed time', { timestamp: { header: 'X-Time', format: 'seconds', separator: '.' } }],
  ['without a signed time', {}],
])('%s', (_, signed) => {
  describeConnector('the webhook connector', async () => {
    /** A system that does not write twice what has the same idempotency key. */
    const written = new Map<string, { url: string; body: string }>();
    let broken: { status: number; text: string } | null = null;
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      if (broken === null) written.set(String(request.headers['idempotency-key']), { url: request.url ?? '', body });
      response.writeHead(broken?.status ?? 200).end(broken?.text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('a port expected');
    const url = `http://127.0.0.1:${address.port}`;
    const open = () =>
      connect(
        {
          receive: { ...receive, signature: { ...receive.signature, ...signed } },
          deliver: { url: `${url}/tickets/{externalId}`, body: { group: '{owner}', note: '{note}' } },
          assist: { url: `${url}/tickets/{externalId}`, body: { note: '{note}' } },
        },
        { WEBHOOK_SECRET: 's-1', TOKEN: 't-1' },
      );
    const tickets = new Map<string, object>();
    return {
      connector: await open(),
      connect: open,
      unknownId: 'none',
      async createTicket({ subject, body }) {
        const id = `T-${tickets.size + 1}`;
        tickets.set(id, { ticket: { id, title: subject, comments: [{ text: body }] } });
        return id;
      },
      webhookBody: (id) => bodyOf(tickets.get(id)),
      writesOf: async (id) =>
        [...written.values()].filter((write) => write.url.endsWith(`/${id}`)).map((write) => write.body),
      breakDown: async (reply) => {
        broken = reply;
      },
      [Symbol.asyncDispose]: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  });
});
