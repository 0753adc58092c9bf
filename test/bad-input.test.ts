// Input that is no valid ticket gets a clear answer, and the service continues to work.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createApp } from '../src/app.ts';
import { silentLogger } from '../src/base/logger.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { StoreLockedError } from '../src/errors.ts';
import { problemSchema, ticketRecordSchema } from '../src/http/contract.ts';
import { MAX_BODY_LENGTH } from '../src/ticket/ticket.ts';
import { postJson, startService, type TestService } from './http-harness.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
});

afterEach(async () => {
  // After every test, the next ticket is still decided.
  const response = await postJson(`${service.url}/v1/tickets?wait=20s`, { body: 'How do I reset my password?' });
  expect(response.status).toBe(200);
  expect(service.logged).toEqual([]);
});

const ticketsUrl = () => `${service.url}/v1/tickets`;

async function expectRefusal(body: unknown, expected: { status: number; detail: RegExp }): Promise<void> {
  for (const path of ['/v1/tickets', '/v1/route']) {
    const response = await postJson(`${service.url}${path}`, body);
    expect([path, response.status]).toEqual([path, expected.status]);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(problemSchema.parse(await response.json()).detail).toMatch(expected.detail);
  }
}

async function decide(ticket: object) {
  const response = await postJson(`${ticketsUrl()}?wait=20s`, ticket);
  expect(response.status).toBe(200);
  return ticketRecordSchema.parse(await response.json());
}

test.each([
  ['malformed JSON', '{"body": "x"', /not valid JSON/],
  ['half a string', '"', /not valid JSON/],
  ['no body at all', '', /empty/],
  ['a list', '[{"body":"x"}]', /not a ticket/],
  ['a number as body', '{"body": 12}', /body: .*expected string/],
  ['a text as tags', '{"body":"x","tags":"urgent"}', /tags: .*expected array/],
  ['a date in words', '{"body":"x","createdAt":"yesterday"}', /createdAt/],
  ['a requester that is a list', '{"body":"x","requester":["a"]}', /requester/],
  ['an empty object', '{}', /needs a subject or a body/],
  ['blanks only', '{"subject":" ","body":"\\n\\t "}', /needs a subject or a body/],
  ['NUL characters only', '{"body":"\\u0000\\u0000"}', /needs a subject or a body/],
  ['an id that is too long', JSON.stringify({ id: 'x'.repeat(201), body: 'x' }), /id: /],
])('%s is refused with 400 and a reason', async (_name, body, detail) => {
  await expectRefusal(body, { status: 400, detail });
});

test('a body of 2 MB is refused with 413', async () => {
  await expectRefusal({ body: 'x'.repeat(2_000_000) }, { status: 413, detail: /larger than/ });
});

test('NUL characters and lone surrogates are repaired, and the ticket is decided', async () => {
  const body = 'My hub\\u0000 shows a red light \\ud83d since\\u0000 noon \\udc00 and nothing works';
  const response = await postJson(`${ticketsUrl()}?wait=20s`, `{"subject":"a\\u0000b \\ud800","body":"${body}"}`);
  const record = ticketRecordSchema.parse(await response.json());
  expect(record.history[0]?.detail).toContain('2 NUL characters were dropped from the body');
  expect(record.ticket.subject).toBe('ab \ufffd');
  expect(record.ticket.body).toBe('My hub shows a red light \ufffd since noon \ufffd and nothing works');
  expect(record.decision?.team).toBeTruthy();
});

test('a body of 100,000 characters is kept whole and decided', async () => {
  const body = 'My thermostat does not heat the room. '.repeat(3_000).slice(0, 100_000);
  const record = await decide({ body });
  expect(record.ticket.body).toHaveLength(100_000);
  expect(record.decision?.team).toBeTruthy();
});

test('a body that is too long is cut, not refused', async () => {
  const record = await decide({ body: 'slow app '.repeat(MAX_BODY_LENGTH / 8) });
  expect(record.ticket.body?.length).toBeLessThanOrEqual(MAX_BODY_LENGTH);
  expect(record.history[0]?.detail).toContain('The body was cut from');
});

test.each([
  ['only emoji', '😡😡😡🔥👎'],
  ['only an image link', 'https://example.com/IMG_2041.png'],
  ['only an image in HTML', '<p><img src="cid:image001.png"></p>'],
  ['one character', '?'],
  ['a script that no engine can read', 'ᚠᛇᚻ᛫ᛒᛦᚦ᛫ᚠᚱᚩᚠᚢᚱ'],
])('%s is decided without an error', async (_name, body) => {
  const record = await decide({ body });
  expect(record.decision?.team).toBeTruthy();
  expect(record.classification?.confidence).toBeLessThanOrEqual(1);
  expect(record.history.map(({ event }) => event)).toContain('decided');
});

