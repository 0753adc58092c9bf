import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleClassification, sampleDecision } from '../testing/sample-values.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { eraseLines } from './erase-lines.ts';
import { createFileConnector } from './file/create-file-connector.ts';

const request = (ticketId: string, reasoning = 'Closest to “my parcel”') => ({
  ticket: { id: ticketId, body: 'Where is it?' },
  classification: sampleClassification({ reasoning }),
  owner: null,
  based: null,
  note: '',
  decision: sampleDecision({ id: `d-${ticketId}` }),
});

async function openOutbox() {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'outbox/desk.jsonl');
  const connect = () => createFileConnector({ name: 'desk', dataDir: folder.path, settings: {} });
  return {
    path,
    connect,
    /** Writes these tickets' decisions. */
    async fill(ticketIds: readonly string[]) {
      const connector = connect();
      for (const id of ticketIds) await connector.deliver(request(id, `The words of ${id}`));
      await connector.close?.();
    },
    read: async () => (await readFile(path, 'utf8')).split('\n').filter((line) => line !== ''),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test('the lines of erased tickets keep their position and decision id, and nothing else', async () => {
  await using outbox = await openOutbox();
  await outbox.fill(['one', 'two', 'three']);
  const before = await outbox.read();
  const connector = outbox.connect();
  await connector.erase?.({ ticketIds: ['two', 'never'] });
  await connector.close?.();
  const after = await outbox.read();
  expect(after.map((line) => JSON.parse(line))).toEqual([
    JSON.parse(before[0] ?? ''),
    { decisionId: 'd-two', erased: true },
    JSON.parse(before[2] ?? ''),
  ]);
  expect(after.map((line) => Buffer.byteLength(line))).toEqual(before.map((line) => Buffer.byteLength(line)));
  expect(await readFile(outbox.path, 'utf8')).not.toContain('The words of two');
  expect(await eraseLines({ path: outbox.path, ticketIds: new Set(['two']) })).toBe(0);
});

test('lines that this or another process appends during an erasure stay', async () => {
  await using outbox = await openOutbox();
  await outbox.fill(['one', 'two']);
  const [own, other] = [outbox.connect(), outbox.connect()];
  const wanted = Array.from({ length: 40 }, (_, i) => `more-${i}`);
  await Promise.all([
    ...wanted.map((id, i) => (i % 2 === 0 ? own : other).deliver(request(id))),
    own.erase?.({ ticketIds: ['one'] }),
    other.erase?.({ ticketIds: ['two'] }),
  ]);
  await Promise.all([own.close?.(), other.close?.()]);
  const lines = (await outbox.read()).map((line): { decisionId: string; erased?: true } => JSON.parse(line));
  expect(lines.filter(({ erased }) => erased).map(({ decisionId }) => decisionId)).toEqual(['d-one', 'd-two']);
  const kept = lines.filter(({ erased }) => !erased).map(({ decisionId }) => decisionId);
  expect(kept.toSorted()).toEqual(wanted.map((id) => `d-${id}`).toSorted());
});

test('a decision whose line was erased is not written again', async () => {
  await using outbox = await openOutbox();
  await outbox.fill(['one']);
  const connector = outbox.connect();
  await connector.erase?.({ ticketIds: ['one'] });
  await connector.deliver(request('one'));
  await connector.close?.();
  expect(await outbox.read()).toHaveLength(1);
});

test('a line that was only partly overwritten before a crash is overwritten fully', async () => {
  await using outbox = await openOutbox();
  await outbox.fill(['one', 'two']);
  const [first = '', second] = await outbox.read();
  const mark = '{"decisionId":"d-one","erased":true}';
  const half = mark.padEnd(mark.length + 9) + first.slice(mark.length + 9);
  await writeFile(outbox.path, `${half}\n${second}\n`);
  expect(await eraseLines({ path: outbox.path, ticketIds: new Set() })).toBe(1);
  expect(await outbox.read()).toEqual([mark.padEnd(first.length), second]);
});

test('an incomplete line of an erased ticket is erased, at the end of the file or followed by others', async () => {
  await using outbox = await openOutbox();
  await outbox.fill(['one', 'two']);
  const size = Buffer.byteLength(await readFile(outbox.path));
  await truncate(outbox.path, size - 20);
  expect(await eraseLines({ path: outbox.path, ticketIds: new Set(['two']) })).toBe(1);
  await outbox.fill(['three']);
  expect(await eraseLines({ path: outbox.path, ticketIds: new Set(['two']) })).toBe(0);
  const lines = await outbox.read();
  expect(lines.map((line) => JSON.parse(line).decisionId)).toEqual(['d-one', 'd-two', 'd-three']);
  expect(await readFile(outbox.path, 'utf8')).not.toContain('The words of two');
});

test('lines of another format are found by their ticket id, and lines too short for the mark are blanked', async () => {
  await using outbox = await openOutbox();
  await outbox.fill(['one']);
  const foreign = '{ "team": "orders", "ticketId": "two", "note": "The words of two, written by hand" }';
  await appendFile(outbox.path, `${foreign}\nno JSON at all\n{"ticketId":"two"}\n`);
  expect(await eraseLines({ path: outbox.path, ticketIds: new Set(['two']) })).toBe(2);
  const text = await readFile(outbox.path, 'utf8');
  expect(text).toContain('\nno JSON at all\n');
  expect(text).not.toContain('two');
});

test('a file much longer than one read is searched completely', async () => {
  await using outbox = await openOutbox();
  await outbox.fill(['one']);
  const [line = ''] = await outbox.read();
  const of = (i: number) => line.replaceAll('one', `n-${i}`).replace('The words', `${'ü'.repeat(300)} words`);
  await writeFile(outbox.path, Array.from({ length: 3_000 }, (_, i) => `${of(i)}\n`).join(''));
  const ticketIds = new Set(Array.from({ length: 300 }, (_, i) => `n-${i * 10}`));
  expect(await eraseLines({ path: outbox.path, ticketIds })).toBe(300);
  const lines = (await outbox.read()).map((text): { erased?: true; ticketId?: string } => JSON.parse(text));
  expect(lines).toHaveLength(3_000);
  expect(lines.filter(({ erased }) => erased)).toHaveLength(300);
  expect(lines.some(({ ticketId = '' }) => ticketIds.has(ticketId))).toBe(false);
});

test('a missing file is no error', async () => {
  await using outbox = await openOutbox();
  await outbox.connect().erase?.({ ticketIds: ['one'] });
  expect(await eraseLines({ path: outbox.path, ticketIds: new Set(['one']) })).toBe(0);
});
