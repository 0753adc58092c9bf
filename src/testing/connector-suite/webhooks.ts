import fc from 'fast-check';
import { expect, type TestContext, test } from 'vitest';
import type { WebhookReceiver } from '../../connectors/connector.ts';
import type { SignedRequest } from '../../connectors/signature.ts';
import { InputError } from '../../errors.ts';
import { having, type OpenDesk, partOf, type TestDesk } from './test-desk.ts';

const at = new Date('2026-11-27T10:00:00Z');
const hour = 3_600_000;
const MAX_KEY_LENGTH = 200;

export function describeWebhooks(open: OpenDesk): void {
  /** A signed webhook about a new ticket. */
  const receive = async (context: TestContext, desk: TestDesk) => {
    const { webhook } = having(context, desk.connector, 'webhook');
    const externalId = await desk.createTicket({ subject: 'Parcel', body: 'Where is my parcel?' });
    const body = partOf(desk, 'webhookBody')(externalId);
    return { webhook, externalId, body, headers: webhook.sign(body, at) };
  };

  test('accepts what is signed with the secret, and reads which ticket it is about', async (context) => {
    await using desk = await open();
    const { webhook, externalId, body, headers } = await receive(context, desk);
    expect(Object.keys(headers)).toEqual(Object.keys(headers).map((header) => header.toLowerCase()));
    expect(webhook.headers).toEqual(webhook.headers.map((header) => header.toLowerCase()));
    expect(webhook.findFault({ headers, body }, at)).toBeNull();
    const signals = webhook.read({ headers: keptHeaders(webhook, headers), body });
    expect(signals.map((found) => found.externalId)).toEqual([externalId]);
    // Without a way to read it, the webhook is all that is known of the ticket.
    if (desk.connector.readTicket === undefined) expect(signals[0]?.ticket?.body).toContain('Where is my parcel?');
  });

  test('refuses another body, and a signature that is missing, empty or changed', async (context) => {
    await using desk = await open();
    const { webhook, body, headers } = await receive(context, desk);
    const fault = (request: SignedRequest) => webhook.findFault(request, at);
    const other = Buffer.from(`${body} `);
    expect(fault({ headers, body: other })).not.toBeNull();
    expect(fault({ headers, body: Buffer.alloc(0) })).not.toBeNull();
    expect(fault({ headers: {}, body })).not.toBeNull();
    const signatures = signatureHeaders(webhook, { body, other });
    expect(signatures).not.toEqual([]);
    for (const header of signatures) {
      const given = headers[header] ?? '';
      expect(fault({ headers: { ...headers, [header]: undefined }, body })).not.toBeNull();
      for (const changed of ['', given.slice(0, -1), `${given}A`, given.replace(/\w(?==*$)/, otherLetter)]) {
        expect(fault({ headers: { ...headers, [header]: changed }, body })).not.toBeNull();
      }
      // What it says may be logged, so it does not help to forge.
      expect(fault({ headers: { ...headers, [header]: 'x' }, body })).not.toContain(given);
    }
  });

  test('refuses a time that is long ago or yet to come, where the time is signed', async (context) => {
    await using desk = await open();
    const { webhook, body, headers } = await receive(context, desk);
    const later = new Date(at.getTime() + hour);
    const [signature] = signatureHeaders(webhook, { body, other: Buffer.from(`${body} `) });
    const signedLater = webhook.sign(body, later);
    if (signature !== undefined && signedLater[signature] === headers[signature]) context.skip('signs no time');
    expect(webhook.findFault({ headers, body }, later)).not.toBeNull();
    expect(webhook.findFault({ headers: signedLater, body }, at)).not.toBeNull();
    const moved = { ...signedLater, [signature ?? '']: headers[signature ?? ''] };
    expect(webhook.findFault({ headers: moved, body }, later)).not.toBeNull();
  });

  test('refuses any other headers and bodies, without throwing', async (context) => {
    await using desk = await open();
    const { webhook, headers } = await receive(context, desk);
    const text = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom(...Object.values(headers)));
    const anyHeaders = fc.dictionary(fc.constantFrom(...webhook.headers, ...Object.keys(headers)), text);
    fc.assert(
      fc.property(anyHeaders, fc.uint8Array(), (given, bytes) => {
        const request = { headers: given, body: Buffer.from(bytes) };
        expect(webhook.findFault(request, at)).not.toBeNull();
        expectBoundedKey(webhook.deduplicationKey(request));
      }),
    );
  });

  test('gives the same webhook the same short key, and another one another', async (context) => {
    await using desk = await open();
    const { webhook, body, headers } = await receive(context, desk);
    const key = webhook.deduplicationKey({ headers, body });
    expectBoundedKey(key);
    expect(webhook.deduplicationKey({ headers: { ...headers, 'x-more': '1' }, body })).toBe(key);
    expect(webhook.deduplicationKey({ headers: keptHeaders(webhook, headers), body })).toBe(key);
    const otherId = await desk.createTicket({ subject: 'Bill', body: 'I was charged twice.' });
    const other = partOf(desk, 'webhookBody')(otherId);
    expect(webhook.deduplicationKey({ headers: webhook.sign(other, at), body: other })).not.toBe(key);
    const long = Object.fromEntries(webhook.headers.map((header) => [header, 'x'.repeat(8_000)]));
    expectBoundedKey(webhook.deduplicationKey({ headers: long, body }));
  });

  test.for([
    ['cut JSON', Buffer.from('{"ticket":')],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ['plain text', Buffer.from('ticket 7 has changed')],
  ] as const)('throws InputError for a signed body of %s', async ([, body], context) => {
    await using desk = await open();
    const { webhook } = having(context, desk.connector, 'webhook');
    expect(() => webhook.read({ headers: keptHeaders(webhook, webhook.sign(body, at)), body })).toThrow(InputError);
  });

  test('finds no ticket in JSON that is no webhook', async (context) => {
    await using desk = await open();
    const { webhook } = having(context, desk.connector, 'webhook');
    const read = (value: string) => {
      const body = Buffer.from(value);
      try {
        return webhook.read({ headers: keptHeaders(webhook, webhook.sign(body, at)), body });
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        return [];
      }
    };
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    for (const value of ['null', '[]', '{}', '7', '"x"', '{"__proto__":{"id":1}}', '{"ticket":null}', deep]) {
      expect(read(value)).toEqual([]);
    }
    fc.assert(
      fc.property(fc.json(), (value) => {
        expect(read(value)).toEqual([]);
      }),
    );
  });
}

const otherLetter = (letter: string) => (letter === 'a' ? 'b' : 'a');

/** The headers that are stored with a webhook: `read` gets no others. */
function keptHeaders(webhook: WebhookReceiver, headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([header]) => webhook.headers.includes(header)));
}

/** The headers that depend on the body. An id of the delivery does not, though it may differ each time. */
function signatureHeaders(webhook: WebhookReceiver, { body, other }: { body: Buffer; other: Buffer }): string[] {
  const [one, same, different] = [webhook.sign(body, at), webhook.sign(body, at), webhook.sign(other, at)];
  return Object.keys(one).filter((header) => one[header] === same[header] && one[header] !== different[header]);
}

function expectBoundedKey(key: string): void {
  expect(key.length).toBeGreaterThan(0);
  expect(key.length).toBeLessThanOrEqual(MAX_KEY_LENGTH);
}
