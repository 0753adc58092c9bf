// The whole app, as `serve` and `work` use it. On PostgreSQL (TEST_DATABASE_URL) also two of them on one database.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { createApp, createDecider } from '../src/app.ts';
import { findOpenEntries } from '../src/base/private-files.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { sharedFieldsSchema } from '../src/connectors/connector-settings.ts';
import { ConfigurationError, StoreLockedError } from '../src/errors.ts';
import type { HistoryEntry } from '../src/store/store.ts';
import { createTestDatabase, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { createShopDir } from './cli-harness.ts';

const actor = { kind: 'token', id: 'api' } as const;

// Opening a new store and training an engine take seconds each, and longer on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const billing = 'Why is there an extra charge on my credit card?';

async function openShop(options: { dir: string; databaseUrl?: string; dataDir?: string }) {
  const { dir, databaseUrl, dataDir } = options;
  const env = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
  const config = await loadConfig({ cwd: dir, env, overrides: dataDir === undefined ? {} : { dataDir } });
  return createApp({ config });
}
type App = Awaited<ReturnType<typeof openShop>>;

/** Resolves with the first history entry of this event of this ticket. */
function waitFor(app: App, ticketId: string, event: HistoryEntry['event']): Promise<HistoryEntry> {
  return new Promise((resolve) => {
    const stop = app.events.subscribe({
      afterSeq: 0,
      onEvent: (entry) => {
        if (entry.ticketId !== ticketId || entry.event !== event) return;
        resolve(entry);
        queueMicrotask(() => stop());
      },
    });
  });
}

test('a decider says which engine it uses and why, decides a ticket, and delivers nothing', async () => {
  using dir = createShopDir();
  const config = await loadConfig({ cwd: dir.path, env: {} });
  const decider = await createDecider({ config });
  expect(decider.engine).toMatchObject({ kind: 'local', why: 'no ANTHROPIC_API_KEY: embedded engine' });
  const result = await decider.route({ body: billing });
  expect(result).toMatchObject({
    classification: { intent: 'billing', stage: 'local' },
    decision: { mode: 'auto' },
    delivery: { state: 'skipped' },
  });
  expect(result.ticketId).toMatch(/^t-/);
  await decider.close();
});

test('a ticket goes from intake to its line in the file, and health shows each state', async () => {
  using dir = createShopDir();
  const app = await openShop({ dir: dir.path });
  const before = await app.health();
  expect(before).toMatchObject({ ready: true, worker: { running: false }, queue: { ok: true, waiting: 0 } });
  await app.intake({ connector: 'api', actor, ticket: { id: 't-1', body: billing } });
  expect(await app.health()).toMatchObject({ queue: { waiting: 1 } });
  await app.startWorker();
  await waitFor(app, 't-1', 'delivered');
  expect(await app.health()).toMatchObject({ worker: { running: true }, queue: { waiting: 0 } });
  const record = await app.store.tickets.getRecord('t-1');
  expect(record).toMatchObject({ classification: { intent: 'billing' }, delivery: { state: 'delivered' } });
  const line = JSON.parse(readFileSync(join(dir.path, '.switchboard/outbox/api.jsonl'), 'utf8'));
  expect(line).toMatchObject({ ticketId: 't-1', decisionId: record?.decision?.id, team: record?.decision?.team });
  // Store, model and outbox contain tickets, so no other account may read them.
  expect(await findOpenEntries(join(dir.path, '.switchboard'))).toEqual([]);
  await app.close();
});

test('an app without an engine accepts tickets, trains nothing, and decides nothing', async () => {
  using dir = createShopDir({ hasModel: false });
  const app = await createApp({ config: await loadConfig({ cwd: dir.path, env: {} }), hasEngine: false });
  const { ticketId } = await app.intake({ connector: 'api', actor, ticket: { body: billing } });
  expect(await app.store.tickets.getRecord(ticketId)).toMatchObject({ state: 'received' });
  expect(await app.health()).toMatchObject({ ready: true, worker: { running: false }, queue: { waiting: 1 } });
  expect(app.engine.why).toContain('none in this process');
  await expect(app.route({ body: billing })).rejects.toMatchObject({ code: 'no-engine' });
  await expect(app.startWorker()).rejects.toMatchObject({ code: 'no-engine' });
  // A correction is stored for the workers.
  await app.feedback({ ticketId, feedback: { intent: 'billing' }, actor });
  expect(await app.store.examples.ofTicket(ticketId)).toHaveLength(1);
  await app.close();
  expect(existsSync(join(dir.path, '.switchboard/models'))).toBe(false);
});

test.skipIf(!process.env.TEST_PROCESSES)(
  'examples under a former id of an intent are learned, and those under unknown intents are reported',
  async () => {
    using dir = createShopDir();
    const gizmo = 'The gizmo hums in F sharp whenever the moon is full.';
    const first = await openShop({ dir: dir.path });
    const { examples: before } = await first.health();
    await first.store.examples.upsert([
      { example: { id: 'old-1', body: gizmo, intent: 'sending-back' }, source: 'import' },
      { example: { id: 'old-2', body: 'Goodbye', intent: 'farewells' }, source: 'import' },
    ]);
    expect(await first.health()).toMatchObject({
      examples: before,
      unknownIntents: { 'sending-back': 1, farewells: 1 },
    });
    await first.close();

    const file = join(dir.path, 'taxonomy.yaml');
    const taxonomy = JSON.parse(readFileSync(file, 'utf8'));
    taxonomy.intents.find(({ id }: { id: string }) => id === 'returns').aliases = ['sending-back'];
    writeFileSync(file, JSON.stringify(taxonomy));
    const second = await openShop({ dir: dir.path });
    expect(second.unusedExamples).toContain('1 stored example is not used');
    expect(second.unusedExamples).toContain('farewells (1)');
    expect(await second.health()).toMatchObject({ examples: before + 1, unknownIntents: { farewells: 1 } });
    const { classification } = await second.route({ body: gizmo });
    expect(classification.nearestExamples[0]).toMatchObject({ id: 'old-1', intent: 'returns' });
    await second.close();
  },
);

test.skipIf(!process.env.TEST_PROCESSES)(
  'a correction is used by the next classification and after a restart, and never quoted',
  async () => {
    using dir = createShopDir();
    const odd = 'The gizmo hums in F sharp whenever the moon is full. Ottilie Brandauer, DE89 3704 0044 0532 0130 00';
    const first = await openShop({ dir: dir.path });
    await first.intake({ connector: 'api', actor, ticket: { id: 't-1', body: odd } });
    await first.feedback({ ticketId: 't-1', feedback: { intent: 'returns', by: 'ana' }, actor });
    const alike = 'The gizmo hums in F sharp whenever the moon is full.';
    await expect
      .poll(async () => (await first.route({ body: alike })).classification.nearestExamples[0], { timeout: 10_000 })
      .toMatchObject({ id: expect.stringContaining('feedback:t-1:'), intent: 'returns' });
    const { classification } = await first.route({ body: alike });
    await first.close();
    const second = await openShop({ dir: dir.path });
    const again = await second.route({ body: alike });
    expect(again.classification.nearestExamples[0]).toMatchObject({
      id: expect.stringContaining('feedback:t-1:'),
      intent: 'returns',
    });
    expect(again.classification.reasoning).toMatch(/closest to an earlier ticket \(similarity/);
    expect(JSON.stringify([classification, again])).not.toMatch(/Ottilie|Brandauer|DE89/);
    expect((await second.route({ body: billing })).classification.reasoning).toMatch(/^For [^:]+: closest to “/);
    await second.close();
  },
);

// Opens the store three times, so it needs TEST_PROCESSES.
test.skipIf(!process.env.TEST_PROCESSES)(
  'a second app on the same folder is refused with the address of the first, until that one closes',
  async () => {
    using dir = createShopDir();
    const first = await openShop({ dir: dir.path });
    first.announceUrl('http://127.0.0.1:3999');
    const refused = await openShop({ dir: dir.path }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreLockedError);
    expect(refused).toMatchObject({ ownerUrl: 'http://127.0.0.1:3999' });
    await first.close();
    const second = await openShop({ dir: dir.path });
    await second.close();
  },
);

test('an unknown connector type is a configuration error, and leaves the folder unlocked', async () => {
  using dir = createShopDir();
  const config = await loadConfig({ cwd: dir.path, env: {} });
  const settings = { ...config.settings, connectors: { desk: { ...sharedFieldsSchema.parse({}), type: 'pigeon' } } };
  const attempt = createApp({ config: { ...config, settings } });
  await expect(attempt).rejects.toBeInstanceOf(ConfigurationError);
  await (await openShop({ dir: dir.path })).close();
});

describe.skipIf(testDatabaseUrl === null)('two processes on one PostgreSQL', () => {
  test('one accepts tickets, the other decides them and learns what the first was taught', async () => {
    using dir = createShopDir();
    const { databaseUrl, drop } = await createTestDatabase();
    const open = (name: string) => openShop({ dir: dir.path, databaseUrl, dataDir: join(dir.path, name) });
    const [door, worker] = await Promise.all([open('door'), open('worker')]);
    await worker.startWorker();
    const ids = Array.from({ length: 20 }, (_, index) => `t-${index}`);
    await Promise.all(ids.map((id) => door.intake({ connector: 'api', actor, ticket: { id, body: billing } })));
    await Promise.all(ids.map((id) => waitFor(door, id, 'delivered')));

    const odd = 'The gizmo hums in the key of F sharp whenever the moon is full';
    await door.intake({ connector: 'api', actor, ticket: { id: 'odd', body: odd } });
    await door.feedback({ ticketId: 'odd', feedback: { intent: 'returns' }, actor });
    await expect
      .poll(async () => (await worker.route({ body: odd })).classification.nearestExamples[0]?.id, { timeout: 10_000 })
      .toMatch(/^feedback:odd:/);

    const imported = { id: 'imported', body: 'A lullaby for the letterbox, in Esperanto', intent: 'returns' };
    await door.importExamples({ examples: [imported], actor });
    await expect
      .poll(async () => (await worker.route(imported)).classification.nearestExamples[0]?.id, { timeout: 10_000 })
      .toBe('imported');
    await Promise.all([door.close(), worker.close()]);
    await drop();
  });
});