test('a text without meaning goes to the triage team', async () => {
  const record = await decide({ body: '😡😡😡🔥👎' });
  expect(record.classification?.abstained).toBe(true);
  expect(record.decision?.team).toBe('triage');
});

test('the same id with the same content returns the first result, and with other content 409', async () => {
  const first = await decide({ id: 'same-key', body: 'Where is my parcel?' });
  const again = await postJson(ticketsUrl(), { id: 'same-key', body: 'Where is my parcel?' });
  expect(again.status).toBe(200);
  expect(ticketRecordSchema.parse(await again.json()).decision?.id).toBe(first.decision?.id);
  const other = await postJson(ticketsUrl(), { id: 'same-key', body: 'I want my money back.' });
  expect(other.status).toBe(409);
  expect(problemSchema.parse(await other.json()).detail).toContain('same-key');
  const kept = ticketRecordSchema.parse(await (await fetch(`${ticketsUrl()}/same-key`)).json());
  expect(kept.ticket.body).toBe('Where is my parcel?');
  expect(kept.history.filter(({ event }) => event === 'decided')).toHaveLength(1);
});

test('tickets are found by ids with slashes, blanks, quotes and letters of any script', async () => {
  for (const id of ['a/b', 'a b?c#d', "o'hara; drop table", '../../etc', 'ключ-配送', '%2F', 'a%zz']) {
    const record = await decide({ id, body: 'Where is my parcel?' });
    const found = await fetch(`${ticketsUrl()}/${encodeURIComponent(record.ticketId)}`);
    expect([id, found.status]).toEqual([id, 200]);
    expect(ticketRecordSchema.parse(await found.json()).ticket.id).toBe(id);
  }
});

test('an invalid cursor and a feedback with an unknown intent get 400, an unknown ticket gets 404', async () => {
  const cursor = await fetch(`${ticketsUrl()}?cursor=nonsense`);
  expect([cursor.status, problemSchema.parse(await cursor.json()).code]).toEqual([400, 'invalid-input']);
  const { ticketId } = await decide({ body: 'Where is my parcel?' });
  const unknown = await postJson(`${ticketsUrl()}/${ticketId}/feedback`, { intent: 'no/such-intent' });
  expect([unknown.status, problemSchema.parse(await unknown.json()).code]).toEqual([400, 'invalid-input']);
  const missing = await postJson(`${ticketsUrl()}/no-such-ticket/feedback`, { rating: 5 });
  expect(missing.status).toBe(404);
});

test('what is not HTTP gets status 400, and the connection is closed', async () => {
  const { hostname, port } = new URL(service.url);
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write('HELLO 1 2 3\r\n\r\n'));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('application/problem+json');
});

test('the service keeps working after fifty clients hung up early', async () => {
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      const hangUp = new AbortController();
      const request = fetch(`${ticketsUrl()}?wait=10s`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ body: 'My camera is offline.' }),
        signal: hangUp.signal,
      });
      setTimeout(() => hangUp.abort(), 5);
      await request.catch(() => {});
    }),
  );
});

test('a second process on the same folder is refused with the address of the first', async () => {
  service.app.announceUrl(service.url);
  const dataDir = service.app.store.location;
  const config = await loadConfig({ cwd: tmpdir(), env: {}, overrides: { dataDir, classifier: 'local' } });
  const opening = createApp({ config, onProgress: () => {}, logger: silentLogger });
  await expect(opening).rejects.toThrow(StoreLockedError);
  await expect(opening).rejects.toThrow(service.url);
});

test('every error of a taxonomy is named with file and line', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'switchboard-bad-'));
  try {
    const taxonomy = join(dir, 'taxonomy.yaml');
    writeFileSync(
      taxonomy,
      [
        'name: Broken',
        'intents:',
        '  - { id: orders, name: Orders, description: About orders, children: [',
        '      { id: orders/late, name: Late, description: Late orders },',
        '      { id: orders/late, name: Late again, description: Late orders },',
        '      { id: returns/late, name: Elsewhere, description: Not below orders } ] }',
      ].join('\n'),
    );
    const config = await loadConfig({ cwd: dir, env: {}, value: { taxonomy, examples: [], classifier: 'local' } });
    const opening = createApp({ config, onProgress: () => {}, logger: silentLogger });
    await expect(opening).rejects.toMatchObject({ code: 'invalid-configuration' });
    await expect(opening).rejects.toThrow(`${taxonomy}:5: `);
    await expect(opening).rejects.toThrow(`${taxonomy}:6: `);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
