import { appendFile, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findOpenEntries } from '../../base/private-files.ts';
import { ConnectorError } from '../../errors.ts';
import { describeConnector } from '../../testing/connector-suite.ts';
import { sampleClassification, sampleDecision } from '../../testing/sample-values.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { createDecisionFile } from '../decision-file.ts';
import { createFileConnector } from './create-file-connector.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'switchboard-file-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const connect = () => createFileConnector({ name: 'desk', dataDir, settings: {} });
const outbox = () => join(dataDir, 'outbox/desk.jsonl');
const readLines = async () =>
  (await readFile(outbox(), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line): { decisionId: string } => JSON.parse(line));
const request = (id: string) => ({
  ticket: { id: `t-${id}`, body: 'the words of the customer' },
  classification: sampleClassification(),
  owner: null,
  based: null,
  note: '',
  decision: sampleDecision({ id }),
});

test('a line has the ticket, the team and the mode, but not the text of the customer', async () => {
  const connector = connect();
  expect(await connector.deliver(request('d-1'))).toMatchObject({ state: 'delivered' });
  await connector.close?.();
  expect(await readLines()).toMatchObject([{ decisionId: 'd-1', ticketId: 't-d-1', team: 'orders', mode: 'auto' }]);
  expect(await readFile(outbox(), 'utf8')).not.toContain('the words of the customer');
  expect(await findOpenEntries(dataDir)).toEqual([]);
});

test('a decision is written once, whether repeated at the same time, later or after a restart', async () => {
  const first = connect();
  await Promise.all([first.deliver(request('d-1')), first.deliver(request('d-1')), first.deliver(request('d-2'))]);
  await first.deliver(request('d-2'));
  await first.close?.();
  const second = connect();
  await second.deliver(request('d-1'));
  await second.deliver(request('d-3'));
  await second.close?.();
  expect((await readLines()).map((line) => line.decisionId)).toEqual(['d-1', 'd-2', 'd-3']);
});

test('a decision that another process wrote in the meantime is not written again', async () => {
  const [one, other] = [connect(), connect()];
  await one.deliver(request('d-1'));
  await other.deliver(request('d-2'));
  await one.deliver(request('d-2'));
  await other.deliver(request('d-1'));
  await one.close?.();
  await other.close?.();
  expect((await readLines()).map((line) => line.decisionId)).toEqual(['d-1', 'd-2']);
});

test('a line that a crash left incomplete stays, and its decision is written again', async () => {
  const first = connect();
  await first.deliver(request('d-1'));
  await first.close?.();
  await appendFile(outbox(), '{"decisionId":"d-2","ticketId":"zü');
  const second = connect();
  await second.deliver(request('d-2'));
  await second.deliver(request('d-3'));
  await second.close?.();
  const lines = (await readFile(outbox(), 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[1]).toBe('{"decisionId":"d-2","ticketId":"zü');
  expect([2, 3].map((index) => JSON.parse(lines[index] ?? '').decisionId)).toEqual(['d-2', 'd-3']);
});

test('a file that cannot be written is a retryable error', async () => {
  await writeFile(join(dataDir, 'outbox'), 'a file where the folder should be');
  const error = await connect()
    .deliver(request('d-1'))
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectorError);
  expect(error).toMatchObject({ retryable: true, connector: 'desk' });
});

describe('a long file', () => {
  const path = () => join(dataDir, 'long.jsonl');
  const lineOf = (id: string) => ({ decisionId: id, because: 'ü'.repeat(40) });
  const idsIn = async () =>
    (await readFile(path(), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).decisionId);

  test('is remembered only for its last lines, so memory does not grow with the file', async () => {
    const file = createDecisionFile(path(), { maxIds: 3 });
    for (const id of ['d-1', 'd-2', 'd-3', 'd-4']) expect(await file.append(lineOf(id))).toBe(true);
    expect(await file.append(lineOf('d-2'))).toBe(false);
    expect(await file.append(lineOf('d-4'))).toBe(false);
    expect(await file.append(lineOf('d-1'))).toBe(true);
    await file.close();
  });

  test('is read from near its end after a restart, and a decision found there is not written again', async () => {
    const first = createDecisionFile(path());
    for (const id of ['d-1', 'd-2', 'd-3']) await first.append(lineOf(id));
    await first.close();
    // The part that is read begins in the middle of a line and of a letter.
    const lineBytes = Buffer.byteLength(`${JSON.stringify(lineOf('d-1'))}\n`);
    const second = createDecisionFile(path(), { tailBytes: 2 * lineBytes + 11 });
    expect(await second.append(lineOf('d-2'))).toBe(false);
    expect(await second.append(lineOf('d-3'))).toBe(false);
    expect(await second.append(lineOf('d-4'))).toBe(true);
    await second.close();
    expect(await idsIn()).toEqual(['d-1', 'd-2', 'd-3', 'd-4']);
  });

  test('is created again when it was moved away, and decisions of other processes in the new file count', async () => {
    const [one, other] = [createDecisionFile(path()), createDecisionFile(path())];
    await one.append(lineOf('d-1'));
    await rename(path(), `${path()}.1`);
    await other.append(lineOf('d-2'));
    expect(await one.append(lineOf('d-2'))).toBe(false);
    expect(await one.append(lineOf('d-3'))).toBe(true);
    await Promise.all([one.close(), other.close()]);
    expect(await idsIn()).toEqual(['d-2', 'd-3']);
  });

  test('is read from its beginning when it was emptied in place', async () => {
    const [one, other] = [createDecisionFile(path()), createDecisionFile(path())];
    await one.append(lineOf('d-1'));
    await truncate(path(), 0);
    await other.append({ decisionId: 'd-2' });
    expect(await one.append(lineOf('d-2'))).toBe(false);
    await Promise.all([one.close(), other.close()]);
  });
});

describeConnector('the file connector', async () => {
  const folder = await temporaryFolder();
  const open = () => createFileConnector({ name: 'desk', dataDir: folder.path, settings: {} });
  const connector = open();
  let tickets = 0;
  return {
    connector,
    connect: async () => open(),
    unknownId: 'none',
    createTicket: async () => `t-${++tickets}`, // it only writes, so there is nothing to make
    async writesOf(externalId) {
      const text = await readFile(join(folder.path, 'outbox/desk.jsonl'), 'utf8').catch(() => '');
      return text.split('\n').filter((line) => line.includes(`"${externalId}"`));
    },
    async [Symbol.asyncDispose]() {
      await connector.close?.();
      await folder[Symbol.asyncDispose]();
    },
  };
});
